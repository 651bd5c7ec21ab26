"""What is kept of each act on a rollout: a row of its own, and the audit trail."""

from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.rollouts.book import BOOK
from bpm.processes.rollouts.choosing import share_of
from bpm.processes.rollouts.models import Rollout, RolloutAct
from bpm.processes.rollouts.told.telling import tell
from bpm.processes.rollouts.words import RolloutStatus, RolloutVerb, Way

LONGEST_REASON = 1000


def locked(work: Work, rollout_id: int) -> Rollout:
    """The rollout, locked against everybody else who acts on it; NotFoundError."""
    query = select(Rollout).where(Rollout.id == rollout_id).with_for_update()
    row = work.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError(_("There is no rollout %(id)s.") % {"id": rollout_id})
    return row


def demand_status(row: Rollout, *wanted: RolloutStatus) -> None:
    """ConflictError unless it stands as one of these."""
    if row.status not in wanted:
        raise ConflictError(
            _("The rollout is %(status)s.") % {"status": row.status.replace("_", " ")},
            remedy=_("Nothing was changed: look again, then decide."),
        )


def demand_words(reason: str) -> str:
    """The reason, trimmed; InvalidInputError for none."""
    if not reason.strip():
        problem = _("Say in a few words why: it stays on record.")
        raise InvalidInputError(_("A reason is needed."), remedy=problem, fields={"reason": problem})
    return reason.strip()[:LONGEST_REASON]


def put_on_record(work: Work, row: Rollout, verb: RolloutVerb, reason: str, *, before: dict[str, Any]) -> None:
    """Write down what was just done with the rollout; its book is read again."""
    by_lot = row.way is Way.SHARE
    work.session.add(
        RolloutAct(
            rollout_id=row.id, verb=verb, reason=reason, share=share_of(row) if by_lot else None,
            user_id=work.actor.user_id, at=work.now(),
        )
    )  # fmt: skip
    work.session.flush()
    audit.record(work, f"rollout.{verb}", thing(row), before=before, after=state_of(row), reason=reason)
    tell(work, row, verb, reason)
    BOOK.forget(work)
    work.nudge("definitions")


def state_of(row: Rollout) -> dict[str, Any]:
    """What an act may change, as the audit trail tells it."""
    return {"status": row.status, "step": row.step, "share": share_of(row), "asked": row.asked}


def thing(row: Rollout) -> audit.Thing:
    return audit.Thing("rollout", row.id, f"{row.definition_key}, rollout {row.id}")
