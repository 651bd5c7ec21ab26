"""What people do with a rollout: ask, approve, refuse, pause, resume, stop, decide."""

from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import rollouts
from bpm.processes.rollouts import Rest, Rollout
from web.core.rendering import go, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.rollouts.blueprint import blueprint


@blueprint.post("/rollouts/<int:rollout_id>/pause")
@needs(Permission.INSIGHTS)
def pause(rollout_id: int) -> Response:
    rollouts.pause(work(), rollout_id, _reason())
    say(_("Paused: new cases have the live version and are not counted."))
    return _back(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/resume")
@needs(Permission.INSIGHTS)
def resume(rollout_id: int) -> Response:
    rollouts.resume(work(), rollout_id, _reason())
    say(_("It goes on, each where it was."))
    return _back(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/step")
@needs(Permission.INSIGHTS)
def step(rollout_id: int) -> Response:
    rollouts.ask_step(work(), rollout_id, _reason())
    say(_("Asked. A second person has to approve it."))
    return _back(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/approval")
@needs(Permission.INSIGHTS)
def approve(rollout_id: int) -> Response:
    if rollouts.approve(work(), rollout_id) == rollouts.STEP:
        say(_("Approved: the next share is in force."))
        return _back(rollout_id)
    say(_("Approved and done."))
    return _after_the_end(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/refusal")
@needs(Permission.INSIGHTS)
def refuse(rollout_id: int) -> Response:
    rollouts.refuse(work(), rollout_id, _reason())
    say(_("Refused; it stays as it is."))
    return _back(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/stop")
@needs(Permission.INSIGHTS)
def stop(rollout_id: int) -> Response:
    rollouts.stop(work(), rollout_id, _reason(), rest=_rest())
    say(_("Stopped: all new cases have the live version."))
    return _after_the_end(rollout_id)


@blueprint.post("/rollouts/<int:rollout_id>/decision")
@needs(Permission.INSIGHTS)
def decide(rollout_id: int) -> Response:
    done = rollouts.decide(work(), rollout_id, request.form.get("outcome", ""), _reason(), rest=_rest())
    if not done:
        say(_("This is not what the verdict advises: a second person has to approve it."))
        return _back(rollout_id)
    say(_("Decided."))
    return _after_the_end(rollout_id)


def _reason() -> str:
    return request.form.get("reason", "")


def _rest() -> str:
    return Rest.MOVE if request.form.get("rest") == Rest.MOVE else Rest.FINISH


def _back(rollout_id: int) -> Response:
    return go("rollouts.rollout", rollout_id=rollout_id)


def _after_the_end(rollout_id: int) -> Response:
    """Its page, or the migration of those who are to be moved, where the person may do that."""
    row = rollouts.get_rollout(work(), rollout_id).rollout
    if row.rest is not Rest.MOVE or rollouts.is_a_against_a(row) or not may(actor(), Permission.OPERATE):
        return _back(rollout_id)
    return redirect(migration_of(row), 303)


def migration_of(row: Rollout) -> str:
    """The page that moves cases from the version that is not kept to the one that is."""
    control = engine_queries.get_version(work(), row.control_version_id).number
    candidate = engine_queries.get_version(work(), row.candidate_version_id).number
    old, new = (control, candidate) if row.status is rollouts.RolloutStatus.WENT_LIVE else (candidate, control)
    asked: dict[str, Any] = {"from": old, "to": new}
    return url_for("designer.migration", key=row.definition_key, **asked)
