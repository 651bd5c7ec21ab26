"""Customers put together and told apart: merges and splits, each one change that can be undone in any order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.feedback.conversations.board import SILENCE
from bpm.feedback.models import (
    ContactPoint,
    Conversation,
    ConversationLink,
    Customer,
    CustomerLink,
    Episode,
    FeedbackItem,
)
from bpm.feedback.people.changes import CONTACT, CUSTOMER, ITEM, PLACE, Value, make_change
from bpm.foundation.db import lock_in_order
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

BY_LIKELIHOOD = ("same customer and channel", "same customer, other channel")
"""Methods by which an item came to a conversation only because it was this customer's."""


def get_customer(work: Work, customer_id: int) -> Customer:
    """A customer; NotFoundError when there is none, or no more."""
    row = work.session.get(Customer, customer_id)
    if row is None or row.retired_at is not None:
        raise NotFoundError(_("There is no customer %(customer_id)s.") % {"customer_id": customer_id})
    return row


def merge_customers(work: Work, customer_id: int, *, into: int, reason: str = "") -> int:
    """Say that two customers are one; the change's id. What is and comes to either is of `into` until it is undone.

    InvalidInputError when both are the same, ConflictError when one of them is part of another already.
    """
    demand(work.actor, Permission.ANSWER)
    lock_in_order(work.session, Customer, (customer_id, into))
    gone, kept = get_customer(work, customer_id), get_customer(work, into)
    if gone.id == kept.id:
        raise InvalidInputError(_("This is the same customer."), place="into", remedy=_("Choose another one."))
    for each in (gone, kept):
        if each.merged_into_id is not None:
            raise ConflictError(
                _("%(name)s is one with customer %(merged_into_id)s already.")
                % {"name": each.name, "merged_into_id": each.merged_into_id},
                remedy=_("Open that customer."),
            )
    value = Value(CUSTOMER, gone.id, "merged_into_id", None, kept.id)
    return make_change(work, "merge", kept.id, [value], other_id=gone.id, reason=reason)


def split_customer(work: Work, customer_id: int, point_ids: Sequence[int], *, name: str, reason: str = "") -> int:
    """Tell somebody apart who was taken for a customer: the contact points go to a new one; the change's id.

    What was recognised by these contact points goes along. Where it stood in one conversation with words of the one
    who stays, only because it was the same customer, it gets a conversation and episodes of its own; threads that a
    source names stay whole. InvalidInputError when nothing or everything would go.
    """
    demand(work.actor, Permission.ANSWER)
    lock_in_order(work.session, Customer, (customer_id,))
    customer = get_customer(work, customer_id)
    points = list(
        work.session.scalars(
            select(ContactPoint).where(ContactPoint.customer_id == customer.id, ContactPoint.ended_at.is_(None))
        )
    )
    going = [point for point in points if point.id in set(point_ids)]
    if not going or len(going) == len(points):
        raise InvalidInputError(
            _("Choose some of the addresses, not all of them."), place="points", remedy=_("At least one has to stay.")
        )
    fresh = Customer(
        name=(name.strip() or going[0].value)[:200], created_at=work.now(), origin_id=going[0].home_id or customer.id
    )
    fresh.retired_at = work.now()
    work.session.add(fresh)
    work.session.flush()
    lives = Value(CUSTOMER, fresh.id, "retired_at", work.now().isoformat(), None)
    homes = [Value(CONTACT, point.id, "home_id", point.home_id or customer.id, fresh.id) for point in going]
    items = _recognised_by(work, customer.id, going)
    moved = [Value(ITEM, item_id, "home_id", home_id, fresh.id) for item_id, home_id in items.items()]
    places = _apart(work, fresh.id, list(items))
    return make_change(work, "split", customer.id, [lives, *homes, *moved, *places], other_id=fresh.id, reason=reason)


def _recognised_by(work: Work, customer_id: int, points: Sequence[ContactPoint]) -> dict[int, int]:
    """Item -> whose it is by itself: all versions of what these contact points decided."""
    told = {(point.kind.value, point.value) for point in points}
    found: dict[int, int] = {}
    firsts: set[int] = set()
    rows = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.first_id, CustomerLink.customer_id, CustomerLink.evidence)
        .join(CustomerLink, (CustomerLink.item_id == FeedbackItem.id) & CustomerLink.valid_to.is_(None))
        .where(FeedbackItem.customer_id == customer_id)
        .order_by(FeedbackItem.id)
    )
    for item_id, first_id, home_id, evidence in rows:
        if (evidence.get("kind"), evidence.get("value")) in told or first_id in firsts:
            found[item_id] = home_id
            firsts.add(first_id or item_id)
    return found


def _apart(work: Work, fresh_id: int, item_ids: Sequence[int]) -> list[Value]:
    """New conversations for items that stood with those of others only by likelihood."""
    values: list[Value] = []
    for talk_id in _shared_talks(work, item_ids):
        rows = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.episode_id, FeedbackItem.placed_at)
            .where(FeedbackItem.conversation_id == talk_id, FeedbackItem.id.in_(item_ids))
            .order_by(FeedbackItem.placed_at, FeedbackItem.id)
        ).all()
        times = [row.placed_at for row in rows]
        closed = dict(
            work.session.execute(select(Episode.id, Episode.closed_at).where(Episode.conversation_id == talk_id)).all()
        )
        talk = Conversation(customer_id=fresh_id, started_at=times[0], last_at=times[-1])
        work.session.add(talk)
        work.session.flush()
        episodes = _episodes(work, talk.id, [(row.placed_at, closed.get(row.episode_id)) for row in rows])
        values += [
            Value(ITEM, row.id, PLACE, [talk_id, row.episode_id], [talk.id, episode])
            for row, episode in zip(rows, episodes, strict=True)
        ]
    return values


def _shared_talks(work: Work, item_ids: Sequence[int]) -> list[int]:
    """Conversations in which these items stand beside others, where likelihood alone brought one to the other."""
    rows: list[Any] = []
    talks = select(FeedbackItem.conversation_id).where(FeedbackItem.id.in_(item_ids)).distinct()
    rows += work.session.execute(
        select(FeedbackItem.conversation_id, FeedbackItem.id, ConversationLink.method)
        .join(ConversationLink, (ConversationLink.item_id == FeedbackItem.id) & ConversationLink.valid_to.is_(None))
        .where(FeedbackItem.conversation_id.in_(talks), FeedbackItem.supersedes_id.is_(None))
    ).all()
    going = set(item_ids)
    likely = {talk_id for talk_id, _, method in rows if method in BY_LIKELIHOOD}
    explicit = {talk_id for talk_id, _, method in rows if method in ("reply", "thread")}
    staying = {talk_id for talk_id, item_id, _ in rows if item_id not in going}
    return sorted((likely - explicit) & staying)


def _episodes(work: Work, talk_id: int, times: Sequence[tuple[datetime, datetime | None]]) -> list[int]:
    """New episodes for words at these times, in order: a long silence parts them. With when the former one closed."""
    found: list[Episode] = []
    for at, closed_at in times:
        if not found or at - found[-1].last_at > SILENCE:
            episode = Episode(conversation_id=talk_id, opened_at=at, last_at=at, closed_at=closed_at)
            work.session.add(episode)
        else:
            episode = found[-1]
        episode.last_at = at
        found.append(episode)
    work.session.flush()
    return [episode.id for episode in found]
