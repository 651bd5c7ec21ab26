"""Where items stand when people are told apart: conversations, their episodes with the service clock, their authors."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select, update

from bpm.feedback.conversations.answered import first_answer
from bpm.feedback.conversations.participants import Part, note_parts
from bpm.feedback.models import (
    Conversation,
    ConversationLink,
    ConversationPerson,
    CustomerLink,
    Episode,
    FeedbackItem,
)
from bpm.feedback.status import Role
from bpm.foundation.work import Work

METHOD = "customers told apart"


def place_items(work: Work, places: Mapping[int, list[int]]) -> None:
    """Put items into conversations and episodes: item -> [conversation, episode]; links say where they came from.

    An item that comes back is there again by what had brought it there first.
    """
    now = work.now()
    for item_id, (talk_id, episode_id) in places.items():
        links = work.session.scalars(
            select(ConversationLink).where(ConversationLink.item_id == item_id).order_by(ConversationLink.id)
        ).all()
        here = next((link for link in links if link.valid_to is None), None)
        if here is not None and here.conversation_id == talk_id:
            continue
        known = next((link for link in links if link.conversation_id == talk_id), None)
        told = {"method": METHOD, "confidence": 1.0, "evidence": {"from": here.conversation_id if here else None}}
        if known is not None:
            told = {"method": known.method, "confidence": known.confidence, "evidence": known.evidence}
        if here is not None:
            here.valid_to = now
        work.session.add(
            ConversationLink(item_id=item_id, conversation_id=talk_id, author=work.actor.name, valid_from=now, **told)
        )
        where = {"conversation_id": talk_id, "episode_id": episode_id}
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id == item_id).values(where))
    work.session.flush()


def set_stretches(work: Work, places: Mapping[int, list[int]]) -> None:
    """Ends and clocks of the conversations and episodes that these items are in or have left, from what is in them."""
    rows = work.session.execute(
        select(ConversationLink.conversation_id).where(ConversationLink.item_id.in_(places)).distinct()
    )
    talks = {row[0] for row in rows} | {place[0] for place in places.values()}
    for talk_id in sorted(talks):
        _set_ends(work, talk_id)
        for episode in work.session.scalars(select(Episode).where(Episode.conversation_id == talk_id)):
            _set_episode(work, episode)


def _set_ends(work: Work, talk_id: int) -> None:
    first, last = work.session.execute(
        select(func.min(FeedbackItem.placed_at), func.max(FeedbackItem.placed_at)).where(
            FeedbackItem.conversation_id == talk_id
        )
    ).one()
    if first is not None:
        values = {"started_at": first, "last_at": last}
        work.session.execute(update(Conversation).where(Conversation.id == talk_id).values(values))


def _set_episode(work: Work, episode: Episode) -> None:
    """From its first to its last word; the clock stops when the first reply to one of its items left."""
    first, last = work.session.execute(
        select(func.min(FeedbackItem.placed_at), func.max(FeedbackItem.placed_at)).where(
            FeedbackItem.episode_id == episode.id
        )
    ).one()
    if first is None:
        return
    episode.opened_at, episode.last_at = first, last
    episode.first_answer_at = work.session.scalar(select(first_answer(episode.id)))


def note_authors(work: Work, talk_ids: Iterable[int]) -> None:
    """Who wrote in these conversations, read again from their items."""
    parts = []
    for talk_id in sorted(set(talk_ids)):
        work.session.execute(
            delete(ConversationPerson).where(
                ConversationPerson.conversation_id == talk_id, ConversationPerson.role == Role.AUTHOR
            )
        )
        for home_id, customer_id, first, last in work.session.execute(
            select(
                CustomerLink.customer_id,
                FeedbackItem.customer_id,
                func.min(FeedbackItem.placed_at),
                func.max(FeedbackItem.placed_at),
            )
            .join(CustomerLink, (CustomerLink.item_id == FeedbackItem.id) & CustomerLink.valid_to.is_(None))
            .where(FeedbackItem.conversation_id == talk_id, FeedbackItem.held_at.is_(None))
            .group_by(CustomerLink.customer_id, FeedbackItem.customer_id)
        ):
            parts += [Part(talk_id, Role.AUTHOR, at, home_id, customer_id) for at in (first, last)]
    note_parts(work, parts)
