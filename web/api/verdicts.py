"""The API for programs: questions laid down before a change, and their verdicts (docs/api.md)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import verdicts
from bpm.processes.verdicts import MEASURES, Guard, Plan, Wish
from web.api.callers import amount_of, by_token, instant_of, number_of, sent_object, text_of

blueprint = Blueprint("api_verdicts", __name__, url_prefix="/api/v1")
QUESTION = (
    "title", "measure", "direction", "smallest", "window_days", "design", "looks", "per_arm", "old", "new",
    "starts_at", "baseline_from", "last_day", "rule", "element", "group_by", "guards", "controls", "picked_as_bad",
    "improvement", "rollout", "pattern",
)  # fmt: skip
RULE = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}


@blueprint.get("/processes/<key>/verdicts")
@by_token(Permission.INSIGHTS)
def listed(work: Work, key: str) -> dict[str, Any]:
    """Questions about the process, the newest first, each with its verdict."""
    engine_queries.get_definition(work, key)
    return {"verdicts": [verdicts.row_as_plain(each) for each in verdicts.list_plans(work, key=key)]}


@blueprint.get("/verdicts/<int:plan_id>")
@by_token(Permission.INSIGHTS)
def one(work: Work, plan_id: int) -> dict[str, Any]:
    """One question with its looks, guards and decisions."""
    return verdicts.as_plain(verdicts.get_plan(work, plan_id))


@blueprint.post("/processes/<key>/verdicts")
@by_token(Permission.INSIGHTS)
def register(work: Work, key: str) -> tuple[dict[str, Any], int]:
    """Lay a question down before the change (201); `per_arm` left out: as many as 80 % power needs."""
    sent = sent_object(*QUESTION)
    plan, foreseen = _plan(work, key, sent)
    verdicts.check_plan(work, plan)
    pattern = text_of(sent, "pattern").strip()
    pattern_id = verdicts.name_pattern(work, pattern) if pattern else None
    made = verdicts.register(work, replace(plan, pattern_id=pattern_id, foreseen=foreseen))
    work.session.flush()
    return verdicts.as_plain(verdicts.get_plan(work, made)), 201


@blueprint.post("/verdicts/<int:plan_id>/last-day")
@by_token(Permission.INSIGHTS)
def amend(work: Work, plan_id: int) -> dict[str, Any]:
    """Put the last day later, with a reason."""
    sent = sent_object("last_day", "reason")
    verdicts.amend(work, plan_id, ends_on=_day(sent, "last_day"), reason=text_of(sent, "reason"))
    work.session.flush()
    return verdicts.as_plain(verdicts.get_plan(work, plan_id))


@blueprint.post("/verdicts/<int:plan_id>/withdraw")
@by_token(Permission.INSIGHTS)
def withdraw(work: Work, plan_id: int) -> dict[str, Any]:
    """Give the question up; it stays on record."""
    verdicts.withdraw(work, plan_id, text_of(sent_object("reason"), "reason"))
    work.session.flush()
    return verdicts.as_plain(verdicts.get_plan(work, plan_id))


@blueprint.post("/verdicts/<int:plan_id>/decision")
@by_token(Permission.INSIGHTS)
def decide(work: Work, plan_id: int) -> dict[str, Any]:
    """`choice` is keep_new, back_to_old or go_on; against the rule a colleague signs it second, in the browser."""
    sent = sent_object("choice", "reason")
    verdicts.decide(work, plan_id, text_of(sent, "choice"), text_of(sent, "reason"))
    work.session.flush()
    return verdicts.as_plain(verdicts.get_plan(work, plan_id))


def _plan(work: Work, key: str, sent: dict[str, Any]) -> tuple[Plan, dict[str, Any]]:
    """The plan that is sent, and what was foreseen of it."""
    engine_queries.get_definition(work, key)
    versions = {each.number: each.id for each in engine_queries.list_versions(work, key)}
    old, new = (versions.get(number_of(sent, name) or 0, 0) for name in ("old", "new"))
    measure = MEASURES.get(text_of(sent, "measure"))
    if measure is None or not old:
        wrong = {} if measure else {"measure": _("One of: %(names)s.") % {"names": ", ".join(MEASURES)}}
        wrong |= {} if old else {"old": _("A number of a version of the process.")}
        raise InvalidInputError(_("The question is not complete."), fields=wrong)
    starts_at = instant_of(sent, "starts_at") or work.now()
    rule = sent.get("rule", RULE)
    guards, controls = sent.get("guards", {}), sent.get("controls", [])
    if not isinstance(rule, dict) or not isinstance(guards, dict) or not isinstance(controls, list):
        raise InvalidInputError(_("“rule” and “guards” are objects, “controls” is a list of measures."))
    plan = Plan(
        definition_key=key, title=text_of(sent, "title"), measure=measure.name,
        direction=text_of(sent, "direction", measure.better), smallest=amount_of(sent, "smallest"),
        window_days=amount_of(sent, "window_days", 30.0), design=text_of(sent, "design", "randomised"),
        per_arm=number_of(sent, "per_arm") or 0, old_version_id=old, new_version_id=new,
        baseline_from=instant_of(sent, "baseline_from") or starts_at - timedelta(days=182), starts_at=starts_at,
        ends_on=_day(sent, "last_day"), rule={str(word): str(then) for word, then in rule.items()},
        looks=number_of(sent, "looks") or 1, improvement_id=number_of(sent, "improvement"),
        rollout_id=number_of(sent, "rollout"), element=text_of(sent, "element"), group_by=text_of(sent, "group_by"),
        guards=tuple(Guard(str(name), amount_of(guards, name)) for name in guards),
        controls=tuple(str(each) for each in controls), picked_as_bad=sent.get("picked_as_bad") is True,
    )  # fmt: skip
    foreseen = verdicts.foresee(
        work,
        Wish(
            definition_key=key, version_id=old, measure=plan.measure, direction=plan.direction,
            smallest=plan.smallest, window_days=plan.window_days, design=plan.design, looks=plan.looks,
            element=plan.element,
        ),
    )  # fmt: skip
    return replace(plan, per_arm=plan.per_arm or foreseen.per_arm or 0), foreseen.on_record()


def _day(sent: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text_of(sent, name))
    except ValueError as error:
        remedy = _("Write a day, such as 2026-12-31.")
        raise InvalidInputError(_("“%(name)s” is no day.") % {"name": name}, fields={name: remedy}) from error
