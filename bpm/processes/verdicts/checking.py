"""What a plan must be before it is registered: a question, its dates, its versions, its guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.models import Improvement
from bpm.processes.verdicts.outcomes import MEASURES, PerCase
from bpm.processes.verdicts.status import Better, Choice, PlanDesign, Said

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
    rule: Mapping[str, str]
    """{word of a verdict: what is done then}, every word named."""
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


def check_plan(work: Work, plan: Plan) -> None:
    """InvalidInputError with `fields` that names all that does not fit."""
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
        "rule": (not _is_rule(plan.rule), _("Say what will be done after each verdict.")),
    }
    problems = {name: words for name, (is_wrong, words) in wrong.items() if is_wrong}
    return problems | _problems_of_design(plan) | _problems_of_guards(plan)


def _is_rule(rule: Mapping[str, str]) -> bool:
    return set(rule) == {str(each) for each in Said} and set(rule.values()) <= {str(each) for each in Choice}


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
    problems = _problems_of_rollout(work, plan)
    if plan.old_version_id not in known:
        problems["old_version"] = _("Choose the version that is compared to.")
    same = plan.new_version_id == plan.old_version_id and plan.design != PlanDesign.RANDOMISED
    if plan.new_version_id not in known or same:
        problems["new_version"] = _("Choose the version that changes it.")
    return problems


def _problems_of_rollout(work: Work, plan: Plan) -> dict[str, str]:
    """Its versions are those of the plan."""
    if plan.rollout_id is None:
        return {}
    try:
        row = rollouts.get_rollout(work, plan.rollout_id).rollout
    except NotFoundError:
        return {"rollout": _("There is no such rollout.")}
    drawn = (row.definition_key, row.control_version_id, row.candidate_version_id)
    if drawn != (plan.definition_key, plan.old_version_id, plan.new_version_id):
        return {"rollout": _("It compares other versions than those that you chose.")}
    return {}
