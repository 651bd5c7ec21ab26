"""What was not sent is carried over from the version that is live; a part goes only where somebody says so.

Parts are a form by its key, a test case by its id, a decision file and a trigger by their names, and `README.md`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.received.reader import Received
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

PartKind = Literal["form", "tests", "decision", "trigger"]
KINDS: tuple[PartKind, ...] = ("form", "tests", "decision", "trigger")
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, order=True)
class Part:
    """One part of a bundle beside its model; written `form:name`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def carry_over(live: Bundle | None, came: Received, removed: Collection[Part] = ()) -> Bundle:
    """The bundle of the next version: what came, and of the live version what did not come and is not removed.

    InvalidInputError where no model came and none is live.
    """
    source, file_name = came.source, came.file_name
    if source is None:
        if live is None:
            raise InvalidInputError(
                _("There is no BPMN file in what you sent."),
                remedy=_("Send the model with it, or name the process whose live version has it."),
            )
        source, file_name = live.source, live.file_name
    before = live or Bundle(file_name, source, {}, {}, ())
    gone = {kind: {part.name for part in removed if part.kind == kind} for kind in KINDS}
    return Bundle(
        file_name=file_name,
        source=source,
        forms={**_without(before.forms, gone["form"]), **came.forms},
        decisions={**_without(before.decisions, gone["decision"]), **came.decisions},
        tests=_merged(before.tests, came.tests, gone["tests"], "id"),
        triggers=_merged(before.triggers, came.triggers, gone["trigger"], "name"),
    )


def _without(parts: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if name not in gone}


def _merged(before: Rows, came: Rows, gone: Collection[str], by: str) -> tuple[Mapping[str, Any], ...]:
    """Rows in the order of the live version, each as it came where it came; new ones after them."""
    new = _named(came, by)
    kept = {name: new.get(name, row) for name, row in _named(before, by).items() if name in new or name not in gone}
    return tuple({**kept, **new}.values())


def _named(rows: Rows, by: str) -> dict[str, Mapping[str, Any]]:
    """Rows by name; one without a name goes by its number."""
    word = _("case") if by == "id" else _("trigger")
    return {str(row.get(by) or f"{word} {number}"): row for number, row in enumerate(rows, 1)}


def parts_of(bundle: Bundle) -> list[Part]:
    """Every part of a bundle beside its model."""
    return [
        *(Part("form", name) for name in bundle.forms),
        *(Part("tests", name) for name in _named(bundle.tests, "id")),
        *(Part("decision", name) for name in bundle.decisions),
        *(Part("trigger", name) for name in _named(bundle.triggers, "name")),
    ]


def missing_from(came: Received, live: Bundle | None) -> list[Part]:
    """Parts of the live version that are not in what came: carried over unless they are removed."""
    if live is None:
        return []
    own = Bundle("", b"", came.forms, came.decisions, came.tests, came.triggers)
    there = set(parts_of(own))
    return [part for part in parts_of(live) if part not in there]


def parts_named(names: Iterable[str], missing: Sequence[Part]) -> list[Part]:
    """The parts to be removed, from `form:name` or the bare name; InvalidInputError names what is not there.

    Only what did not come can be removed: what came is what the sender wants.
    """
    found: list[Part] = []
    for name in names:
        meant = [part for part in missing if name in (str(part), part.name)]
        if len(meant) != 1:
            raise _unclear(name, meant, missing)
        found += meant
    return found


def _unclear(name: str, meant: Sequence[Part], missing: Sequence[Part]) -> InvalidInputError:
    if meant:
        listed = ", ".join(map(str, meant))
        return InvalidInputError(
            _("%(name)r names several parts.") % {"name": name}, remedy=_("Name one of %(parts)s.") % {"parts": listed}
        )
    listed = ", ".join(map(str, missing)) or _("nothing")
    return InvalidInputError(
        _("There is no part %(name)r that could be removed.") % {"name": name},
        remedy=_("What the live version has and was not sent: %(parts)s.") % {"parts": listed},
    )
