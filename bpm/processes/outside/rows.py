"""What one row of a log tells, before it is kept. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bpm.foundation.texts import _

LONGEST_NAME = 300
"""Characters of an activity."""
LONGEST_KEY = 400
"""Characters of a case's key."""
LONGEST = {"version": 80, "group": 200, "customer": 320}
"""Characters of what else a row tells; the rest is cut, and said."""


@dataclass(frozen=True)
class LogRow:
    """A visit, or why there is none: `reason` (it does not fit) or `ignored` (it is none), at `place` of the file."""

    place: str
    case: str = ""
    activity: str = ""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    version: str = ""
    group: str = ""
    customer: str = ""
    reason: str = ""
    ignored: str = ""
    note: str = ""
    """No row at all: what is to be said of the file as a whole."""
    warnings: tuple[str, ...] = ()

    @property
    def placed_at(self) -> datetime | None:
        return self.started_at or self.completed_at

    @property
    def is_visit(self) -> bool:
        return not self.reason and not self.ignored and not self.note


def fitted(row: LogRow) -> LogRow:
    """The row as it can be kept: cut with a warning, or with the reason why nobody knows whose visit of what it is."""
    for what, value, longest in (("case", row.case, LONGEST_KEY), ("activity", row.activity, LONGEST_NAME)):
        if not value:
            return replace(row, reason=_("It has no %(what)s.") % {"what": what})
        if len(value) > longest:
            problem = _("Its %(what)s is longer than %(longest)s characters.") % {"what": what, "longest": longest}
            return replace(row, case=row.case[:LONGEST_KEY], activity=row.activity[:LONGEST_NAME], reason=problem)
    for what, longest in LONGEST.items():
        value = getattr(row, what)
        if len(value) > longest:
            told = _("Its %(what)s was cut after %(longest)s characters.") % {"what": what, "longest": longest}
            row = replace(row, warnings=(*row.warnings, told), **{what: value[:longest]})
    return row


def to_plain(row: LogRow) -> list[Any]:
    """As the child sends it."""
    return [
        row.place, row.case, row.activity, row.started_at, row.completed_at, row.version, row.group, row.customer,
        row.reason, row.ignored, row.note, row.warnings,
    ]  # fmt: skip


def from_plain(sent: list[Any]) -> LogRow:
    """As it was before it was sent."""
    return LogRow(
        place=sent[0], case=sent[1], activity=sent[2], started_at=_instant(sent[3]), completed_at=_instant(sent[4]),
        version=sent[5], group=sent[6], customer=sent[7], reason=sent[8], ignored=sent[9], note=sent[10],
        warnings=tuple(sent[11]),
    )  # fmt: skip


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
