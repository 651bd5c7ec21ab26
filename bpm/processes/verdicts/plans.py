"""A question is laid down before the change: registered once, hashed, and amended only as its rule allows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback import classification
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Improvement
from bpm.processes.verdicts.models import VerdictAmendment, VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES, PerCase
from bpm.processes.verdicts.status import Better, PlanDesign, PlanState

MOST_LOOKS, MOST_GUARDS, LONGEST_WINDOW = 10, 5, 365
LONGEST_TEXT = 2_000
FEWEST_PER_ARM = 10


@dataclass(frozen=True)
class Guard:
    """A measure that must not become worse by more than `tolerated` (in its unit per case), or the rollout pauses."""

    measure: str
    tolerated: float


@dataclass(frozen=True)
class Plan:
    """What a person lays down; `smallest` in the unit of the measure per case (a share: 0.05 for five points)."""

    definition_key: str
    title: str
    measure: str
    direction: str
    smallest: float
    window_days: float
    design: str
    per_arm: int
    old_version_id: int
    new_version_id: int
    baseline_from: datetime
    starts_at: datetime
    ends_on: date
    rule: str
    looks: int = 1
    improvement_id: int | None = None
    rollout_id: int | None = None
    element: str = ""
    pattern_id: int | None = None
    group_by: str = ""
    guards: tuple[Guard, ...] = ()
    controls: tuple[str, ...] = ()
    picked_as_bad: bool = False
    foreseen: Mapping[str, Any] = field(default_factory=dict)


def register(work: Work, plan: Plan) -> int:
    """Lay the question down; its id. InvalidInputError with `fields`; ConflictError when cases are running by it.

    Nothing of it can be changed afterwards, save what `amend` allows.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can register a verdict."), remedy=_("Sign in."))
    _check(work, plan)
    model = classification.find_model_in_service(work.settings)
    told = _told(plan, model.version if model else "")
    values = told | {
        "baseline_from": plan.baseline_from, "starts_at": plan.starts_at, "ends_on": plan.ends_on,
        "design": PlanDesign(plan.design), "direction": Better(plan.direction),
    }  # fmt: skip
    row = VerdictPlan(
        **values, registered_by=work.actor.user_id, registered_at=work.now(), hash=hash_of(told),
        state=PlanState.REGISTERED, state_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    audit.record(work, "verdict.register", thing(row), after={"plan": row.hash, **told})
    return row.id


def _told(plan: Plan, model_version: str) -> dict[str, Any]:
    """All of a plan as plain JSON."""
    return asdict(plan) | {
        "title": plan.title.strip(), "rule": plan.rule.strip(), "element": plan.element.strip()[:300],
        "baseline_from": plan.baseline_from.isoformat(), "starts_at": plan.starts_at.isoformat(),
        "ends_on": plan.ends_on.isoformat(), "guards": [asdict(each) for each in plan.guards],
        "controls": list(plan.controls), "foreseen": dict(plan.foreseen), "model_version": model_version,
    }  # fmt: skip


def hash_of(told: Mapping[str, Any]) -> str:
    """SHA-256 of a plan as canonical JSON."""
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def still_as_registered(row: VerdictPlan) -> bool:
    """Whether the row says what was registered: its hash, worked out anew."""
    told = {
        name: getattr(row, name)
        for name in Plan.__dataclass_fields__
        if name not in ("baseline_from", "starts_at", "ends_on", "guards", "controls", "design", "direction")
    } | {
        "baseline_from": row.baseline_from.isoformat(), "starts_at": row.starts_at.isoformat(),
        "ends_on": row.ends_on.isoformat(), "guards": list(row.guards), "controls": list(row.controls),
        "design": str(row.design), "direction": str(row.direction), "model_version": row.model_version,
    }  # fmt: skip
    return hash_of(told) == row.hash


def _check(work: Work, plan: Plan) -> None:
    problems = _problems_of_question(plan) | _problems_of_dates(work, plan) | _problems_of_versions(work, plan)
    if plan.improvement_id is not None and work.session.get(Improvement, plan.improvement_id) is None:
        problems["improvement"] = _("There is no such improvement.")
    if problems:
        raise InvalidInputError(
            _("The plan cannot be registered like this."), remedy=_("Look at the fields that are marked."),
            fields=problems,
        )  # fmt: skip


def _problems_of_question(plan: Plan) -> dict[str, str]:
    measure = MEASURES.get(plan.measure)
    most = 1 if measure is not None and measure.per_case is PerCase.SHARE else float("inf")
    wrong = {
        "title": (not 0 < len(plan.title.strip()) <= 300, _("Say in one line what is changed.")),
        "measure": (measure is None, _("Choose a measure of the list.")),
        "direction": (plan.direction not in {str(each) for each in Better}, _("Say which way is better.")),
        "smallest": (not 0 < plan.smallest < most, _("Write the smallest change that matters, above 0.")),
        "window_days": (
            not 0 < plan.window_days <= LONGEST_WINDOW,
            _("Write from 1 to %(most)s days.") % {"most": LONGEST_WINDOW},
        ),
        "per_arm": (
            plan.per_arm < FEWEST_PER_ARM,
            _("Below %(n)s cases on each version no figure is shown.") % {"n": FEWEST_PER_ARM},
        ),
        "rule": (not 0 < len(plan.rule.strip()) <= LONGEST_TEXT, _("Say what will be done after each verdict.")),
    }
    problems = {name: words for name, (is_wrong, words) in wrong.items() if is_wrong}
    return problems | _problems_of_design(plan) | _problems_of_guards(plan)


def _problems_of_design(plan: Plan) -> dict[str, str]:
    problems = {}
    if plan.design not in {str(each) for each in PlanDesign}:
        problems["design"] = _("Choose how old and new are compared.")
    if plan.design in (PlanDesign.SERIES, PlanDesign.BEFORE_AFTER):
        if plan.looks != 1:
            problems["looks"] = _("This design is looked at once, at its end.")
    elif not 1 <= plan.looks <= MOST_LOOKS:
        problems["looks"] = _("Look from 1 to %(most)s times.") % {"most": MOST_LOOKS}
    if plan.design == PlanDesign.STAGED and not plan.group_by.strip() and plan.rollout_id is None:
        problems["group_by"] = _("Name the variable of a case that says which group it belongs to.")
    if plan.design == PlanDesign.RANDOMISED and plan.rollout_id is None:
        problems["design"] = _("Chance decides only in a rollout: choose one, or another design.")
    return problems


def _problems_of_guards(plan: Plan) -> dict[str, str]:
    problems = {}
    names = [each.measure for each in plan.guards]
    if len(names) > MOST_GUARDS or len(set(names)) < len(names) or not set(names) <= set(MEASURES):
        problems["guards"] = _("Choose up to %(most)s measures, each once.") % {"most": MOST_GUARDS}
    elif any(each.tolerated < 0 for each in plan.guards):
        problems["guards"] = _("How much worse is tolerated is written from 0 up.")
    if not set(plan.controls) <= set(MEASURES) - {plan.measure}:
        problems["controls"] = _("Choose measures that the change cannot move.")
    return problems


def _problems_of_dates(work: Work, plan: Plan) -> dict[str, str]:
    problems = {}
    if plan.starts_at < work.now() - timedelta(minutes=5):
        problems["starts_at"] = _("It is registered before it starts: name a moment that is still to come.")
    if plan.baseline_from > plan.starts_at:
        problems["baseline_from"] = _("The old version counts from before the start on.")
    if plan.ends_on < (plan.starts_at + timedelta(days=7)).date():
        problems["ends_on"] = _("The last look comes a full week after the start at the earliest.")
    return problems


def _problems_of_versions(work: Work, plan: Plan) -> dict[str, str]:
    known = set(
        work.session.scalars(
            select(ProcessVersion.id)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
            .where(ProcessDefinition.key == plan.definition_key)
        )
    )
    if not known:
        return {"process": _("Choose the process that it is about.")}
    problems = {}
    if plan.old_version_id not in known:
        problems["old_version"] = _("Choose the version that is compared to.")
    if plan.new_version_id not in known or plan.new_version_id == plan.old_version_id:
        problems["new_version"] = _("Choose the version that changes it.")
    return problems


AMENDABLE = ("ends_on", "withdraw")
"""What the rule allows to be changed after the registration: a later last day, and to give it up. Nothing else."""


def amend(work: Work, plan_id: int, *, ends_on: date, reason: str) -> None:
    """Put the last day later, with a reason; it stands on the plan and on every verdict from then on."""
    row = get_plan_row(work, plan_id)
    problems = {}
    if row.state not in (PlanState.REGISTERED, PlanState.RUNNING):
        raise ConflictError(_("Its last look is done."), remedy=_("Register a new question."))
    before = last_day(work, row)
    if ends_on <= before:
        problems["ends_on"] = _("Only a later day than %(day)s.") % {"day": before.isoformat()}
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        problems["reason"] = _("Say why.")
    if problems:
        raise InvalidInputError(_("It cannot be changed like this."), fields=problems)
    _amended(work, row, "ends_on", before.isoformat(), ends_on.isoformat(), reason)


def withdraw(work: Work, plan_id: int, reason: str) -> None:
    """Give the question up; it stays on record with what was seen of it."""
    row = get_plan_row(work, plan_id)
    if row.state not in (PlanState.REGISTERED, PlanState.RUNNING):
        raise ConflictError(_("Its last look is done."), remedy=_("Decide what becomes of it."))
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        raise InvalidInputError(_("Say why."), remedy=_("Say why."), fields={"reason": _("Say why.")})
    _amended(work, row, "withdraw", str(row.state), str(PlanState.WITHDRAWN), reason)
    row.state, row.state_at = PlanState.WITHDRAWN, work.now()


def _amended(work: Work, row: VerdictPlan, what: str, before: str, after: str, reason: str) -> None:
    work.session.add(
        VerdictAmendment(
            plan_id=row.id, what=what, before=before, after=after, reason=reason.strip(),
            user_id=work.actor.user_id, at=work.now(),
        )
    )  # fmt: skip
    work.session.flush()
    audit.record(work, "verdict.amend", thing(row), before={what: before}, after={what: after}, reason=reason.strip())


def last_day(work: Work, row: VerdictPlan) -> date:
    """The day of the last look, with what amendments say."""
    latest = work.session.scalar(
        select(VerdictAmendment.after)
        .where(VerdictAmendment.plan_id == row.id, VerdictAmendment.what == "ends_on")
        .order_by(VerdictAmendment.id.desc())
        .limit(1)
    )
    return date.fromisoformat(latest) if latest else row.ends_on


def get_plan_row(work: Work, plan_id: int) -> VerdictPlan:
    """NotFoundError where there is none."""
    row = work.session.get(VerdictPlan, plan_id)
    if row is None:
        raise NotFoundError(_("There is no plan %(number)s of a verdict.") % {"number": plan_id})
    return row


def thing(row: VerdictPlan) -> audit.Thing:
    """How the trail names a plan."""
    return audit.Thing("verdict plan", row.id, row.title)
