"""The API for programs: rollouts, two versions of a process live at once (docs/api.md)."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import rollouts
from bpm.processes.rollouts import Rest, RolloutWish, Stage
from web.api.callers import by_token, instant_of, number_of, sent_object, text_of

blueprint = Blueprint("api_rollouts", __name__, url_prefix="/api/v1")
WISH = ("version", "way", "unit", "variable", "steps", "stages", "from_at", "stop_after", "stop_at", "cool_off_hours",
        "reason")  # fmt: skip


@blueprint.get("/processes/<key>/rollouts")
@by_token(Permission.SEE_PROCESSES)
def listed(work: Work, key: str) -> dict[str, Any]:
    """Rollouts of the process, the newest first."""
    engine_queries.get_definition(work, key)
    return {"rollouts": rollouts.all_as_plain(work, rollouts.list_rollouts(work, key))}


@blueprint.post("/processes/<key>/rollouts")
@by_token(Permission.DEPLOY)
def start(work: Work, key: str) -> tuple[dict[str, Any], int]:
    """Let a version run beside the live one (201); `version` is its number."""
    sent = sent_object(*WISH)
    engine_queries.get_definition(work, key)
    number = number_of(sent, "version")
    versions = {each.number: each.id for each in engine_queries.list_versions(work, key)}
    if number not in versions:
        problem = _("The process “%(key)s” has no version %(version)s.") % {"key": key, "version": number}
        raise InvalidInputError(problem, fields={"version": problem})
    begun = rollouts.start_as_wished(work, key, versions[number], _wish(sent))
    return _told(work, begun), 201


@blueprint.get("/rollouts/<int:rollout_id>")
@by_token(Permission.SEE_PROCESSES)
def one(work: Work, rollout_id: int) -> dict[str, Any]:
    """How it stands: cases by arm, and whether the split fits."""
    return _told(work, rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/pause")
@by_token(Permission.SEE_PROCESSES)
def pause(work: Work, rollout_id: int) -> dict[str, Any]:
    """New cases have the live version, and are not counted."""
    return _acted(work, rollout_id, lambda reason: rollouts.pause(work, rollout_id, reason))


@blueprint.post("/rollouts/<int:rollout_id>/resume")
@by_token(Permission.DEPLOY)
def resume(work: Work, rollout_id: int) -> dict[str, Any]:
    """New cases are given their version again."""
    return _acted(work, rollout_id, lambda reason: rollouts.resume(work, rollout_id, reason))


@blueprint.post("/rollouts/<int:rollout_id>/step")
@by_token(Permission.DEPLOY)
def step(work: Work, rollout_id: int) -> dict[str, Any]:
    """Ask a second person for the next share; who approves it does so in the browser."""
    return _acted(work, rollout_id, lambda reason: rollouts.ask_step(work, rollout_id, reason))


@blueprint.post("/rollouts/<int:rollout_id>/stop")
@by_token(Permission.SEE_PROCESSES)
def stop(work: Work, rollout_id: int) -> dict[str, Any]:
    """The emergency stop; `rest` says what becomes of cases that run on the other version: finish or move."""
    sent = sent_object("reason", "rest")
    rest = text_of(sent, "rest", Rest.FINISH)
    if rest not in set(Rest):
        raise InvalidInputError(_("“rest” is finish or move."), fields={"rest": _("finish or move")})
    rollouts.stop(work, rollout_id, text_of(sent, "reason"), rest=rest)
    work.session.flush()
    return _told(work, rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/decision")
@by_token(Permission.DEPLOY)
def decide(work: Work, rollout_id: int) -> dict[str, Any]:
    """`outcome` is live or withdraw; against the verdict it waits for a second person."""
    sent = sent_object("outcome", "reason")
    outcome = text_of(sent, "outcome")
    if outcome not in (rollouts.LIVE, rollouts.WITHDRAW):
        raise InvalidInputError(_("“outcome” is live or withdraw."), fields={"outcome": _("live or withdraw")})
    rollouts.decide(work, rollout_id, outcome, text_of(sent, "reason"))
    work.session.flush()
    return _told(work, rollout_id)


def _acted(work: Work, rollout_id: int, act: Callable[[str], object]) -> dict[str, Any]:
    act(text_of(sent_object("reason"), "reason"))
    work.session.flush()
    return _told(work, rollout_id)


def _told(work: Work, rollout_id: int) -> dict[str, Any]:
    return dict(rollouts.as_plain(work, rollouts.get_rollout(work, rollout_id)))


def _wish(sent: dict[str, Any]) -> RolloutWish:
    usual = RolloutWish()
    return RolloutWish(
        way=text_of(sent, "way", usual.way),
        unit=text_of(sent, "unit", usual.unit),
        variable=text_of(sent, "variable"),
        steps=_steps(sent.get("steps", list(usual.steps))),
        stages=_stages(sent.get("stages", [])),
        from_at=instant_of(sent, "from_at"),
        stop_after=number_of(sent, "stop_after"),
        stop_at=instant_of(sent, "stop_at"),
        cool_off_hours=number_of(sent, "cool_off_hours") or 0,
        reason=text_of(sent, "reason"),
    )


def _steps(value: object) -> tuple[float, ...]:
    if not isinstance(value, list) or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in value
    ):
        raise InvalidInputError(_("“steps” is no list of shares."), fields={"steps": _("shares above 0 up to 1")})
    return tuple(float(each) for each in value)


def _stages(value: object) -> tuple[Stage, ...]:
    stages = [_stage(each) for each in value] if isinstance(value, list) else [None]
    found = tuple(each for each in stages if each is not None)
    if len(found) < len(stages):
        remedy = _('Write [{"value": "North", "from": "2026-12-01T00:00+01:00"}].')
        raise InvalidInputError(_("“stages” cannot be read."), remedy=remedy, fields={"stages": remedy})
    return found


def _stage(value: object) -> Stage | None:
    """None for what is none."""
    try:
        since = instant_of(value, "from") if isinstance(value, dict) else None
    except InvalidInputError:
        return None
    return Stage(str(value.get("value", "")), since) if isinstance(value, dict) and since else None
