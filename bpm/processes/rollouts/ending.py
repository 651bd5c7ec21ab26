"""What ends a rollout without anybody's word, its stop rule; and what cannot happen to a process while one is open."""

from sqlalchemy import func, select

from bpm.engine.events import ProcessRetired, VersionWentLive
from bpm.foundation.bus import Bus
from bpm.foundation.errors import ConflictError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes.rollouts.choosing import choose_from_now_on
from bpm.processes.rollouts.history import locked, put_on_record, state_of
from bpm.processes.rollouts.models import Rollout, RolloutCase
from bpm.processes.rollouts.words import OPEN, RolloutStatus, RolloutVerb


def wire(bus: Bus) -> None:
    """Let the engine ask for an arm at every start, and keep a process as it is while a rollout of it is open."""
    choose_from_now_on()
    bus.subscribe(VersionWentLive, _on_live)
    bus.subscribe(ProcessRetired, _on_retired)


def sweep_rollouts(unit_of_work: Transactions) -> int:
    """End rollouts whose stop rule is met; gives how many."""
    with unit_of_work.reading() as work:
        due = [row.id for row in _running(work) if _rule_met(work, row)]
    for rollout_id in due:
        with unit_of_work() as work:
            row = locked(work, rollout_id)
            rule = _rule_met(work, row) if row.status == RolloutStatus.RUNNING else ""
            if rule:
                before = state_of(row)
                row.status, row.reason, row.asked = RolloutStatus.OVER, rule, ""
                put_on_record(work, row, RolloutVerb.RULE_MET, rule, before=before)
    return len(due)


def _running(work: Work) -> list[Rollout]:
    return list(work.session.scalars(select(Rollout).where(Rollout.status == RolloutStatus.RUNNING)))


def _rule_met(work: Work, row: Rollout) -> str:
    """Which end of the stop rule is reached, in words."""
    if row.stop_at is not None and work.now() >= row.stop_at:
        return _("The date of the stop rule has come.")
    if row.stop_after is not None:
        counted = select(func.count()).select_from(RolloutCase).where(RolloutCase.rollout_id == row.id)
        if (work.session.scalar(counted) or 0) >= row.stop_after:
            return _("The stop rule's %(n)s cases have begun.") % {"n": row.stop_after}
    return ""


def _on_live(work: Work, event: VersionWentLive) -> None:
    _refuse(work, event.key, _("No other version can go live while it is open."))


def _on_retired(work: Work, event: ProcessRetired) -> None:
    _refuse(work, event.key, _("The process cannot be retired while it is open."))


def _refuse(work: Work, key: str, why: str) -> None:
    row = work.session.scalar(select(Rollout).where(Rollout.definition_key == key, Rollout.status.in_(OPEN)))
    if row is not None:
        raise ConflictError(
            _("Rollout %(id)s of %(key)r compares two versions. %(why)s") % {"id": row.id, "key": key, "why": why},
            remedy=_("Conclude or stop it on its page first. Nothing was changed."),
        )
