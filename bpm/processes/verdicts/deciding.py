"""What people decide after a verdict: by the rule one person is enough, against it a second one signs."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.rollouts import Advice
from bpm.processes.verdicts.checking import LONGEST_TEXT
from bpm.processes.verdicts.models import VerdictDecision, VerdictLook, VerdictPlan
from bpm.processes.verdicts.plans import get_plan_row, thing
from bpm.processes.verdicts.status import Choice, LookKind, PlanState


@dataclass(frozen=True)
class Counsel:
    """What the rule says after the newest look; `choice` is empty before one, or while looks are still to come."""

    plan_id: int
    choice: str
    sentence: str


def newest_look(work: Work, plan_id: int) -> VerdictLook | None:
    """The newest of the planned looks."""
    return work.session.scalar(
        select(VerdictLook)
        .where(VerdictLook.plan_id == plan_id, VerdictLook.kind == LookKind.PLANNED)
        .order_by(VerdictLook.number.desc())
        .limit(1)
    )


_OUTCOMES = {Choice.KEEP_NEW: "live", Choice.BACK_TO_OLD: "withdraw"}
"""What a rollout calls our choices; to go on decides nothing."""


def advice(work: Work, rollout_id: int) -> Advice | None:
    """What the rule of the newest plan for the rollout says; None where nobody laid one down."""
    row = work.session.scalar(
        select(VerdictPlan)
        .where(VerdictPlan.rollout_id == rollout_id, VerdictPlan.state != PlanState.WITHDRAWN)
        .order_by(VerdictPlan.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    found = counsel(work, row)
    return Advice(_OUTCOMES.get(Choice(found.choice), "") if found.choice else "", found.sentence)


def counsel(work: Work, row: VerdictPlan) -> Counsel:
    """What the plan's rule says now."""
    look = newest_look(work, row.id)
    if look is None:
        return Counsel(row.id, "", _("Not looked at yet."))
    settled = row.state in (PlanState.READ, PlanState.DECIDED)
    return Counsel(row.id, str(row.rule[str(look.verdict)]) if settled else "", look.sentence)


def decide(work: Work, plan_id: int, choice: str, reason: str) -> bool:
    """Decide; whether it stands already. Against the rule it waits for a second signature.

    ConflictError before the last look, or when a decision stands; InvalidInputError without a reason.
    """
    row = get_plan_row(work, plan_id)
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can decide."), remedy=_("Sign in."))
    if row.state is not PlanState.READ:
        raise ConflictError(_("There is nothing to decide now."), remedy=_("Wait for the last look."))
    if waiting(work, plan_id) is not None:
        raise ConflictError(_("A decision waits for its second signature."), remedy=_("Let a colleague sign it."))
    problems = {}
    if choice not in {str(each) for each in Choice}:
        problems["choice"] = _("Choose what becomes of the change.")
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        problems["reason"] = _("Say why.")
    if problems:
        raise InvalidInputError(_("It cannot be decided like this."), fields=problems)
    against = choice != counsel(work, row).choice
    made = VerdictDecision(
        plan_id=row.id, choice=Choice(choice), against_rule=against, reason=reason.strip(),
        user_id=work.actor.user_id, at=work.now(),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    if not against:
        row.state, row.state_at = PlanState.DECIDED, work.now()
    after = {"choice": choice, "against the rule": against}
    audit.record(work, "verdict.decide", thing(row), before={"choice": None}, after=after, reason=made.reason)
    return not against


def sign_second(work: Work, plan_id: int) -> None:
    """Another person signs what was decided against the rule.

    NotFoundError where nothing waits; ForbiddenError for whoever decided it.
    """
    row, made = get_plan_row(work, plan_id), waiting(work, plan_id)
    if made is None:
        raise NotFoundError(_("No decision waits for a second signature."))
    if not work.actor.is_person or made.user_id == work.actor.user_id:
        raise ForbiddenError(_("Somebody else has to sign."), remedy=_("Ask a colleague."))
    made.second_id, made.second_at = work.actor.user_id, work.now()
    row.state, row.state_at = PlanState.DECIDED, work.now()
    audit.record(work, "verdict.second", thing(row), before={"second": None}, after={"second": work.actor.name})


def waiting(work: Work, plan_id: int) -> VerdictDecision | None:
    """The decision that waits for a second signature."""
    return work.session.scalar(
        select(VerdictDecision)
        .where(VerdictDecision.plan_id == plan_id, VerdictDecision.against_rule, VerdictDecision.second_id.is_(None))
        .order_by(VerdictDecision.id.desc())
        .limit(1)
    )
