"""The changes of each thing together, in the order in which people look: the model, its forms, decisions, tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bpm.engine.differences.model import Change, Difference
from bpm.foundation.texts import _

How = Literal["added", "changed", "removed"]
_ORDER = ("process", "element", "flow", "lane", "message", "signal", "error", "escalation", "form", "decision", "tests",
          "trigger", "setting")  # fmt: skip
_LONG = 80
"""Letters from which before and after stand below each other and not in a line."""


@dataclass(frozen=True)
class Line:
    """One property that differs."""

    what: str
    words: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        return "\n" in f"{self.before}{self.after}" or max(len(self.before), len(self.after)) > _LONG


@dataclass(frozen=True)
class Group:
    """One thing and all that differs in it."""

    how: How
    kind: str
    """In words."""
    name: str
    element: str
    was: str
    """Its id in the older model, where that is another."""
    lines: tuple[Line, ...]
    is_model: bool
    """Whether it is to be found on the drawing."""


def groups_of(found: Difference) -> tuple[Group, ...]:
    """What is added, changed and removed, each thing once; ids that alone are new stand at the end."""
    groups = [*_changed(found.changed)]
    groups += [_whole("added", each) for each in found.added] + [_whole("removed", each) for each in found.removed]
    return tuple(sorted(groups, key=lambda each: (_only_id(each), _place(each))))


def _changed(changes: tuple[Change, ...]) -> Iterator[Group]:
    together: dict[tuple[str, str, str], list[Change]] = {}
    for each in changes:
        together.setdefault((each.kind, each.name, each.element), []).append(each)
    for (kind, name, element), found in together.items():
        was = next((each.before for each in found if each.property == _("id")), element)
        lines = tuple(Line(each.property, each.words, _text(each.before), _text(each.after)) for each in found)
        yield Group("changed", kind_in_words(kind), name, element, was, lines, _is_model(kind))


def _whole(how: How, each: Change) -> Group:
    said = _text(each.after if how == "added" else each.before)
    lines = tuple(Line("", part, "", "") for part in said.split("; ")) if said else ()
    return Group(how, kind_in_words(each.kind), each.name, each.element, each.element, lines, _is_model(each.kind))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _is_model(kind: str) -> bool:
    return kind in _ORDER[: _ORDER.index("form")]


def _only_id(group: Group) -> bool:
    return bool(group.lines) and all(line.what == _("id") for line in group.lines)


def _place(group: Group) -> int:
    return next((place for place, kind in enumerate(_ORDER) if kind_in_words(kind) == group.kind), len(_ORDER))


def kind_in_words(kind: str) -> str:
    """What kind of thing it is, as people say it."""
    words = {
        "element": _("Element"), "flow": _("Flow"), "process": _("Process"), "lane": _("Lane"),
        "message": _("Message"), "signal": _("Signal"), "error": _("Error"), "escalation": _("Escalation"),
        "form": _("Form"), "tests": _("Test"), "decision": _("Decision"), "trigger": _("Trigger"),
        "setting": _("Setting"),
    }  # fmt: skip
    return words.get(kind, kind.capitalize())


def summary(found: Difference) -> str:
    """How many things changed, in a line."""
    if found.same:
        return _("Nothing differs.")
    groups = groups_of(found)
    counts = {how: sum(1 for each in groups if each.how == how) for how in ("changed", "added", "removed")}
    words = {"changed": _("changed"), "added": _("added"), "removed": _("removed")}
    told = [f"{number} {words[how]}" for how, number in counts.items() if number]
    told += [_("%(number)s not compared") % {"number": len(found.not_compared)}] if found.not_compared else []
    return ", ".join(told) + "."
