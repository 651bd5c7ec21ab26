"""Import runs, saved mappings and webhook sources as screens show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from bpm.feedback.channels import FORMATS
from bpm.feedback.intake.deliveries import COUNTED_LATER
from bpm.feedback.models import FeedbackItem, ImportRowError, ImportRun, SavedMapping, WebhookSource
from bpm.feedback.status import UNFINISHED_IMPORTS, ImportStatus, RowErrorKind
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User


@dataclass(frozen=True)
class RunRow:
    """One import run; `share` is how much of the file is done, 0..1."""

    id: int
    file_name: str
    format: str
    channel: str
    source: str
    mapping: dict[str, Any]
    status: ImportStatus
    problem: str
    share: float
    done_rows: int
    new: int
    changed: int
    skipped: int
    failed: int
    known: int
    """Those of the skipped that were known already."""
    warned: int
    """Rows that came in without something that could not be used."""
    by: str
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None

    @property
    def rows(self) -> int:
        """Rows accounted for so far."""
        return self.new + self.changed + self.skipped + self.failed

    @property
    def left_out(self) -> int:
        """Rows that are nobody's voice, or in the file twice."""
        return self.skipped - self.known

    def place(self, row: int) -> str:
        """Where a row is, as people find it again: `row 3`, `line 7`, `message 12`."""
        form = FORMATS.get(self.format)
        return f"{form.unit if form else 'row'} {row}"

    @property
    def going(self) -> bool:
        """Whether the worker has it, or will have it next."""
        return self.status in UNFINISHED_IMPORTS


@dataclass(frozen=True)
class RowErrorRow:
    """A row that did not come in as it was."""

    id: int
    row: int
    kind: RowErrorKind
    reason: str
    raw: str
    taken_item_id: int | None
    """The item it became, by a person's word."""
    can_be_taken: bool
    """Whether a person can take it in all the same."""


@dataclass(frozen=True)
class MappingRow:
    """A mapping under its name."""

    id: int
    name: str
    format: str
    mapping: dict[str, str]
    created_at: datetime


@dataclass(frozen=True)
class WebhookRow:
    """A system that may hand in items; the secret is shown only when it is made."""

    id: int
    name: str
    key: str
    channel: str
    source: str
    active: bool


def _row(run: ImportRun, by: str | None) -> RunRow:
    share = (
        1.0
        if run.status == ImportStatus.DONE
        else min(1.0, run.done_bytes / run.total_bytes)
        if run.total_bytes
        else 0.0
    )
    return RunRow(
        id=run.id,
        file_name=run.file_name,
        format=run.format,
        channel=run.channel,
        source=run.source,
        mapping=run.mapping,
        status=run.status,
        problem=run.problem,
        share=share,
        done_rows=run.done_rows,
        new=run.new,
        changed=run.changed,
        skipped=run.skipped,
        failed=run.failed,
        known=run.known,
        warned=run.warned,
        by=by or (_("came in by itself") if run.day_key else _("the command line")),
        created_at=run.created_at,
        finished_at=run.finished_at,
        undone_at=run.undone_at,
    )


def list_runs(work: Work, *, limit: int = 50, after: int | None = None) -> list[RunRow]:
    """Runs, the newest first; `after` is the id of the last one seen."""
    older = [] if after is None else [ImportRun.id < after]
    found = work.session.execute(
        select(ImportRun, User.display_name)
        .outerjoin(User, User.id == ImportRun.created_by)
        .where(*older)
        .order_by(ImportRun.id.desc())
        .limit(limit)
    ).all()
    return _counted(work, [_row(*each) for each in found])


def _counted(work: Work, rows: list[RunRow]) -> list[RunRow]:
    """Runs of deliveries with what they brought, which their rows do not count."""
    ids = [row.id for row in rows if row.format in COUNTED_LATER]
    if not ids:
        return rows
    is_new = FeedbackItem.version == 1
    found = work.session.execute(
        select(FeedbackItem.import_run_id, is_new, func.count())
        .where(FeedbackItem.import_run_id.in_(ids))
        .group_by(FeedbackItem.import_run_id, is_new)
    )
    brought = {(run_id, bool(new)): count for run_id, new, count in found}
    return [
        replace(row, new=new, changed=changed, done_rows=new + changed) if row.id in ids else row
        for row in rows
        for new, changed in [(brought.get((row.id, True), 0), brought.get((row.id, False), 0))]
    ]


def get_run(work: Work, run_id: int) -> RunRow:
    """One run, or NotFoundError."""
    found = work.session.execute(
        select(ImportRun, User.display_name)
        .outerjoin(User, User.id == ImportRun.created_by)
        .where(ImportRun.id == run_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no import run {run_id}.")
    return _counted(work, [_row(*found)])[0]


def list_row_errors(
    work: Work, run_id: int, *, limit: int = 200, after: int | None = None, kinds: Sequence[str] = ()
) -> list[RowErrorRow]:
    """Rows of a run that did not come in as they were, in order; `after` is the id of the last one seen."""
    wanted = [ImportRowError.run_id == run_id]
    if after is not None:
        wanted.append(ImportRowError.id > after)
    if kinds:
        wanted.append(ImportRowError.kind.in_(kinds))
    found = work.session.execute(
        select(
            ImportRowError.id,
            ImportRowError.row,
            ImportRowError.kind,
            ImportRowError.reason,
            ImportRowError.raw,
            ImportRowError.taken_item_id,
            and_(ImportRowError.item.is_not(None), ImportRowError.taken_item_id.is_(None)),
        )
        .where(*wanted)
        .order_by(ImportRowError.id)
        .limit(limit)
    )
    return [RowErrorRow(*each) for each in found]


def count_set_aside(work: Work) -> int:
    """Records of files that stopped their reader and are not read again."""
    wanted = select(func.count()).select_from(ImportRowError).where(ImportRowError.kind == "set_aside")
    return work.session.scalar(wanted) or 0


def list_mappings(work: Work) -> list[MappingRow]:
    """Saved mappings by name."""
    found = work.session.scalars(select(SavedMapping).order_by(SavedMapping.name))
    return [_mapping(row) for row in found]


def find_mapping(work: Work, name: str) -> MappingRow | None:
    """The saved mapping of that name."""
    row = work.session.scalar(select(SavedMapping).where(SavedMapping.name == name))
    return _mapping(row) if row else None


def _mapping(row: SavedMapping) -> MappingRow:
    return MappingRow(row.id, row.name, row.format, dict(row.mapping), row.created_at)


def list_webhooks(work: Work) -> list[WebhookRow]:
    """Systems that may hand in items, by name."""
    found = work.session.scalars(select(WebhookSource).order_by(WebhookSource.name))
    return [WebhookRow(row.id, row.name, row.key, row.channel, row.source, row.active) for row in found]


def find_webhook(work: Work, key: str) -> WebhookRow | None:
    """The system behind a webhook's address."""
    row = work.session.scalar(select(WebhookSource).where(WebhookSource.key == key))
    return WebhookRow(row.id, row.name, row.key, row.channel, row.source, row.active) if row else None
