"""What people do with a rollout that is not decided: pause, resume, a next step by two people, the emergency stop."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bpm.engine import api as engine
from bpm.foundation.errors import ConflictError, ForbiddenError, RefusedError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand, may
from bpm.processes.rollouts.history import demand_status, demand_words, locked, put_on_record, state_of
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.ratio import sample_ratio
from bpm.processes.rollouts.words import OPEN, Rest, RolloutStatus, RolloutVerb, Way

STEP, LIVE, WITHDRAW = "step", "live", "withdraw"
"""What may wait for a second person."""


def pause(work: Work, rollout_id: int, reason: str) -> None:
    """New cases go to the live version and are of neither arm, until somebody resumes; a guard may do it, too."""
    demand_may_stop(work)
    row = locked(work, rollout_id)
    demand_status(row, RolloutStatus.RUNNING)
    _turn(work, row, RolloutStatus.PAUSED, RolloutVerb.PAUSED, reason)


def resume(work: Work, rollout_id: int, reason: str = "") -> None:
    """New cases are given an arm again, each unit the one that it had."""
    demand(work.actor, Permission.DEPLOY)
    row = locked(work, rollout_id)
    demand_status(row, RolloutStatus.PAUSED)
    _turn(work, row, RolloutStatus.RUNNING, RolloutVerb.RESUMED, reason or _("resumed"))


def stop(work: Work, rollout_id: int, reason: str, *, rest: str = Rest.FINISH) -> None:
    """The emergency stop: new cases go to the live one from now on, and the rollout is over for good.

    `rest` says whether cases that run on the candidate finish on it or are to be moved; moving is a migration.
    """
    demand_may_stop(work)
    row = locked(work, rollout_id)
    demand_status(row, *OPEN)
    row.rest, row.ended_at = Rest(rest), work.now()
    _turn(work, row, RolloutStatus.STOPPED, RolloutVerb.STOPPED, reason)
    if row.candidate_version_id != row.control_version_id:
        engine.end_trial(work, row.candidate_version_id)


def ask_step(work: Work, rollout_id: int, reason: str) -> None:
    """Ask a second person for the next share. RefusedError while it is too early, or the split does not fit."""
    demand(work.actor, Permission.DEPLOY)
    row = locked(work, rollout_id)
    demand_status(row, RolloutStatus.RUNNING)
    _demand_step(work, row)
    _ask(work, row, STEP, reason, RolloutVerb.STEP_ASKED)


def ask_decision(work: Work, row: Rollout, outcome: str, reason: str) -> None:
    """Ask a second person for a decision that does not follow from the verdict."""
    _ask(work, row, outcome, reason, RolloutVerb.DECISION_ASKED)


def approve(work: Work, rollout_id: int, conclude: Callable[[Work, Rollout, str, str], None]) -> str:
    """A second person agrees to what was asked for; gives what that was. `conclude` carries a decision out."""
    row = _asked(work, rollout_id)
    if row.asked_by == work.actor.user_id:
        raise ForbiddenError(
            _("You asked for it yourself."), remedy=_("A second person has to approve it: that is what it is for.")
        )
    asked, reason, before = row.asked, row.asked_reason, state_of(row)
    if asked == STEP:
        demand_status(row, RolloutStatus.RUNNING)
        _demand_step(work, row)
        _forget_what_was_asked(row)
        row.step, row.stepped_at = row.step + 1, work.now()
        put_on_record(work, row, RolloutVerb.STEP_APPROVED, reason, before=before)
        return asked
    _forget_what_was_asked(row)
    conclude(work, row, asked, reason)
    return asked


def refuse(work: Work, rollout_id: int, reason: str) -> None:
    """Say no to what was asked for, or take back what one asked for oneself."""
    row = _asked(work, rollout_id)
    before = state_of(row)
    verb = RolloutVerb.STEP_REFUSED if row.asked == STEP else RolloutVerb.DECISION_REFUSED
    said = demand_words(reason)
    _forget_what_was_asked(row)
    put_on_record(work, row, verb, said, before=before)


def demand_may_stop(work: Work) -> None:
    """Whoever deploys or repairs may put an end to it; nobody waits for the other in an emergency."""
    if not may(work.actor, Permission.OPERATE):
        demand(work.actor, Permission.DEPLOY)


def next_step_at(row: Rollout) -> datetime:
    """From when on the next step may be."""
    return row.stepped_at + timedelta(hours=row.cool_off_hours)


def has_next_step(row: Rollout) -> bool:
    return row.way is Way.SHARE and row.step + 1 < len(row.steps)


def _demand_step(work: Work, row: Rollout) -> None:
    if not has_next_step(row):
        raise ConflictError(_("There is no further step."), remedy=_("Conclude the rollout."))
    if work.now() < next_step_at(row):
        raise RefusedError(
            _("The step in force has not cooled off yet."),
            remedy=_("The next one may be from %(at)s (UTC) on.") % {"at": f"{next_step_at(row):%Y-%m-%d %H:%M}"},
        )
    ratio = sample_ratio(work, row)
    if ratio.alarm:
        raise RefusedError(ratio.words, remedy=_("Find out who or what chose the cases before more of them follow."))


def _ask(work: Work, row: Rollout, what: str, reason: str, verb: RolloutVerb) -> None:
    if row.asked:
        raise ConflictError(
            _("Something waits for a second person already."), remedy=_("Approve or refuse that first.")
        )
    before = state_of(row)
    row.asked, row.asked_by, row.asked_at = what, work.actor.user_id, work.now()
    row.asked_reason = demand_words(reason)
    put_on_record(work, row, verb, row.asked_reason, before=before)


def _asked(work: Work, rollout_id: int) -> Rollout:
    if not may(work.actor, Permission.SIGN):
        demand(work.actor, Permission.DEPLOY)
    row = locked(work, rollout_id)
    demand_status(row, *OPEN)
    if not row.asked:
        raise ConflictError(_("Nothing waits for a second person."), remedy=_("Look again."))
    return row


def _forget_what_was_asked(row: Rollout) -> None:
    row.asked, row.asked_by, row.asked_at, row.asked_reason = "", None, None, ""


def _turn(work: Work, row: Rollout, status: RolloutStatus, verb: RolloutVerb, reason: str) -> None:
    before, said = state_of(row), demand_words(reason)
    row.status, row.reason = status, said
    _forget_what_was_asked(row)
    put_on_record(work, row, verb, said, before=before)
