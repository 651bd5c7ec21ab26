"""A rollout is decided: the candidate goes live for everybody, or it is withdrawn; against the rule by two people."""

from bpm.engine import api as engine
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.rollouts import acting
from bpm.processes.rollouts.acting import LIVE, WITHDRAW
from bpm.processes.rollouts.history import demand_status, demand_words, locked, put_on_record, state_of
from bpm.processes.rollouts.hooks import HOOKS, Advice
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.words import OPEN, Rest, RolloutStatus, RolloutVerb


def decide(work: Work, rollout_id: int, outcome: str, reason: str, *, rest: str = Rest.FINISH) -> bool:
    """Let the candidate go live ("live") or withdraw it ("withdraw"); gives whether that was done.

    Where the planned verdict advises otherwise it waits for a second person. `rest` says whether cases that run on the
    version that is not kept finish on it or are to be moved. RefusedError where the candidate cannot go live.
    """
    demand(work.actor, Permission.DEPLOY)
    row = locked(work, rollout_id)
    demand_status(row, *OPEN)
    if outcome not in (LIVE, WITHDRAW) or (outcome == LIVE and is_a_against_a(row)):
        problem = _("An A/A test has no other version: withdraw it.") if is_a_against_a(row) else _("Choose one.")
        raise InvalidInputError(_("This cannot be decided."), remedy=problem, fields={"outcome": problem})
    row.rest, reason = Rest(rest), demand_words(reason)
    if is_against_the_rule(work, row, outcome):
        acting.ask_decision(work, row, outcome, reason)
        return False
    _conclude(work, row, outcome, reason)
    return True


def approve(work: Work, rollout_id: int) -> str:
    """A second person agrees to a step or a decision; gives which: "step", "live" or "withdraw"."""
    return acting.approve(work, rollout_id, _conclude)


def advice_of(work: Work, rollout_id: int) -> Advice | None:
    """What the verdict that was planned says by now; None where none was planned."""
    return HOOKS.advice(work, rollout_id)


def is_against_the_rule(work: Work, row: Rollout, outcome: str) -> bool:
    """Whether the verdict that was planned advises something else."""
    advice = advice_of(work, row.id)
    return advice is not None and advice.decision not in ("", outcome)


def is_a_against_a(row: Rollout) -> bool:
    """Whether both arms have the same version, to see that nothing but chance tells them apart."""
    return row.control_version_id == row.candidate_version_id


def _conclude(work: Work, row: Rollout, outcome: str, reason: str) -> None:
    before = state_of(row)
    live = outcome == LIVE
    row.status = RolloutStatus.WENT_LIVE if live else RolloutStatus.WITHDRAWN
    row.ended_at, row.reason, row.asked = work.now(), reason, ""
    verb = RolloutVerb.WENT_LIVE if live else RolloutVerb.WITHDRAWN
    put_on_record(work, row, verb, reason, before=before)
    if live:
        engine.go_live(work, row.candidate_version_id)
    elif not is_a_against_a(row):
        engine.end_trial(work, row.candidate_version_id)
