"""What is known of conversations around one batch (see `known_talks`), decided on in memory and written once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bpm.feedback.bulk import insert_all, put_all
from bpm.feedback.conversations.evidence import Judged, Strand
from bpm.feedback.conversations.subject_words import Subject
from bpm.feedback.customers import Person
from bpm.feedback.models import Conversation, Episode, ThreadKey
from bpm.foundation.work import Work

SILENCE = timedelta(days=30)
"""After so long without a word a conversation is dormant, and the next word opens a new episode."""
MOST_STRANDS = 12
"""Of one person, the newest, that an item is compared with."""
MOST_WORDS = 80
"""Of a subject that grows; beyond, the newest words count alone."""


@dataclass(eq=False)
class OpenEpisode:
    """An episode while a batch is decided."""

    id: int | None
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None = None
    touched: bool = False


@dataclass(eq=False)
class OpenConversation:
    """A conversation while a batch is decided; `person` is who began it, None when it is nobody of the batch.

    When it began, when somebody last spoke and its episodes are read for those alone that an item joins.
    """

    id: int | None
    person: Person | None
    started_at: datetime | None = None
    last_at: datetime | None = None
    episodes: list[OpenEpisode] = field(default_factory=list)


@dataclass(eq=False)
class Placement:
    """Where an item belongs, by what and how surely."""

    talk: OpenConversation
    method: str
    confidence: float
    evidence: dict[str, Any]
    proposed: Judged[OpenConversation] | None = None
    """Another conversation that it may go on with, for a person to say."""
    waiting: tuple[OpenConversation, ...] = ()
    """Conversations of replies that came before it: they are part of this one."""
    subject: Subject | None = None
    """What the item is about, where somebody is known who says it."""
    episode: OpenEpisode | None = None
    """Set when the item enters it."""


@dataclass
class ConversationBatch:
    """What is known of conversations around one batch: read once, then decided on in memory."""

    talks: dict[int, OpenConversation] = field(default_factory=dict)
    threads: dict[tuple[str, str], OpenConversation] = field(default_factory=dict)
    """(source, name of a thread or of an item that was answered) -> conversation."""
    items: dict[tuple[str, str], OpenConversation] = field(default_factory=dict)
    """(source, the source's own name of an item) -> conversation."""
    anywhere: dict[str, OpenConversation] = field(default_factory=dict)
    """Names that are unique over all sources, such as Message-IDs -> conversation."""
    strands: dict[Person, list[Strand[OpenConversation]]] = field(default_factory=dict)
    new_keys: list[tuple[str, str, OpenConversation]] = field(default_factory=list)


def is_worldwide(key: str) -> bool:
    """Whether a name is unique over all sources: a Message-ID (RFC 5322, 3.6.4), an address of a post."""
    return len(key) >= 12 and ("@" in key or "://" in key) and not any(letter.isspace() for letter in key)


def write(work: Work, board: ConversationBatch, joined: Sequence[Placement]) -> None:
    """Give new conversations and episodes their rows and ids; move the ends of those that grew."""
    talks = list(dict.fromkeys(each.talk for each in joined))
    fresh = [talk for talk in talks if talk.id is None]
    if fresh:
        rows = [{"customer_id": _id(t.person), "started_at": t.started_at, "last_at": t.last_at} for t in fresh]
        ids = insert_all(
            work,
            Conversation,
            rows,
            told_apart_by=(Conversation.customer_id, Conversation.started_at, Conversation.last_at),
        )
        for talk, new_id in zip(fresh, ids, strict=True):
            talk.id = new_id
    _write_episodes(work, talks)
    new = set(fresh)
    if old := [talk for talk in talks if talk not in new]:
        work.session.execute(
            update(Conversation), [{"id": t.id, "started_at": t.started_at, "last_at": t.last_at} for t in old]
        )
    put_all(
        work,
        ThreadKey,
        [
            {"source": source, "key": key[:400], "customer_key": 0, "conversation_id": talk.id}
            for source, key, talk in board.new_keys
        ],
    )


def _write_episodes(work: Work, talks: Sequence[OpenConversation]) -> None:
    fresh = [(talk, episode) for talk in talks for episode in talk.episodes if episode.id is None]
    if fresh:
        rows = [
            {"conversation_id": t.id, "opened_at": e.opened_at, "last_at": e.last_at, "closed_at": e.closed_at}
            for t, e in fresh
        ]
        ids = insert_all(work, Episode, rows, told_apart_by=(Episode.conversation_id, Episode.opened_at))
        for (_, episode), new_id in zip(fresh, ids, strict=True):
            episode.id = new_id
    new = {episode for _, episode in fresh}
    grown = [e for talk in talks for e in talk.episodes if e.touched and e not in new]
    if grown:
        work.session.execute(
            update(Episode),
            [{"id": e.id, "opened_at": e.opened_at, "last_at": e.last_at, "closed_at": e.closed_at} for e in grown],
        )


def _id(person: Person | None) -> int | None:
    return None if person is None else person.id
