"""A conversation, or all of one person, in a few lines to remember by; each quotes its source and leads there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from bpm.feedback.models import Classification, Conversation, Customer, FeedbackItem, Promise, Reply
from bpm.feedback.status import PromiseStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User

MOST_PROMISES = 5


@dataclass(frozen=True)
class RefresherLine:
    """One line to remember by; it quotes its source and leads there."""

    label: str
    text: str
    at: datetime
    item_id: int
    reply_id: int | None = None
    promise_id: int | None = None

    @property
    def source(self) -> tuple[int, int | None, int | None]:
        """What it quotes: item, reply and promise."""
        return self.item_id, self.reply_id, self.promise_id


@dataclass(frozen=True)
class Refresher:
    """A conversation or a person in a few lines, all taken word for word."""

    first_at: datetime
    items: int
    channels: tuple[str, ...]
    exchange: tuple[RefresherLine, ...]
    """Per channel: what the customer said last, and what we answered last."""
    open: tuple[RefresherLine, ...]
    """What nobody has decided on yet, the oldest first."""
    topics: tuple[RefresherLine, ...]
    people: tuple[RefresherLine, ...]
    """Colleagues who answered, with their last words."""
    promises: tuple[RefresherLine, ...] = ()
    """What we promised and have not kept yet, the one due first."""


def refresher(work: Work, conversation_id: int) -> Refresher:
    """The conversation in a few lines; NotFoundError when there is none."""
    talk = work.session.get(Conversation, conversation_id)
    if talk is None:
        raise NotFoundError(_("There is no conversation %(conversation_id)s.") % {"conversation_id": conversation_id})
    return _refresh(work, FeedbackItem.conversation_id == conversation_id, talk.started_at)


def refresher_of_customer(work: Work, customer_id: int) -> Refresher:
    """Everything between a customer and us in a few lines; NotFoundError when there is no such customer."""
    customer = work.session.get(Customer, customer_id)
    if customer is None:
        raise NotFoundError(_("There is no customer %(customer_id)s.") % {"customer_id": customer_id})
    first = select(func.min(FeedbackItem.placed_at)).where(FeedbackItem.customer_id == customer_id)
    began = work.session.scalar(first) or customer.created_at
    return _refresh(work, FeedbackItem.customer_id == customer_id, began, customer_id=customer_id)


def _refresh(
    work: Work, within: ColumnElement[bool], first_at: datetime, *, customer_id: int | None = None
) -> Refresher:
    channels = {
        channel: (number, newest)
        for channel, number, newest in work.session.execute(
            select(FeedbackItem.channel, func.count(FeedbackItem.id), func.max(FeedbackItem.placed_at))
            .where(within, FeedbackItem.current)
            .group_by(FeedbackItem.channel)
        )
    }
    order = sorted(channels, key=lambda channel: channels[channel][1], reverse=True)
    answers = _last_answers(work, within)
    exchange: list[RefresherLine] = []
    for channel in order:
        newest = _newest(work, within, channel)
        exchange += [newest] if newest else []
        exchange += [line for line in answers if line.label == f"we, {channel}"]
    return Refresher(
        first_at=first_at,
        items=sum(number for number, _ in channels.values()),
        channels=tuple(order),
        exchange=tuple(exchange),
        open=_open(work, within),
        topics=_topics(work, within),
        people=_people(work, within),
        promises=_promises(work, within, customer_id),
    )


def _promises(work: Work, within: ColumnElement[bool], customer_id: int | None) -> tuple[RefresherLine, ...]:
    """Promises about an item in it, or made to the customer; they lead to the item, or to the customer's newest."""
    theirs: ColumnElement[bool] = Promise.item_id.in_(select(FeedbackItem.id).where(within))
    if customer_id is not None:
        theirs = or_(theirs, and_(Promise.item_id.is_(None), Promise.customer_id == customer_id))
    newest = select(func.max(FeedbackItem.id)).where(FeedbackItem.customer_id == Promise.customer_id).scalar_subquery()
    item_id = func.coalesce(Promise.item_id, newest)
    rows = work.session.execute(
        select(Promise.id, Promise.text, Promise.until_at, Promise.reply_id, Promise.status, item_id.label("item_id"))
        .where(theirs, Promise.status.in_((PromiseStatus.OPEN, PromiseStatus.BROKEN)), item_id.is_not(None))
        .order_by(Promise.until_at, Promise.id)
        .limit(MOST_PROMISES)
    )
    return tuple(
        RefresherLine(_label(row.until_at <= work.now()), row.text, row.until_at, row.item_id, row.reply_id, row.id)
        for row in rows
    )


def _label(late: bool) -> str:  # noqa: FBT001 (one of two words)
    return _("we promised, overdue") if late else _("we promised")


def _newest(work: Work, within: ColumnElement[bool], channel: str) -> RefresherLine | None:
    row = work.session.execute(
        select(FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .where(within, FeedbackItem.current, FeedbackItem.channel == channel)
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(1)
    ).one_or_none()
    return RefresherLine(f"customer, {channel}", row[0], row[1], row[2]) if row else None


def _left(within: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Replies to these items that the customer can have."""
    return Reply.item_id.in_(select(FeedbackItem.id).where(within)), Reply.sent_at.is_not(None)


def _last_answers(work: Work, within: ColumnElement[bool]) -> list[RefresherLine]:
    newest = select(func.max(Reply.id)).where(*_left(within)).group_by(Reply.channel)
    rows = work.session.scalars(select(Reply).where(Reply.id.in_(newest)))
    return [RefresherLine(f"we, {row.channel}", row.text, row.approved_at, row.item_id, row.id) for row in rows]


def _open(work: Work, within: ColumnElement[bool]) -> tuple[RefresherLine, ...]:
    rows = work.session.execute(
        select(FeedbackItem.channel, FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .where(within, FeedbackItem.current, FeedbackItem.decision.is_(None))
        .order_by(FeedbackItem.placed_at)
        .limit(3)
    )
    return tuple(RefresherLine(*row) for row in rows)


def _topics(work: Work, within: ColumnElement[bool]) -> tuple[RefresherLine, ...]:
    newest = (
        select(func.max(FeedbackItem.id))
        .join(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .where(within, FeedbackItem.current, Classification.topic.is_not(None))
        .group_by(Classification.topic)
    )
    rows = work.session.execute(
        select(Classification.topic, FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .join(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .where(FeedbackItem.id.in_(newest))
        .order_by(FeedbackItem.placed_at.desc())
        .limit(5)
    )
    return tuple(RefresherLine(row[0] or "", row[1], row[2], row[3]) for row in rows)


def _people(work: Work, within: ColumnElement[bool]) -> tuple[RefresherLine, ...]:
    newest = select(func.max(Reply.id)).where(*_left(within)).group_by(Reply.author_user_id)
    rows = work.session.execute(
        select(User.display_name, Reply).join(User, User.id == Reply.author_user_id).where(Reply.id.in_(newest))
    )
    return tuple(RefresherLine(name, row.text, row.approved_at, row.item_id, row.id) for name, row in rows)
