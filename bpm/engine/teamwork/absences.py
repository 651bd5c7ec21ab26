"""Absences with a deputy: planned by the person, in force by themselves from their first instant to their last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, or_, select

from bpm.engine.events import AbsenceTurned
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Absence
from bpm.engine.work_items.access import person_of
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, actor_of, get_user, may
from bpm.identity.models import User

AWAY = cast("Table", User.__table__).alias("away")
DEPUTY = cast("Table", User.__table__).alias("deputy")
AT_ONCE = 200


@dataclass(frozen=True)
class AbsenceRow:
    """An absence that is to come or in force."""

    id: int
    user_id: int
    name: str
    deputy_id: int
    deputy: str
    from_at: datetime
    until_at: datetime
    is_on: bool


@dataclass(frozen=True)
class OfferedTask:
    """A task of somebody who is away, as their deputy sees it."""

    id: int
    name: str
    whose: str
    created_at: datetime
    due_at: datetime | None


def plan_absence(work: Work, deputy_id: int, from_at: datetime, until_at: datetime) -> int:
    """The actor is away from `from_at` until `until_at`, and the deputy stands in; gives the absence's id.

    Raises InvalidInputError with a message per field, ConflictError when another absence falls into that time.
    """
    person, fields = person_of(work), {}
    deputy = get_user(work, deputy_id)
    if deputy.id == person:
        fields["deputy"] = _("Choose somebody else than yourself.")
    elif not deputy.active or not may(actor_of(deputy), Permission.WORK):
        fields["deputy"] = _("%(name)s does not work on tasks.") % {"name": deputy.display_name}
    if until_at <= from_at:
        fields["until"] = _("Choose an end after the beginning.")
    elif until_at <= work.now():
        fields["until"] = _("Choose an end that is to come.")
    if fields:
        raise InvalidInputError(_("The absence was not saved."), remedy=" ".join(fields.values()), fields=fields)
    theirs = (Absence.user_id == person, Absence.until_at > work.now(), Absence.is_cancelled.is_(False))
    meanwhile = (Absence.from_at < until_at, Absence.until_at > from_at)
    if work.session.scalar(select(Absence.id).where(*theirs, *meanwhile).limit(1)):
        raise ConflictError(_("You are away then already."), remedy=_("End the other absence first."))
    absence = Absence(
        user_id=person, deputy_id=deputy.id, from_at=from_at, until_at=until_at, is_on=from_at <= work.now()
    )
    work.session.add(absence)
    work.session.flush()
    work.publish(AbsenceTurned(absence.id, "began" if absence.is_on else "planned"))
    work.nudge("work_items")
    return absence.id


def cancel_absence(work: Work, absence_id: int) -> None:
    """End one's own absence now, or before it begins."""
    absence = work.session.get(Absence, absence_id)
    if absence is None or absence.user_id != person_of(work) or absence.until_at <= work.now() or absence.is_cancelled:
        raise NotFoundError(_("There is no absence %(id)s of yours.") % {"id": absence_id})
    work.publish(AbsenceTurned(absence.id, "ended" if absence.is_on else "cancelled"))
    absence.is_on = False
    if absence.from_at < work.now():
        absence.until_at = work.now()
    else:
        absence.is_cancelled = True
    work.session.flush()
    work.nudge("work_items")


def sweep_absences(unit_of_work: Transactions) -> int:
    """Let absences begin and end at their time; how many did."""
    with unit_of_work.reading() as work:
        turned = list(work.session.scalars(_turning(work)))
    if turned:
        with unit_of_work() as work:
            for absence in work.session.scalars(select(Absence).where(Absence.id.in_(turned)).order_by(Absence.id)):
                is_on = absence.from_at <= work.now() < absence.until_at
                if absence.is_on != is_on:
                    absence.is_on = is_on
                    work.publish(AbsenceTurned(absence.id, "began" if is_on else "ended"))
            work.nudge("work_items")
    return len(turned)


def _turning(work: Work) -> Any:
    now = work.now()
    begins = and_(Absence.is_on.is_(False), Absence.from_at <= now, Absence.until_at > now)
    ends = and_(Absence.is_on, Absence.until_at <= now)
    return select(Absence.id).where(or_(begins, ends), Absence.is_cancelled.is_(False)).limit(AT_ONCE)


def _rows() -> Any:
    return (
        select(
            Absence.id, Absence.user_id, AWAY.c.display_name, Absence.deputy_id, DEPUTY.c.display_name,
            Absence.from_at, Absence.until_at, Absence.is_on,
        )
        .join(AWAY, AWAY.c.id == Absence.user_id)
        .join(DEPUTY, DEPUTY.c.id == Absence.deputy_id)
        .where(Absence.is_cancelled.is_(False))
    )  # fmt: skip


def list_offered(work: Work) -> tuple[OfferedTask, ...]:
    """Open tasks of those for whom the actor stands in, the oldest first."""
    query = (
        select(WorkItem.id, WorkItem.name, AWAY.c.display_name, WorkItem.created_at, WorkItem.due_at)
        .join(Absence, and_(Absence.user_id == WorkItem.assignee_id, Absence.is_on))
        .join(AWAY, AWAY.c.id == WorkItem.assignee_id)
        .where(Absence.deputy_id == work.actor.user_id, WorkItem.status == WorkItemStatus.OPEN)
        .order_by(WorkItem.id)
        .limit(AT_ONCE)
    )
    return tuple(OfferedTask(*row) for row in work.session.execute(query))


def list_absences(work: Work, user_id: int) -> tuple[AbsenceRow, ...]:
    """The person's absences that are not over, the next one first."""
    query = _rows().where(Absence.user_id == user_id, Absence.until_at > work.now()).order_by(Absence.from_at)
    return tuple(AbsenceRow(*row) for row in work.session.execute(query))


def standing_in_for(work: Work, user_id: int) -> tuple[AbsenceRow, ...]:
    """The absences of others in force in which the person stands in."""
    query = _rows().where(Absence.deputy_id == user_id, Absence.is_on).order_by(Absence.until_at)
    return tuple(AbsenceRow(*row) for row in work.session.execute(query))
