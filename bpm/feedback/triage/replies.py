"""What becomes of an item, as a person decided, and when its episode closes."""

from sqlalchemy import exists, select, update

from bpm import audit
from bpm.feedback.events import ItemDecided
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Decision, Episode, FeedbackItem
from bpm.feedback.status import DecisionKind
from bpm.feedback.triage.distribution import refuse_if_handed_over
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work
from bpm.search import Changed

DECISIONS = tuple(each.value for each in DecisionKind)
"""How an item can end; each needs a reason."""

LONGEST_REASON = 20_000


def decide(work: Work, item_id: int, decision: str, *, reason: str, knowing: bool = False) -> Decision:
    """Say what becomes of an item; the newest decision counts. Its episode closes when nothing in it is left open.

    InvalidInputError without a reason; OpenHandOverError while somebody has it, unless that is known (`knowing`).
    A process may write down what a person decided in its form.
    """
    if decision not in DECISIONS:
        raise InvalidInputError(
            f"{decision!r} is no decision.",
            remedy=f"Use one of {', '.join(DECISIONS)}.",
            fields={"decision": "Choose one."},
        )
    why = _words(reason, "reason", "Say why; colleagues, and later the customer, will read it.")
    item = get_current(work, item_id)
    if not knowing:
        refuse_if_handed_over(work, item)
    row = Decision(item_id=item.id, decision=decision, reason=why, user_id=work.actor.user_id, at=work.now())
    work.session.add(row)
    before = {"decision": item.decision}
    audit.record(
        work, "feedback.decide", feedback_item(item.id), before=before, after={"decision": decision}, reason=why
    )
    item.decision = decision
    work.session.flush()
    _close_when_settled(work, item)
    work.publish(ItemDecided(item.id))
    work.publish(Changed("item", (item.id,)))
    work.nudge("feedback")
    return row


def _words(text: str, field: str, remedy: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise InvalidInputError("Nothing was written.", remedy=remedy, fields={field: remedy})
    if len(words) > LONGEST_REASON:
        too_long = f"At most {LONGEST_REASON} characters."
        raise InvalidInputError("It is too long.", remedy=too_long, fields={field: too_long})
    return words


def _close_when_settled(work: Work, item: FeedbackItem) -> None:
    if item.episode_id is None:
        return
    open_ones = select(FeedbackItem.id).where(
        FeedbackItem.episode_id == item.episode_id, FeedbackItem.current, FeedbackItem.decision.is_(None)
    )
    if not work.session.scalar(select(exists(open_ones))):
        work.session.execute(update(Episode).where(Episode.id == item.episode_id).values(closed_at=work.now()))
