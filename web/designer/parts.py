"""What a version is made of beside its elements, part by part: kept, changed, added or removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bpm.engine.api import Change, Difference, Part
from bpm.foundation.texts import _

Sort = Literal["kept", "changed", "added", "removed"]
SORTS: tuple[Sort, ...] = ("changed", "added", "removed", "kept")


@dataclass(frozen=True)
class PartRow:
    """One part; `removable` is how its removal is asked for, "" where it came with the upload."""

    sort: Sort
    kind: str
    name: str
    details: tuple[str, ...]
    removable: str

    @property
    def what(self) -> str:
        """Its kind in words."""
        words = {
            "form": _("Form"),
            "tests": _("Test"),
            "decision": _("Decision file"),
            "trigger": _("Trigger"),
            "setting": _("Days that ended cases are kept"),
            "documentation": _("Description"),
        }
        return words.get(self.kind, self.kind)


PARTS = frozenset({"form", "tests", "decision", "trigger", "setting", "documentation"})


def part_rows(found: Difference, missing: Sequence[Part]) -> tuple[PartRow, ...]:
    """One row for each part, those that change first; `missing` are the parts that were not sent."""
    return tuple(_rows(found, {(part.kind, part.name): str(part) for part in missing}))


def _rows(found: Difference, missing: dict[tuple[str, str], str]) -> Iterator[PartRow]:
    for sort in SORTS:
        changes = [each for each in getattr(found, sort) if each.kind in PARTS]
        for kind, name in dict.fromkeys((each.kind, each.name) for each in changes):
            of_part = [each for each in changes if (each.kind, each.name) == (kind, name)]
            details = tuple(_detail(each) for each in of_part if each.property)
            shown = str(of_part[0].after) if kind == "setting" else name
            yield PartRow(sort, kind, shown, details, missing.get((kind, name), ""))


def _detail(change: Change) -> str:
    return f"{change.property}: {_short(change.before)} → {_short(change.after)}"


def _short(value: object) -> str:
    return "–" if value in (None, "") else str(value)[:200]
