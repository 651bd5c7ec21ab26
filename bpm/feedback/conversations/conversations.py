"""What belongs together: conversations that never close, and the episodes in them.

An item joins a conversation (surest first)
1. of what it answers or of the thread its source names (reply, thread), for the same customer;
2. of the same customer on the same channel, when the last word there is not older than SILENCE;
3. of the same customer on another channel within SILENCE: yesterday's call beats a mail of two years ago;
4. of the same customer on the same channel, however long ago.
Else it opens a new one. Each link carries method, confidence and evidence, so that it can be undone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from bpm.feedback.bulk import insert_all
from bpm.feedback.customers import Person
from bpm.feedback.models import Conversation, Episode, FeedbackItem, ThreadKey
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work

SILENCE = timedelta(days=30)
"""After so long without a word a conversation is dormant, and the next word opens a new episode."""


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


@dataclass
class ConversationBatch:
    """What is known of conversations around one batch: read once, then decided on in memory."""

    talks: dict[int, OpenConversation] = field(default_factory=dict)
    threads: dict[tuple[str, str, Person | None], OpenConversation] = field(default_factory=dict)
    last_on: dict[Person, dict[str, tuple[datetime, OpenConversation]]] = field(default_factory=dict)
    """Person -> channel -> when they last spoke there, and in which conversation."""
    new_keys: list[tuple[str, str, Person | None, OpenConversation]] = field(default_factory=list)


def read_board(work: Work, raws: Sequence[RawItem], people: Sequence[Person | None]) -> ConversationBatch:
    """The conversations that items of a batch may join: three set-based reads, whatever the batch's size."""
    known = {person.id: person for person in people if person is not None and person.id is not None}
    board = ConversationBatch()
    keys = sorted({key for raw in raws for key in _keys(raw)})
    threads = _threads(work, keys)
    lasts = _lasts(work, known)
    moved = _merged(work, {row[3] for row in threads})
    threads = [(*row[:3], moved.get(row[3], row[3])) for row in threads]
    _read_talks(work, board, {row[3] for row in threads} | {row[2] for row in lasts}, known)
    for source, key, customer_key, talk_id in threads:
        if not customer_key or customer_key in known:
            board.threads.setdefault((source, key, known.get(customer_key)), board.talks[talk_id])
    for customer_id, channel, talk_id, said_at in lasts:
        _remember(board, known[customer_id], channel, said_at, board.talks[talk_id])
    return board


def _threads(work: Work, keys: list[str]) -> list[tuple[str, str, int, int]]:
    """(source, key, customer id or 0, conversation) of the names that are known already."""
    found: list[tuple[str, str, int, int]] = []
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        named = work.session.execute(
            select(ThreadKey.source, ThreadKey.key, ThreadKey.customer_key, ThreadKey.conversation_id).where(
                ThreadKey.key.in_(part)
            )
        )
        found += [(row[0], row[1], row[2], row[3]) for row in named]
        items = work.session.execute(
            select(
                FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.customer_id, FeedbackItem.conversation_id
            ).where(FeedbackItem.natural_key.in_(part), FeedbackItem.conversation_id.is_not(None))
        )
        found += [(row[0], row[1], row[2] or 0, row[3] or 0) for row in items]
    return found


def _merged(work: Work, ids: set[int]) -> dict[int, int]:
    """Conversations that are part of another one now."""
    found: dict[int, int] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(Conversation.id, Conversation.merged_into_id).where(
                Conversation.id.in_(wanted[start : start + 500]), Conversation.merged_into_id.is_not(None)
            )
        )
        found.update({row[0]: row[1] or row[0] for row in rows})
    return found


def _lasts(work: Work, known: dict[int, Person]) -> list[tuple[int, str, int, datetime]]:
    found: list[tuple[int, str, int, datetime]] = []
    ids = sorted(known)
    for start in range(0, len(ids), 500):
        rows = work.session.execute(
            select(
                FeedbackItem.customer_id,
                FeedbackItem.channel,
                FeedbackItem.conversation_id,
                func.max(FeedbackItem.placed_at),
            )
            .where(FeedbackItem.customer_id.in_(ids[start : start + 500]), FeedbackItem.conversation_id.is_not(None))
            .group_by(FeedbackItem.customer_id, FeedbackItem.channel, FeedbackItem.conversation_id)
        )
        found += [(row[0] or 0, row[1], row[2] or 0, row[3]) for row in rows]
    return found


def _read_talks(work: Work, board: ConversationBatch, ids: Iterable[int], known: dict[int, Person]) -> None:
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
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


def _keys(raw: RawItem) -> list[str]:
    """Every name by which the item or its thread may be known, what it answers first."""
    return [key for key in (raw.in_reply_to, raw.thread_key, *raw.aliases, raw.natural_key) if key]


def _remember(
    board: ConversationBatch, person: Person, channel: str, said_at: datetime, talk: OpenConversation
) -> None:
    spoke = board.last_on.setdefault(person, {})
    if channel not in spoke or spoke[channel][0] <= said_at:
        spoke[channel] = (said_at, talk)


def join(board: ConversationBatch, raw: RawItem, person: Person | None, said_at: datetime) -> Placement:
    """Decide where an item belongs, and note it on the board for those after it."""
    talk, method, confidence, evidence = _find(board, raw, person, said_at)
    if talk is None:
        talk = OpenConversation(None, person, said_at, said_at)
    episode = _episode(talk, said_at)
    talk.started_at, talk.last_at = min(talk.started_at, said_at), max(talk.last_at, said_at)
    talk.touched = True
    for key in (raw.thread_key, raw.in_reply_to, *raw.aliases):
        if key and (raw.source, key, person) not in board.threads:
            board.threads[raw.source, key, person] = talk
            board.new_keys.append((raw.source, key, person, talk))
    board.threads.setdefault((raw.source, raw.natural_key, person), talk)
    if person is not None:
        _remember(board, person, raw.channel, said_at, talk)
    return Placement(talk, episode, method, confidence, evidence)


def _find(
    board: ConversationBatch, raw: RawItem, person: Person | None, said_at: datetime
) -> tuple[OpenConversation | None, str, float, dict[str, Any]]:
    for key in _keys(raw):
        talk = board.threads.get((raw.source, key, person))
        if talk is not None:
            return talk, "reply" if key == raw.in_reply_to else "thread", 1.0, {"key": key}
    if person is None:
        return None, "first", 1.0, {}
    spoke = board.last_on.get(person, {})
    near = [(abs(said_at - at), channel, talk) for channel, (at, talk) in spoke.items() if abs(said_at - at) <= SILENCE]
    if near and not any(channel == raw.channel for _, channel, _ in near):
        gap, channel, talk = min(near, key=lambda each: each[0])
        evidence = {"channel": channel, "gap_hours": round(gap.total_seconds() / 3600, 1)}
        return talk, "same customer, other channel", 0.8, evidence
    if raw.channel in spoke:
        at, talk = spoke[raw.channel]
        return talk, "same customer and channel", 0.95, {"last_at": at.isoformat()}
    return None, "first", 1.0, {}


def _episode(talk: OpenConversation, said_at: datetime) -> OpenEpisode:
    """The stretch that the instant falls into, give or take SILENCE; a new one when there is none."""
    near = [e for e in talk.episodes if e.opened_at - SILENCE <= said_at <= e.last_at + SILENCE]
    if near:
        episode = min(near, key=lambda e: max(e.opened_at - said_at, said_at - e.last_at))
        episode.opened_at, episode.last_at = min(episode.opened_at, said_at), max(episode.last_at, said_at)
        episode.closed_at, episode.touched = None, True
        return episode
    for open_one in talk.episodes:
        if open_one.closed_at is None and open_one.last_at < said_at:
            open_one.closed_at, open_one.touched = open_one.last_at + SILENCE, True
    episode = OpenEpisode(None, said_at, said_at)
    talk.episodes.append(episode)
    return episode


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
    if board.new_keys:
        work.session.execute(
            insert(ThreadKey),
            [
                {"source": source, "key": key[:400], "customer_key": _id(person) or 0, "conversation_id": talk.id}
                for source, key, person, talk in board.new_keys
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
