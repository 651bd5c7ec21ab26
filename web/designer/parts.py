"""What a version is made of beside its elements, part by part: kept, changed, added or removed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bpm.engine.api import Difference, Part
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


PARTS = frozenset({"form", "tests", "trigger", "setting", "documentation"})


def part_rows(found: Difference, files: Mapping[str, str], missing: Sequence[Part]) -> tuple[PartRow, ...]:
    """One row for each part, those that change first.

    `files` are the decision files with what becomes of each, `missing` the parts that were not sent.
    """
    removable = {(part.kind, part.name): str(part) for part in missing}
    rows = [row for sort in SORTS for row in (*_rows(sort, found, removable), *_files(sort, files, removable))]
    return tuple(rows)


def _rows(sort: Sort, found: Difference, removable: Mapping[tuple[str, str], str]) -> Iterator[PartRow]:
    changes = [each for each in getattr(found, sort) if each.kind in PARTS]
    for kind, name in dict.fromkeys((each.kind, each.name) for each in changes):
        of_part = [each for each in changes if (each.kind, each.name) == (kind, name)]
        details = tuple(f"{each.property}: {each.words}" for each in of_part if each.property)
        shown = of_part[0].after if kind == "setting" else name
        yield PartRow(sort, kind, shown, details, removable.get((kind, name), ""))


def _files(sort: Sort, files: Mapping[str, str], removable: Mapping[tuple[str, str], str]) -> Iterator[PartRow]:
    for name, its in files.items():
        if its == sort:
            yield PartRow(sort, "decision", name, (), removable.get(("decision", name), ""))
