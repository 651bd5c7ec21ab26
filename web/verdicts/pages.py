"""One question: its verdict in the order in which a person reads it, looks, guards, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import verdicts
from bpm.processes.verdicts import (
    MEASURES,
    CaseMeasure,
    Known,
    PlanDetail,
    PlanState,
    Standing,
    VerdictDecision,
    VerdictPlan,
)
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.verdicts.blueprint import STAGE_TONES, TONES, blueprint
from web.verdicts.form import (
    CHOICES,
    level_words,
)
from web.verdicts.lasting import Lasting, lasting


@dataclass(frozen=True)
class VerdictPage:
    """What verdicts/verdict.html shows."""

    it: PlanDetail
    measure: CaseMeasure
    standing: Standing
    tone: str
    tones: Mapping[str, str]
    classifiers: tuple[str, ...]
    """That read what was said in its cases, while looks are to come."""
    guards: tuple[tuple[str, str, str, str], ...]
    """(measure, tolerated, how it stands, tone)"""
    lasting: Lasting
    choices: tuple[tuple[str, str], ...]
    by_rule: str
    waits: VerdictDecision | None
    library: tuple[Known, ...]
    smallest: str
    foreseen: str
    controls: str
    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/<int:plan_id>")
@needs(Permission.INSIGHTS)
def verdict(plan_id: int) -> str:
    return render("verdicts/verdict.html", page_of(plan_id))


def page_of(plan_id: int, *, problem: str = "", errors: Mapping[str, str] | None = None) -> VerdictPage:
    """A question with how it stands; no estimate stands on it but those of looks that were planned."""
    it = verdicts.get_plan(work(), plan_id)
    plan, newest = it.row.plan, verdicts.newest_look(work(), plan_id)
    measure = MEASURES[plan.measure]
    told = verdicts.standing(work(), plan, newest)
    waits = verdicts.waiting(work(), plan_id)
    return VerdictPage(
        it=it, measure=measure, classifiers=_classifiers(plan), standing=told, tone=STAGE_TONES[told.stage],
        tones=TONES, guards=_guards(it),
        lasting=lasting(it, measure), choices=tuple(CHOICES), by_rule=_by_rule(it, newest), waits=waits,
        library=tuple(each for each in verdicts.library(work()) if each.name == it.row.pattern),
        smallest=verdicts.amount(measure, plan.smallest), foreseen=_told_before(measure, plan.foreseen),
        controls=", ".join(MEASURES[each].title for each in plan.controls), problem=problem, errors=errors or {},
    )  # fmt: skip


def _classifiers(plan: VerdictPlan) -> tuple[str, ...]:
    to_come = plan.state in (PlanState.REGISTERED, PlanState.RUNNING)
    return tuple(sorted(verdicts.read_by(work(), plan))) if to_come and MEASURES[plan.measure].spoken else ()


def _by_rule(it: PlanDetail, newest: Any) -> str:
    if newest is None or it.row.plan.state != "read":
        return ""
    return dict(CHOICES)[it.row.plan.rule[str(newest.verdict)]]


def _told_before(measure: CaseMeasure, foreseen: Mapping[str, Any]) -> str:
    if foreseen.get("level") is None:
        return _("Nothing was known of the old version.")
    words = _("It stood at %(level)s (n = %(n)s); %(starts).3g cases began a week; it takes %(cases)s cases of each.")
    return words % {
        "level": level_words(measure, foreseen["level"]), "n": foreseen.get("n"),
        "starts": foreseen.get("starts_per_week") or 0, "cases": foreseen.get("per_arm") or "?",
    }  # fmt: skip


def _guards(it: PlanDetail) -> tuple[tuple[str, str, str, str], ...]:
    kept = {each.measure: each for each in it.guards}
    found = []
    for each in it.row.plan.guards:
        measure, state = MEASURES[each["measure"]], kept.get(each["measure"])
        tolerated = verdicts.amount(measure, each["tolerated"])
        if state is None or state.harm is None:
            found.append((measure.title, tolerated, _("too few cases yet"), "plain"))
        elif state.crossed_at is not None:
            words = _("crossed: worse by at least %(by)s") % {"by": verdicts.amount(measure, state.at_least or 0)}
            found.append((measure.title, tolerated, words, "bad"))
        else:
            words = _("holds: worse by %(by)s at least, n = %(old)s and %(new)s") % {
                "by": verdicts.amount(measure, state.at_least or 0), "old": state.n_old, "new": state.n_new,
            }  # fmt: skip
            found.append((measure.title, tolerated, words, "good"))
    return tuple(found)
