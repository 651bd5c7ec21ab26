"""How the imports stand: which wait or run for too long, how many failed, which items broke their reading."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bpm.feedback.models import FeedbackItem, ImportRun
from bpm.feedback.status import UNFINISHED_IMPORTS, ImportStatus
from bpm.foundation.work import Work

LONGEST = timedelta(hours=1)
"""How long an uploaded file may wait and be read before it is called standing."""


@dataclass(frozen=True)
class ImportState:
    """`standing`: a sentence for each run that does not come to an end; `unread`: items that broke their reading."""

    standing: list[str]
    failed: int
    unread: int


def examine_imports(work: Work) -> ImportState:
    """The runs that a worker has to do and has not, and what was set aside."""
    query = (
        select(ImportRun.id, ImportRun.file_name, ImportRun.status, ImportRun.created_at, ImportRun.done_rows)
        .where(ImportRun.status.in_(UNFINISHED_IMPORTS), ImportRun.created_at < work.now() - LONGEST)
        .order_by(ImportRun.id)
        .limit(20)
    )
    standing = [
        f"import {row.id} ({row.file_name}) is {row.status} since {row.created_at:%Y-%m-%d %H:%M} UTC, "
        f"{row.done_rows} rows done: the next row may break its reader"
        for row in work.session.execute(query)
    ]
    failed = work.session.scalar(select(func.count()).where(ImportRun.status == ImportStatus.FAILED)) or 0
    unread = work.session.scalar(select(func.count()).where(FeedbackItem.unread_because.is_not(None))) or 0
    return ImportState(standing, failed, unread)
