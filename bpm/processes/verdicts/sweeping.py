"""What happens by plan: a question begins, guards are checked, looks are taken when they are due, effects again later.

1. A registered plan runs from its start on.
2. A look is due when as many cases of each version were watched for the window as its place among the looks says, or
   on the last day. Each is taken once. The first that says something, or the last one, ends the reading.
3. Guards are checked every hour; what crosses its bound pauses the rollout and tells the owners.
4. After 30, 90 and 180 days it is looked whether the effect lasts.
"""

from datetime import timedelta

from sqlalchemy import func, or_, select

from bpm import notices
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes import rollouts
from bpm.processes.models import Improvement
from bpm.processes.rollouts import RolloutStatus
from bpm.processes.verdicts.comparing import DAY
from bpm.processes.verdicts.gathering import arm_cases
from bpm.processes.verdicts.guarding import check_guards
from bpm.processes.verdicts.looking import FOLLOW_UPS, looks_done, ripe_counts, take_follow_up, take_planned
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.plans import get_plan_row, last_day
from bpm.processes.verdicts.status import LookKind, PlanDesign, PlanState, Said

log = logger(__name__)

EVERY = timedelta(hours=1)
AT_ONCE = 20
AT_ITS_END = (PlanDesign.SERIES, PlanDesign.BEFORE_AFTER)


def sweep_verdicts(unit_of_work: Transactions) -> int:
    """Do what is due of some plans, each in a transaction of its own; gives how many looks were taken."""
    with unit_of_work.reading() as work:
        due = work.session.scalars(
            select(VerdictPlan.id)
            .where(VerdictPlan.state != PlanState.WITHDRAWN, VerdictPlan.starts_at <= work.now())
            .where(VerdictPlan.starts_at > work.now() - (FOLLOW_UPS[-1] + 400) * DAY)
            .where(or_(VerdictPlan.checked_at.is_(None), VerdictPlan.checked_at <= work.now() - EVERY))
            .order_by(VerdictPlan.id)
            .limit(AT_ONCE)
        ).all()
    taken = 0
    for plan_id in due:
        try:
            with unit_of_work() as work:
                taken += advance(work, plan_id)
        except EarshotError as error:
            log.info("a plan of a verdict was left", plan=plan_id, because=str(error))
    return taken


def advance(work: Work, plan_id: int) -> int:
    """Do what is due of one plan; gives how many looks were taken."""
    row = get_plan_row(work, plan_id)
    row.checked_at = work.now()
    if row.state is PlanState.REGISTERED and row.starts_at <= work.now():
        row.state, row.state_at = PlanState.RUNNING, work.now()
    taken = 0
    if row.state is PlanState.RUNNING:
        _guard(work, row)
        taken += _look_if_due(work, row)
    return taken + _follow_up_if_due(work, row)


def _guard(work: Work, row: VerdictPlan) -> None:
    why = check_guards(work, row)
    if why:
        pause_rollout(work, row, why)
        tell(work, row, _("Paused: %(why)s") % {"why": why})


def pause_rollout(work: Work, row: VerdictPlan, why: str) -> None:
    """The rollout gives the candidate to nobody any more, where one is running."""
    if row.rollout_id is None:
        return
    if rollouts.get_rollout(work, row.rollout_id).rollout.status == RolloutStatus.RUNNING:
        rollouts.pause(work, row.rollout_id, why)


def _look_if_due(work: Work, row: VerdictPlan) -> int:
    number = due_look(work, row)
    if not number:
        return 0
    look = take_planned(work, row, number)
    if look.verdict != Said.NOT_SHOWN or number >= row.looks:
        row.state, row.state_at = PlanState.READ, work.now()
        tell(work, row, look.sentence)
    return 1


def due_look(work: Work, row: VerdictPlan) -> int:
    """Which of the planned looks is due now; 0 where none is."""
    over = work.now().date() > last_day(work, row)
    newest = select(func.max(VerdictLook.number)).where(
        VerdictLook.plan_id == row.id, VerdictLook.kind == LookKind.PLANNED
    )
    taken = work.session.scalar(newest) or 0
    if taken >= row.looks:
        return 0
    if over or row.design in AT_ITS_END:
        return row.looks if over else 0
    cases = arm_cases(work, row, until=work.now())
    there = min(ripe_counts(cases, row.window_days * DAY, at=work.now()))
    reached = min(row.looks, there * row.looks // row.per_arm)
    return reached if reached > taken else 0


def _follow_up_if_due(work: Work, row: VerdictPlan) -> int:
    done = set(
        work.session.scalars(
            select(VerdictLook.number).where(VerdictLook.plan_id == row.id, VerdictLook.kind == LookKind.FOLLOW_UP)
        )
    )
    read = looks_done(work, row, LookKind.PLANNED)
    over = row.starts_at + row.window_days * DAY
    due = [days for days in FOLLOW_UPS if days not in done and work.now() >= over + days * DAY]
    if not due or (not read and row.state is PlanState.RUNNING):
        return 0
    for days in due:
        tell(work, row, take_follow_up(work, row, days).sentence)
    return len(due)


def tell(work: Work, row: VerdictPlan, words: str) -> None:
    """Whoever registered it and whoever owns the improvement are told."""
    owner = work.session.scalar(select(Improvement.owner_id).where(Improvement.id == row.improvement_id))
    people = {each for each in (row.registered_by, owner) if each is not None}
    notices.raise_for(
        work, people, "verdict", f"{row.title}: {words}", f"/insights/verdicts/{row.id}",
        about=("verdict plan", row.id), key=f"verdict-{row.id}",
    )  # fmt: skip
