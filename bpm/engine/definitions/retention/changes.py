"""Keeping less is deleting: it is asked for with a reason, waits, may be stopped, and of much needs a second person.

1. To keep longer, or for ever, takes effect at once. To keep less is written down with what would go at that moment,
   and waits for EARSHOT_RETENTION_GRACE_HOURS; a newer wish for the same version takes an older one's place.
2. While it waits anybody who may deploy stops it, or confirms it; nobody confirms their own.
3. When its hour has come the sweep counts anew: above EARSHOT_RETENTION_CONFIRM_ABOVE cases it goes on waiting until
   somebody else has confirmed it. Each of these goes on the audit trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, select, update

from bpm import attachments, audit
from bpm.engine.definitions.retention.spent import GOES, INSTANCE, is_over
from bpm.engine.models import ProcessDefinition, ProcessVersion, RetentionChange
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.status import RetentionStatus
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity import Permission, demand

VERSION = cast("Table", ProcessVersion.__table__)
CHANGE = cast("Table", RetentionChange.__table__)

MOST_DAYS = 36_500
"""Days: a hundred years."""
WORDS: Mapping[str, str] = {
    "work_item": "tasks", "failure": "failures", "job": "jobs", "event_subscription": "waits for events",
    "step_record": "steps on record", "task_comment": "comments", "task_hand_over": "hand-overs",
    "case_watch": "people who follow a case",
}  # fmt: skip
"""Table -> what its rows are to people."""


@dataclass(frozen=True)
class Loss:
    """What would be erased now."""

    cases: int
    records: Mapping[str, int]
    """Kind in words -> how many."""
    oldest: datetime | None
    """When the first of the cases ended."""
    newest: datetime | None

    def as_json(self) -> dict[str, Any]:
        ends = {"oldest": self.oldest, "newest": self.newest}
        told = {name: at.isoformat() if at else None for name, at in ends.items()}
        return {"cases": self.cases, **dict(self.records), **told}


def loss_of(work: Work, version_id: int, days: int | None) -> Loss:
    """What of the version's ended cases is older than so many days now; nothing for None."""
    if days is None:
        return Loss(0, {}, None, None)
    here = is_over(version_id, work.now() - timedelta(days=days))
    ended = INSTANCE.c.ended_at
    cases, oldest, newest = work.session.execute(
        select(func.count(), func.min(ended), func.max(ended)).where(*here)
    ).one()
    ids = select(INSTANCE.c.id).where(*here)
    records = {
        WORDS[table.name]: work.session.scalar(
            select(func.count()).select_from(table).where(table.c.instance_id.in_(ids))
        )
        or 0
        for table in GOES
    }
    records["attached files"] = attachments.count(work, "case", ids)
    return Loss(cases, records, oldest, newest)


def set_retention(work: Work, version_id: int, days: int | None, *, reason: str = "") -> RetentionChange | None:
    """Keep ended instances of the version for that many days, or with None for ever.

    Gives the change that waits when less is kept than now (InvalidInputError without a reason), None where it is done.
    """
    demand(work.actor, Permission.DEPLOY)
    if days is not None and not 1 <= days <= MOST_DAYS:
        say = _("Give whole days from 1 to %(most)s, or nothing to keep them for ever.") % {"most": MOST_DAYS}
        problem = _("Instances cannot be kept for %(days)s days.") % {"days": days}
        raise InvalidInputError(problem, remedy=say, fields={"days": say})
    now = work.session.execute(
        select(VERSION.c.keep_for_days).where(VERSION.c.id == version_id).with_for_update()
    ).first()
    if now is None:
        raise NotFoundError(_("There is no process version %(id)s.") % {"id": version_id})
    replaced = update(CHANGE).where(CHANGE.c.version_id == version_id, CHANGE.c.status == RetentionStatus.WAITING)
    work.session.execute(replaced.values(status=RetentionStatus.REPLACED, decided_at=work.now()))
    if days is None or (now.keep_for_days is not None and days >= now.keep_for_days):
        _write(work, version_id, days)
        _note(work, "set", version_id, now.keep_for_days, days, reason=reason)
        return None
    return _ask(work, version_id, now.keep_for_days, days, reason=demand_reason(reason))


def _ask(work: Work, version_id: int, before: int | None, days: int, *, reason: str) -> RetentionChange:
    loss = loss_of(work, version_id, days)
    change = RetentionChange(
        version_id=version_id,
        from_days=before,
        to_days=days,
        reason=reason,
        loss=loss.as_json(),
        asked_by=work.actor.user_id,
        asked_by_name=work.actor.display_name,
        asked_at=work.now(),
        due_at=work.now() + timedelta(hours=work.settings.retention_grace_hours),
        status=RetentionStatus.WAITING,
    )
    work.session.add(change)
    work.session.flush()
    _note(work, "ask", version_id, before, days, reason=reason, would_go=loss.as_json())
    work.nudge("definitions")
    return change


def stop_retention(work: Work, change_id: int) -> RetentionChange:
    """Let everything be kept as it is; anybody who may deploy may say so. ConflictError when it is decided already."""
    change = _take(work, change_id)
    change.status, change.decided_at = RetentionStatus.STOPPED, work.now()
    change.decided_by = work.actor.display_name
    _note(work, "stop", change.version_id, change.to_days, change.from_days, reason=change.reason)
    return change


def confirm_retention(work: Work, change_id: int) -> RetentionChange:
    """A second person agrees; it still waits for its hour. ForbiddenError for whoever asked for it."""
    change = _take(work, change_id)
    if (change.asked_by, change.asked_by_name) == (work.actor.user_id, work.actor.display_name):
        raise ForbiddenError(
            _("You asked for this yourself."), remedy=_("Somebody else who may deploy has to confirm it.")
        )
    change.confirmed_by, change.confirmed_at = work.actor.display_name, work.now()
    _note(work, "confirm", change.version_id, change.from_days, change.to_days, reason=change.reason)
    return change


def needs_confirmation(work: Work, change: RetentionChange) -> bool:
    """Whether so much would go now that a second person has to agree, and none has."""
    if change.confirmed_at is not None:
        return False
    return loss_of(work, change.version_id, change.to_days).cases > work.settings.retention_confirm_above


def waiting_change(work: Work, version_id: int) -> RetentionChange | None:
    """The change that waits for this version."""
    query = select(RetentionChange).where(
        RetentionChange.version_id == version_id, RetentionChange.status == RetentionStatus.WAITING
    )
    return work.session.scalar(query)


def apply_due_changes(transactions: Transactions) -> None:
    """Let changes whose hour has come, and that are confirmed where they need it, take effect."""
    with transactions.reading() as work:
        due = (CHANGE.c.status == RetentionStatus.WAITING, CHANGE.c.due_at <= work.now())
        ids = list(work.session.scalars(select(CHANGE.c.id).where(*due).order_by(CHANGE.c.id).limit(20)))
    for change_id in ids:
        with transactions() as work:
            _apply(work, change_id)


def _apply(work: Work, change_id: int) -> None:
    change = work.session.get_one(RetentionChange, change_id, with_for_update=True)
    if change.status != RetentionStatus.WAITING or needs_confirmation(work, change):
        return
    change.status, change.decided_at = RetentionStatus.APPLIED, work.now()
    _write(work, change.version_id, change.to_days)
    _note(work, "apply", change.version_id, change.from_days, change.to_days, reason=change.reason)


def _take(work: Work, change_id: int) -> RetentionChange:
    demand(work.actor, Permission.DEPLOY)
    change = work.session.get(RetentionChange, change_id, with_for_update=True)
    if change is None:
        raise NotFoundError(_("There is no change of retention %(id)s.") % {"id": change_id})
    if change.status != RetentionStatus.WAITING:
        raise ConflictError(
            _("This change of retention was %(status)s already.") % {"status": change.status},
            remedy=_("Nothing was changed; look again."),
        )
    return change


def _write(work: Work, version_id: int, days: int | None) -> None:
    affected(work, update(VERSION).where(VERSION.c.id == version_id).values(keep_for_days=days))
    work.nudge("definitions")


def _note(
    work: Work, verb: str, version_id: int, before: int | None, after: int | None, *, reason: str, **more: Any
) -> None:
    name = work.session.execute(
        select(ProcessDefinition.name, VERSION.c.number)
        .join(VERSION, VERSION.c.definition_id == ProcessDefinition.id)
        .where(VERSION.c.id == version_id)
    ).first()
    words = f"{name[0]}, version {name[1]}" if name else ""
    thing = audit.Thing("version", version_id, words)
    said = {"days": after, **more}
    audit.record(work, f"retention.{verb}", thing, before={"days": before}, after=said, reason=reason)
