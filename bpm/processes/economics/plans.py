"""Plans of cost as they are kept: the one that holds, those before it with who changed what, and a new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.processes.economics.plan import CostPlan, as_plain, demand_usable, plan_of
from bpm.processes.models import CostPlanRow

LONGEST_REASON = 400
LISTED = 50


@dataclass(frozen=True)
class PlanVersion:
    """A plan that held from `at` on until the next; `number` counts from 1."""

    number: int
    plan: CostPlan
    reason: str
    by: str
    at: datetime


def get_plan(work: Work, *, number: int | None = None) -> CostPlan:
    """The plan that holds, or the one of that number; an empty one before anybody made any."""
    query = select(CostPlanRow.plan).order_by(CostPlanRow.id.desc()).limit(1)
    if number is not None:
        query = query.where(CostPlanRow.id == number)
    stored = work.session.scalar(query)
    return CostPlan() if stored is None else plan_of(stored)


def list_plans(work: Work) -> tuple[PlanVersion, ...]:
    """The newest first, at most fifty."""
    rows = work.session.execute(
        select(CostPlanRow, User.display_name)
        .outerjoin(User, User.id == CostPlanRow.user_id)
        .order_by(CostPlanRow.id.desc())
        .limit(LISTED)
    )
    return tuple(PlanVersion(row.id, plan_of(row.plan), row.reason, name or "", row.at) for row, name in rows)


def save_plan(work: Work, plan: CostPlan, *, reason: str) -> int:
    """Let a plan hold from now on; its number. For managers, with a reason; InvalidInputError for one of no use."""
    demand(work.actor, Permission.SIGN)
    why = reason_of(reason)
    demand_usable(plan)
    before, after = as_plain(get_plan(work)), as_plain(plan)
    row = CostPlanRow(plan=after, reason=why, user_id=work.actor.user_id, at=work.now())
    work.session.add(row)
    work.session.flush()
    audit.record(work, "cost.plan", audit.Thing("cost plan", row.id), before=before, after=after, reason=why)
    return row.id


def reason_of(text: str) -> str:
    """Why something was changed, or InvalidInputError."""
    why = text.strip()
    if not why or len(why) > LONGEST_REASON:
        say = _("Say why, in at most 400 characters; colleagues read it.")
        raise InvalidInputError(_("Nothing was changed."), remedy=say, fields={"reason": say})
    return why
