"""What the record knows of a response, and the grade that it gives with what people said of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, func, select

from bpm.feedback.incidents.grading import BY_KEY, MOST, Facts, Grade, grade_response
from bpm.feedback.incidents.reading import IncidentDetail, UpdateRow
from bpm.feedback.incidents.records import get_incident, note, put_on_trail
from bpm.feedback.models import Classification, FeedbackItem, IncidentGrade, IncidentItem, IncidentTold, IncidentUpdate
from bpm.feedback.status import ToldStatus, UpdateKind, WorkaroundStatus
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

ITEM = cast("Table", FeedbackItem.__table__)
CLAIM = cast("Table", Classification.__table__)
LINK = cast("Table", IncidentItem.__table__)
TOLD = cast("Table", IncidentTold.__table__)
UPDATE = cast("Table", IncidentUpdate.__table__)


def give_points(work: Work, incident_id: int, side: str, points: int, why: str = "") -> None:
    """A person says how one side of the response was; the newest counts."""
    demand(work.actor, Permission.ANSWER)
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can grade a response."), remedy=_("Sign in."))
    incident = get_incident(work, incident_id)
    if side not in BY_KEY or not 0 <= points <= MOST:
        raise InvalidInputError(_("There is no such side, or no such points."), remedy=_("Choose one of the rubric."))
    row = IncidentGrade(
        incident_id=incident_id, side=side, points=points, why=why.strip()[:400], user_id=work.actor.user_id,
        at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    told = {"side": BY_KEY[side].label, "points": points, "words": BY_KEY[side].levels[points]}
    note(work, incident, "grade", _("%(side)s: %(points)s of 4, %(words)s") % told)
    put_on_trail(work, "grade", incident, before={side: None}, after={side: points}, reason=row.why)


def get_grade(work: Work, detail: IncidentDetail) -> Grade:
    """How the incident was responded to: by what people said, else by the record."""
    rows = work.session.scalars(
        select(IncidentGrade).where(IncidentGrade.incident_id == detail.row.id).order_by(IncidentGrade.id)
    )
    return grade_response(facts_of(work, detail), {row.side: (row.points, row.why) for row in rows})


def facts_of(work: Work, detail: IncidentDetail) -> Facts:
    """The facts of one incident, counted."""
    row, updates = detail.row, detail.updates
    fixed = detail.watching_at or (row.resolved_at if detail.is_over else None)
    made, kept = kept_promises(updates, ended_at=row.resolved_at, now=work.now())
    told = (
        select(func.count(func.distinct(TOLD.c.person)))
        .join(UPDATE, UPDATE.c.id == TOLD.c.update_id)
        .where(UPDATE.c.incident_id == row.id, TOLD.c.status == ToldStatus.TOLD)
    )
    return Facts(
        acknowledged_after=row.acknowledged_after,
        fixed_after=None if fixed is None else fixed - row.began_at,
        named=any(each.kind == UpdateKind.ACKNOWLEDGEMENT and each.next_at for each in updates),
        linked=row.people,
        told=work.session.scalar(told) or 0,
        public_posts=sum(each.is_public for each in updates),
        promises=made,
        promises_kept=kept,
        workarounds=sum(each.status != WorkaroundStatus.REFUSED for each in detail.workarounds),
        shared=sum(each.shared_in is not None for each in detail.workarounds),
        credited=sum(each.shared_in is not None and bool(each.credited_name) for each in detail.workarounds),
        over=detail.is_over,
        told_when_over=any(each.kind == UpdateKind.ALL_CLEAR for each in updates),
        last_mood=_last_mood(work, detail),
    )


def _last_mood(work: Work, detail: IncidentDetail) -> float | None:
    """Mean sentiment of what those who are linked said after it was over."""
    if detail.row.resolved_at is None:
        return None
    linked = (
        select(ITEM.c.customer_id)
        .join(LINK, LINK.c.item_id == ITEM.c.id)
        .where(LINK.c.incident_id == detail.row.id, LINK.c.removed_at.is_(None))
    )
    return work.session.scalar(
        select(func.avg(CLAIM.c.sentiment))
        .join(ITEM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current))
        .where(ITEM.c.current, ITEM.c.customer_id.in_(linked), ITEM.c.placed_at > detail.row.resolved_at)
    )


def kept_promises(updates: Sequence[UpdateRow], *, ended_at: datetime | None, now: datetime) -> tuple[int, int]:
    """(promises that came due, of these those after which the next word, or the end, came in time)."""
    ordered = sorted(updates, key=lambda each: each.id)
    made = kept = 0
    for place, each in enumerate(ordered):
        later = [after.approved_at for after in ordered[place + 1 :]] + ([ended_at] if ended_at else [])
        following = min(later, default=None)
        if each.next_at is None or (following is None and each.next_at > now):
            continue
        made += 1
        kept += following is not None and following <= each.next_at
    return made, kept
