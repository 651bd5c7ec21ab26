"""What one row of a log tells, before it is kept. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_NAME = 300
"""Characters of an activity."""
LONGEST_KEY = 400
"""Characters of a case's key."""


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
    warnings: tuple[str, ...] = ()

    @property
    def placed_at(self) -> datetime | None:
        return self.started_at or self.completed_at

    @property
    def is_visit(self) -> bool:
        return not self.reason and not self.ignored


def to_plain(row: LogRow) -> list[Any]:
    """As the child sends it."""
    return [
        row.place, row.case, row.activity, row.started_at, row.completed_at, row.version, row.group, row.customer,
        row.reason, row.ignored, row.warnings,
    ]  # fmt: skip


def from_plain(sent: list[Any]) -> LogRow:
    """As it was before it was sent."""
    return LogRow(
        place=sent[0], case=sent[1], activity=sent[2], started_at=_instant(sent[3]), completed_at=_instant(sent[4]),
        version=sent[5], group=sent[6], customer=sent[7], reason=sent[8], ignored=sent[9], warnings=tuple(sent[10]),
    )  # fmt: skip


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
