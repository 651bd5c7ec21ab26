"""What changed since it was summed, read once for as many figures as one piece of work asks for."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.processes.changes.finding import find_changes
from bpm.processes.changes.marks import MEASURES, Changes, Piece
from bpm.processes.measures.models import MeasuredDay, MeasureDue
from bpm.processes.measures.rollups.pieces import WHOLE

Told = TypeVar("Told")
Touched = dict[date, set[Piece]]
"""{day: its pieces that changed}; `WHOLE` among them: its rows have to be read."""


@dataclass(frozen=True)
class Changed:
    """Days whose kept sums may be wrong, of all versions and of the whole company."""

    work: Work
    counted: dict[tuple[datetime, datetime], list[Any]] = field(default_factory=dict)
    """{[since, until): what was heard in it}, of periods that were asked for already."""
    known: dict[Hashable, Any] = field(default_factory=dict)
    """What was read once already, by a name of it."""

    @cached_property
    def changes(self) -> Changes:
        """Everything that changed since the marks."""
        return find_changes(self.work, tell=MEASURES)

    @cached_property
    def _days(self) -> Mapping[int, Touched] | None:
        return changed_days(self.work, None, self)

    def once(self, name: Hashable, read: Callable[[], Told]) -> Told:
        """What `read` gives; the second time what it gave the first time."""
        if name not in self.known:
            self.known[name] = read()
        found: Told = self.known[name]
        return found

    def of(self, version_id: int) -> Touched | None:
        """Those of a version; None: too many rows came in to tell, or nothing is kept."""
        return None if self._days is None else self._days.get(version_id, {})


def changed_days(work: Work, version_id: int | None, book: Changed | None = None) -> dict[int, Touched] | None:
    """{version: days whose kept sums may be wrong}, of one version or of all; None: too many came in, none is kept."""
    if work.session.scalar(select(MeasuredDay.day).limit(1)) is None:
        return None
    changes = book.changes if book else find_changes(work, tell=MEASURES)
    if changes.more:
        return None
    due = select(MeasureDue.version_id, MeasureDue.day, MeasureDue.kind, MeasureDue.number)
    if version_id is not None:
        due = due.where(MeasureDue.version_id == version_id)
    touched = {(at, piece) for at, some in changes.pieces.items() for piece in some}
    touched |= {((version, day), (kind, number)) for version, day, kind, number in work.session.execute(due)}
    in_pieces = {
        (row[0], row[1])
        for row in work.session.execute(select(MeasuredDay.version_id, MeasuredDay.day).where(MeasuredDay.in_pieces))
    }
    found: dict[int, Touched] = {}
    for (version, day), piece in touched:
        here = found.setdefault(version, {}).setdefault(day, set())
        here.add(piece if (version, day) in in_pieces else WHOLE)
    return found
