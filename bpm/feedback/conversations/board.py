"""What is known of conversations around one batch: read once by few statements, decided on in memory, written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bpm.feedback.bulk import insert_all, put_all
from bpm.feedback.conversations.evidence import Judged, Strand
from bpm.feedback.conversations.subject_words import LONGEST_LOOKED_AT, Subject, subject_of
from bpm.feedback.customers import Person
from bpm.feedback.models import Conversation, Episode, FeedbackItem, ThreadKey
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work

SILENCE = timedelta(days=30)
"""After so long without a word a conversation is dormant, and the next word opens a new episode."""
MOST_STRANDS = 30
"""Of one person, the newest, that an item is compared with."""
MOST_WORDS = 80
"""Of a subject that grows; beyond, the newest words count alone."""
PART = 500


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
    """A conversation while a batch is decided."""

    id: int | None
    person: Person | None
    started_at: datetime
    last_at: datetime
    episodes: list[OpenEpisode] = field(default_factory=list)
    touched: bool = False


@dataclass(frozen=True)
class Placement:
    """Where an item belongs, by what and how surely."""

    talk: OpenConversation
    episode: OpenEpisode
    method: str
    confidence: float
    evidence: dict[str, Any]
    proposed: Judged[OpenConversation] | None = None
    """Another conversation that it may go on with, for a person to say."""
    waiting: tuple[OpenConversation, ...] = ()
    """Conversations of replies that came before it: they are part of this one."""


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


def keys_of(raw: RawItem) -> list[str]:
    """Every name by which the item or its thread may be known, what it answers first."""
    return [key for key in (raw.in_reply_to, raw.thread_key, *raw.aliases, raw.natural_key) if key]


def read_board(work: Work, raws: Sequence[RawItem], people: Sequence[Person | None]) -> ConversationBatch:
    """The conversations that items of a batch may join: set-based reads, whatever the batch's size."""
    known = {person.id: person for person in people if person is not None and person.id is not None}
    board = ConversationBatch()
    threads, items = _threads(work, sorted({key for raw in raws for key in keys_of(raw)}))
    lasts = _lasts(work, known)
    moved = _merged(work, {row[2] for row in (*threads, *items)})
    _read_talks(
        work, board, {moved.get(row[2], row[2]) for row in (*threads, *items)} | {row.talk_id for row in lasts}, known
    )
    for rows, index in ((threads, board.threads), (items, board.items)):
        for source, key, talk_id in rows:
            talk = board.talks[moved.get(talk_id, talk_id)]
            index.setdefault((source, key), talk)
            if is_worldwide(key):
                board.anywhere.setdefault(key, talk)
    named = _named(work, {row.talk_id for row in lasts})
    for row in lasts:
        is_named = (row.talk_id, row.source) in named
        strand = Strand(
            board.talks[row.talk_id], row.channel, row.source, row.last_at, row.subject, is_named, row.title
        )
        board.strands.setdefault(known[row.customer_id], []).append(strand)
    return board


def _threads(work: Work, keys: list[str]) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """(source, key, conversation) of the names of threads, and of the items, that are known already, oldest first."""
    threads: list[tuple[str, str, int]] = []
    items: list[tuple[str, str, int]] = []
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        named = work.session.execute(
            select(ThreadKey.source, ThreadKey.key, ThreadKey.conversation_id)
            .where(ThreadKey.key.in_(part))
            .order_by(ThreadKey.id)
        )
        threads += [(row[0], row[1], row[2]) for row in named]
        said = work.session.execute(
            select(FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.conversation_id)
            .where(FeedbackItem.natural_key.in_(part), FeedbackItem.conversation_id.is_not(None))
            .order_by(FeedbackItem.id.desc())
        )
        items += [(row[0], row[1], row[2] or 0) for row in said]
    return threads, items


def _merged(work: Work, ids: set[int]) -> dict[int, int]:
    """Conversations that are part of another one now."""
    found: dict[int, int] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), PART):
        rows = work.session.execute(
            select(Conversation.id, Conversation.merged_into_id).where(
                Conversation.id.in_(wanted[start : start + PART]), Conversation.merged_into_id.is_not(None)
            )
        )
        found.update({row[0]: row[1] or row[0] for row in rows})
    return found


@dataclass(frozen=True)
class _Last:
    customer_id: int
    talk_id: int
    channel: str
    source: str
    last_at: datetime
    ids: tuple[int, int]
    subject: Subject = field(default_factory=Subject)
    title: str = ""


def _lasts(work: Work, known: dict[int, Person]) -> list[_Last]:
    """The newest strands of each person, with what their first and their last item are about."""
    found: dict[int, list[_Last]] = {}
    ids = sorted(known)
    for start in range(0, len(ids), PART):
        rows = work.session.execute(
            select(
                FeedbackItem.customer_id,
                FeedbackItem.conversation_id,
                FeedbackItem.channel,
                FeedbackItem.source,
                func.max(FeedbackItem.placed_at),
                func.min(FeedbackItem.id),
                func.max(FeedbackItem.id),
            )
            .where(
                FeedbackItem.customer_id.in_(ids[start : start + PART]),
                FeedbackItem.conversation_id.is_not(None),
                FeedbackItem.held_at.is_(None),
            )
            .group_by(FeedbackItem.customer_id, FeedbackItem.conversation_id, FeedbackItem.channel, FeedbackItem.source)
        )
        for row in rows:
            last = _Last(row[0] or 0, row[1] or 0, row[2], row[3], row[4], (row[5], row[6]))
            found.setdefault(last.customer_id, []).append(last)
    newest = [last for each in found.values() for last in sorted(each, key=lambda one: one.last_at)[-MOST_STRANDS:]]
    return _with_subjects(work, newest)


def _with_subjects(work: Work, lasts: list[_Last]) -> list[_Last]:
    subjects: dict[int, Subject] = {}
    titles: dict[int, str] = {}
    wanted = sorted({item_id for last in lasts for item_id in last.ids})
    for start in range(0, len(wanted), PART):
        for item_id, title, text in work.session.execute(
            select(FeedbackItem.id, FeedbackItem.subject, func.substr(FeedbackItem.text, 1, LONGEST_LOOKED_AT)).where(
                FeedbackItem.id.in_(wanted[start : start + PART])
            )
        ):
            subjects[item_id], titles[item_id] = subject_of(f"{title} {text}"), title
    return [
        _Last(
            last.customer_id, last.talk_id, last.channel, last.source, last.last_at, last.ids,
            subjects[last.ids[0]] | subjects[last.ids[1]], titles[last.ids[0]],
        )
        for last in lasts
    ]  # fmt: skip


def _named(work: Work, talk_ids: set[int]) -> set[tuple[int, str]]:
    """(conversation, source) where the source itself names the thread."""
    found: set[tuple[int, str]] = set()
    wanted = sorted(talk_ids)
    for start in range(0, len(wanted), PART):
        rows = work.session.execute(
            select(ThreadKey.conversation_id, ThreadKey.source)
            .where(ThreadKey.conversation_id.in_(wanted[start : start + PART]))
            .distinct()
        )
        found |= {(row[0], row[1]) for row in rows}
    return found


def _read_talks(work: Work, board: ConversationBatch, ids: Iterable[int], known: dict[int, Person]) -> None:
    wanted = sorted(ids)
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        for row in work.session.execute(
            select(Conversation.id, Conversation.customer_id, Conversation.started_at, Conversation.last_at).where(
                Conversation.id.in_(part)
            )
        ):
            board.talks[row.id] = OpenConversation(row.id, known.get(row.customer_id or 0), row.started_at, row.last_at)
        for episode in work.session.execute(
            select(Episode.id, Episode.conversation_id, Episode.opened_at, Episode.last_at, Episode.closed_at)
            .where(Episode.conversation_id.in_(part))
            .order_by(Episode.opened_at)
        ):
            stretch = OpenEpisode(episode.id, episode.opened_at, episode.last_at, episode.closed_at)
            board.talks[episode.conversation_id].episodes.append(stretch)


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
    if old := [talk for talk in talks if talk not in set(fresh)]:
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
