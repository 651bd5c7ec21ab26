"""What happens by plan: a question begins, guards are checked, looks are taken when they are due, effects again later.

1. A registered plan runs from its start on.
2. A look is due when as many cases of each version were watched for the window as its place among the looks says, or
   on the last day. Each is taken once. The first that says something, or the last one, ends the reading.
3. Guards are checked every hour; what crosses its bound pauses the rollout and tells the owners.
4. After 30, 90 and 180 days it is looked whether the effect lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from bpm import notices
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes import rollouts
from bpm.processes.models import Improvement, ImprovementOwner
from bpm.processes.ownership.models import ProcessOwner
from bpm.processes.rollouts import RolloutStatus
from bpm.processes.verdicts.arms import count_cases
from bpm.processes.verdicts.comparing import DAY
from bpm.processes.verdicts.guarding import GuardReading, keep_guards, read_guards
from bpm.processes.verdicts.looking import FOLLOW_UPS, take_follow_up, take_planned
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.plans import get_plan_row, last_day, take_up_rollout
from bpm.processes.verdicts.status import LookKind, PlanDesign, PlanState, Said

log = logger(__name__)

EVERY = timedelta(hours=1)
AT_ONCE = 20
AT_ITS_END = (PlanDesign.SERIES, PlanDesign.BEFORE_AFTER)


def sweep_verdicts(unit_of_work: Transactions) -> int:
    """Do what is due of some plans; gives how many looks were taken.

    Outcomes are read in a transaction that holds nobody up; what was read is kept in one that is short.
    """
    taken = 0
    for plan_id in _due(unit_of_work):
        try:
            with unit_of_work() as work:
                _begin(work, get_plan_row(work, plan_id))
            with unit_of_work.reading() as work:
                found = _read(work, get_plan_row(work, plan_id))
            with unit_of_work() as work:
                taken += _keep(work, get_plan_row(work, plan_id), found)
        except EarshotError as error:
            log.info("a plan of a verdict was left", plan=plan_id, because=str(error))
    return taken


def _due(unit_of_work: Transactions) -> Sequence[int]:
    with unit_of_work.reading() as work:
        long_ago = work.now() - EVERY
        checked = or_(VerdictPlan.checked_at.is_(None), VerdictPlan.checked_at <= long_ago, _waits_for_rollout())
        return work.session.scalars(
            select(VerdictPlan.id)
            .where(VerdictPlan.state != PlanState.WITHDRAWN, VerdictPlan.starts_at <= work.now(), checked)
            .where(VerdictPlan.starts_at > work.now() - (FOLLOW_UPS[-1] + 400) * DAY)
            .order_by(VerdictPlan.checked_at.is_not(None), VerdictPlan.checked_at, VerdictPlan.id)
            .limit(AT_ONCE)
        ).all()


def _waits_for_rollout() -> ColumnElement[bool]:
    running = VerdictPlan.state.in_((PlanState.REGISTERED, PlanState.RUNNING))
    return and_(running, VerdictPlan.design == PlanDesign.RANDOMISED, VerdictPlan.rollout_id.is_(None))


def _begin(work: Work, row: VerdictPlan) -> None:
    row.checked_at = work.now()
    if row.design is PlanDesign.RANDOMISED and row.rollout_id is None:
        take_up_rollout(work, row)
    if row.state is PlanState.REGISTERED:
        row.state, row.state_at = PlanState.RUNNING, work.now()


@dataclass(frozen=True)
class _Found:
    """What was read of a plan and is to be kept."""

    guards: Sequence[GuardReading] = ()
    look: VerdictLook | None = None
    follow_ups: Sequence[VerdictLook] = ()


def _read(work: Work, row: VerdictPlan) -> _Found:
    guards: Sequence[GuardReading] = ()
    look = None
    if row.state is PlanState.RUNNING:
        guards = read_guards(work, row)
        number = due_look(work, row)
        look = take_planned(work, row, number) if number else None
    return _Found(guards, look, [take_follow_up(work, row, days) for days in _due_follow_ups(work, row)])


def _keep(work: Work, row: VerdictPlan, found: _Found) -> int:
    """How many looks were kept; those that another process took meanwhile are left."""
    why = keep_guards(work, row, found.guards)
    if why:
        pause_rollout(work, row, why)
        tell(work, row, _("Paused: %(why)s") % {"why": why})
    kept = [each for each in (found.look, *found.follow_ups) if each is not None and not _is_kept(work, each)]
    for each in kept:
        work.session.add(each)
        work.session.flush()
        planned = each.kind == LookKind.PLANNED
        if planned and (each.verdict != Said.NOT_SHOWN or each.number >= row.looks):
            row.state, row.state_at = PlanState.READ, work.now()
        if not planned or row.state is PlanState.READ:
            tell(work, row, each.sentence)
    return len(kept)


def _is_kept(work: Work, look: VerdictLook) -> bool:
    same = (VerdictLook.plan_id == look.plan_id, VerdictLook.kind == look.kind, VerdictLook.number == look.number)
    return work.session.scalar(select(VerdictLook.id).where(*same)) is not None


def pause_rollout(work: Work, row: VerdictPlan, why: str) -> None:
    """The rollout gives the candidate to nobody any more, where one is running."""
    if row.rollout_id is None:
        return
    if rollouts.get_rollout(work, row.rollout_id).rollout.status == RolloutStatus.RUNNING:
        rollouts.pause(work, row.rollout_id, why)


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
    there = min(count_cases(work, row, until=work.now() - row.window_days * DAY))
    reached = min(row.looks, there * row.looks // row.per_arm)
    return reached if reached > taken else 0


def _due_follow_ups(work: Work, row: VerdictPlan) -> list[int]:
    """Days of the follow-ups whose cases were all watched; none before the verdict was read."""
    if row.state not in (PlanState.READ, PlanState.DECIDED):
        return []
    done = set(
        work.session.scalars(
            select(VerdictLook.number).where(VerdictLook.plan_id == row.id, VerdictLook.kind == LookKind.FOLLOW_UP)
        )
    )
    over = row.starts_at + row.window_days * DAY
    return [days for days in FOLLOW_UPS if days not in done and work.now() >= over + days * DAY]


def tell(work: Work, row: VerdictPlan, words: str) -> None:
    """Whoever registered it, whoever owns the improvement and the joint owners of the process are told."""
    of_improvement = ImprovementOwner.improvement_id == row.improvement_id
    of_process = (ProcessOwner.definition_key == row.definition_key, ProcessOwner.ended_at.is_(None))
    people = {
        row.registered_by,
        *work.session.scalars(select(Improvement.owner_id).where(Improvement.id == row.improvement_id)),
        *work.session.scalars(select(ImprovementOwner.user_id).where(of_improvement)),
        *work.session.scalars(select(ProcessOwner.user_id).where(*of_process)),
    }
    notices.raise_for(
        work, {each for each in people if each is not None}, "verdict", f"{row.title}: {words}",
        f"/insights/verdicts/{row.id}", about=("verdict plan", row.id), key=f"verdict-{row.id}",
    )  # fmt: skip
