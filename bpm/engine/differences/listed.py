"""Test cases compared case by case and step by step, triggers by their names."""

from collections.abc import Mapping, Sequence
from typing import Any

from bpm.engine.differences.json_values import ROW, STEP, changes_between, joined, tree_of
from bpm.engine.differences.model import Change, Difference, Kind
from bpm.engine.differences.trees import Way
from bpm.foundation.texts import _

_WORDS = {
    STEP: _("step"), ROW: _("row"), "inputs": _("given"), "rules": _("rules"),
    "steps": _("steps"), "vars": _("values"), "expect": _("expected"), "do": _("act"),
    "@order": _("order"), "item": "",
}  # fmt: skip
_HIDDEN = frozenset({"steps", "rows", "item"})


def compare_tests(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Difference:
    """Cases by their ids; the order of cases has no meaning, that of steps has."""
    return _compare("tests", _named(before, "id", _("case")), _named(after, "id", _("case")))


def compare_triggers(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Difference:
    """Triggers by their names."""
    return _compare("trigger", _named(before, "name", _("trigger")), _named(after, "name", _("trigger")))


def _named(values: Sequence[Mapping[str, Any]], key: str, word: str) -> dict[str, Mapping[str, Any]]:
    """Each under its name, one without or of a taken one under its number."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, value in enumerate(values, 1):
        name = str(value.get(key) or f"{word} {number}")
        found[name if name not in found else f"{name} ({word} {number})"] = value
    return found


def _compare(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    changed: list[Change] = []
    kept: list[Change] = []
    for name in (each for each in after if each in before):
        old, new = tree_of(dict(before[name])), tree_of(dict(after[name]))
        found = list(changes_between(old, new, kind=kind, name=name, label=_label))
        changed += found
        kept += [] if found else [Change(kind, name)]
    return Difference(
        kept=tuple(kept),
        changed=tuple(changed),
        added=tuple(_whole(kind, name, each, came=True) for name, each in after.items() if name not in before),
        removed=tuple(_whole(kind, name, each, came=False) for name, each in before.items() if name not in after),
    )


def _label(way: Way) -> str:
    return joined(way, _WORDS, hidden=_HIDDEN).strip(", ") or _("contents")


def _whole(kind: Kind, name: str, value: Mapping[str, Any], *, came: bool) -> Change:
    steps = value.get("steps")
    told = _("%(number)s steps") % {"number": len(steps)} if isinstance(steps, list) else str(value.get("action", ""))
    text = told or name
    return Change(kind, name, "", "" if came else text, text if came else "", "", text)
