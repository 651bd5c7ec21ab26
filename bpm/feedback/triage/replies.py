"""What people do with an item: answer it, decide what becomes of it."""

from datetime import datetime

from sqlalchemy import exists, select, update

from bpm import audit
from bpm.feedback.conversations.participants import Part, note_parts
from bpm.feedback.events import ItemDecided, ReplySent
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Decision, Episode, FeedbackItem, Reply
from bpm.feedback.status import DecisionKind, ReplyStatus, Role
from bpm.feedback.triage.distribution import refuse_if_handed_over
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.search import Changed

DECISIONS = tuple(each.value for each in DecisionKind)
"""How an item can end; each needs a reason."""

LONGEST_REPLY = 20_000


def reply(work: Work, item_id: int, text: str) -> Reply:
    """Answer an item in the name of the person who acts; kept to be sent by hand, as no channel sends yet.

    ForbiddenError unless a person with the right to answer acts: no process, token or machine speaks to customers.
    """
    if work.actor.user_id is None:
        raise ForbiddenError("Only a named person can answer a customer.", remedy="Draft it and let a person send it.")
    demand(work.actor, Permission.ANSWER)
    words = _words(text, "text", "Write what you want to say.")
    item = get_current(work, item_id)
    if item.conversation_id is None:
        raise ConflictError("The item is in no conversation yet.", remedy="Try again in a moment.")
    row = Reply(
        item_id=item.id,
        conversation_id=item.conversation_id,
        author_user_id=work.actor.user_id,
        approved_at=work.now(),
        text=words,
        channel=item.channel,
        status=ReplyStatus.KEPT,
    )
    work.session.add(row)
    item.answered_at = item.answered_at or work.now()
    _first_answer(work, item, work.now())
    note_parts(work, [Part(item.conversation_id, Role.AGENT, work.now(), user_id=work.actor.user_id)])
    work.session.flush()
    kept = {"reply": row.id, "channel": row.channel, "status": row.status, "characters": len(words)}
    audit.record(work, "feedback.reply", feedback_item(item.id), before={"reply": None}, after=kept)
    work.publish(ReplySent(item.id, row.id))
    work.publish(Changed("item", (item.id,)))
    work.publish(Changed("reply", (row.id,)))
    work.nudge("feedback")
    return row


def mark_sent(work: Work, reply_id: int) -> Reply:
    """Say that a kept reply was sent by hand; a second time changes nothing."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(Reply, reply_id)
    if row is None:
        raise NotFoundError(f"There is no reply {reply_id}.")
    if row.status == ReplyStatus.KEPT:
        row.status, row.sent_at = ReplyStatus.SENT, work.now()
        work.publish(Changed("reply", (row.id,)))
        change = {"status": ReplyStatus.KEPT}, {"status": ReplyStatus.SENT}
        thing = audit.Thing("reply", row.id, f"Reply {row.id}", f"feedback {row.item_id}")
        audit.record(work, "reply.mark_sent", thing, before=change[0], after=change[1])
    return row


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
    if len(words) > LONGEST_REPLY:
        too_long = f"At most {LONGEST_REPLY} characters."
        raise InvalidInputError("It is too long.", remedy=too_long, fields={field: too_long})
    return words


def _first_answer(work: Work, item: FeedbackItem, now: datetime) -> None:
    """The service clock of the episode stops at the first answer, whichever of its items it answers."""
    work.session.execute(
        update(Episode)
        .where(Episode.id == item.episode_id, Episode.first_answer_at.is_(None))
        .values(first_answer_at=now)
    )


def _close_when_settled(work: Work, item: FeedbackItem) -> None:
    if item.episode_id is None:
        return
    open_ones = select(FeedbackItem.id).where(
        FeedbackItem.episode_id == item.episode_id, FeedbackItem.current, FeedbackItem.decision.is_(None)
    )
    if not work.session.scalar(select(exists(open_ones))):
        work.session.execute(update(Episode).where(Episode.id == item.episode_id).values(closed_at=work.now()))
