"""Reads what is known of conversations around one batch: few statements, whatever its size and whoever speaks in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Table, and_, case, func, select

from bpm.feedback.conversations.board import (
    MOST_STRANDS,
    ConversationBatch,
    OpenConversation,
    OpenEpisode,
    Placement,
    is_worldwide,
)
from bpm.feedback.conversations.evidence import Strand
from bpm.feedback.conversations.subject_words import LONGEST_LOOKED_AT, Subject, read_subject, subject_of
from bpm.feedback.customers import Person
from bpm.feedback.models import WORLDWIDE, Conversation, Episode, FeedbackItem, ThreadKey
from bpm.feedback.raw_item import RawItem
from bpm.foundation.db import among
from bpm.foundation.work import Work

ITEM, TALK, EPISODE, THREAD = (
    cast("Table", each.__table__) for each in (FeedbackItem, Conversation, Episode, ThreadKey)
)
FIRST, LAST = ITEM.alias("first_item"), ITEM.alias("last_item")

_Named = tuple[str, str, int]
"""(source, name, conversation)."""


@dataclass(frozen=True)
class _Names:
    """The names by which a batch may find conversations: of threads, of items at their source, of items anywhere."""

    threads: set[str] = field(default_factory=set)
    items: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    anywhere: set[str] = field(default_factory=set)


def read_board(work: Work, raws: Sequence[RawItem], people: Sequence[Person | None]) -> ConversationBatch:
    """The conversations that items of a batch may join."""
    known = {person.id: person for person in people if person is not None and person.id is not None}
    board, names = ConversationBatch(), _names(raws)
    threads, items = _named_threads(work, names), _named_items(work, names)
    _read_talks(work, board, {row[2] for row in (*threads, *items)}, known)
    for rows, index in ((threads, board.threads), (items, board.items)):
        for source, key, talk_id in rows:
            talk = board.talks[talk_id]
            index.setdefault((source, key), talk)
            if is_worldwide(key):
                board.anywhere.setdefault(key, talk)
    _read_strands(work, board, known)
    return board


def read_episodes(work: Work, board: ConversationBatch, placed: Iterable[Placement]) -> None:
    """When the conversations that items join began and were last spoken in, and their episodes."""
    talks = {each.talk.id: each.talk for each in placed if each.talk.id is not None}
    if not talks:
        return
    ids = {"ids": sorted(talks)}
    for row in work.session.execute(_SPANS, ids):
        talks[row.id].started_at, talks[row.id].last_at = row.started_at, row.last_at
    for episode_id, talk_id, *ends in work.session.execute(_EPISODES, ids):
        talks[talk_id].episodes.append(OpenEpisode(episode_id, *ends))


_SPANS = select(TALK.c.id, TALK.c.started_at, TALK.c.last_at).where(among(TALK.c.id, "ids"))
_EPISODES = (
    select(EPISODE.c.id, EPISODE.c.conversation_id, EPISODE.c.opened_at, EPISODE.c.last_at, EPISODE.c.closed_at)
    .where(among(EPISODE.c.conversation_id, "ids"))
    .order_by(EPISODE.c.opened_at)
)


def _names(raws: Sequence[RawItem]) -> _Names:
    """An item is looked for by what answers it; its own names find the threads of answers that came before it."""
    names = _Names()
    for raw in raws:
        answered = [key for key in (raw.in_reply_to, raw.thread_key) if key]
        keys = [*answered, *raw.aliases, raw.natural_key]
        names.threads.update(keys)
        names.anywhere.update(key for key in keys if is_worldwide(key))
        if answered:
            names.items[raw.source].update(answered)
    return names


_THREADS = select(THREAD.c.source, THREAD.c.key, THREAD.c.conversation_id).order_by(THREAD.c.id)
_ITEMS = (
    select(ITEM.c.source, ITEM.c.natural_key, ITEM.c.conversation_id)
    .where(ITEM.c.conversation_id.is_not(None), among(ITEM.c.natural_key, "names"))
    .order_by(ITEM.c.id.desc())
)


def _named_threads(work: Work, names: _Names) -> list[_Named]:
    """Oldest first."""
    wanted = sorted(names.threads - {""})
    if not wanted:
        return []
    found = work.session.execute(_THREADS.where(among(THREAD.c.key, "names")), {"names": wanted})
    return _as_merged(work, [(row[0], row[1], row[2]) for row in found])


def _named_items(work: Work, names: _Names) -> list[_Named]:
    """Newest first."""
    found: list[_Named] = []
    for source, wanted in names.items.items():
        rows = work.session.execute(_ITEMS.where(ITEM.c.source == source), {"names": sorted(wanted)})
        found += [(row[0], row[1], row[2]) for row in rows]
    if names.anywhere:
        rows = work.session.execute(_ITEMS.where(WORLDWIDE), {"names": sorted(names.anywhere)})
        found += [(row[0], row[1], row[2]) for row in rows]
    return _as_merged(work, found)


def _as_merged(work: Work, rows: list[_Named]) -> list[_Named]:
    """With the conversations that those are part of now."""
    if not rows:
        return rows
    merged = select(TALK.c.id, TALK.c.merged_into_id).where(among(TALK.c.id, "ids"), TALK.c.merged_into_id.is_not(None))
    into = {row[0]: row[1] for row in work.session.execute(merged, {"ids": sorted({row[2] for row in rows})})}
    return [(source, key, into.get(talk_id, talk_id)) for source, key, talk_id in rows]


def _read_talks(work: Work, board: ConversationBatch, ids: set[int], known: Mapping[int, Person]) -> None:
    if ids:
        talks = select(TALK.c.id, TALK.c.customer_id).where(among(TALK.c.id, "ids"))
        for row in work.session.execute(talks, {"ids": sorted(ids)}):
            board.talks[row[0]] = OpenConversation(row[0], known.get(row[1] or 0))


_GROUPED = (ITEM.c.customer_id, ITEM.c.conversation_id, ITEM.c.channel, ITEM.c.source)
_LAST_AT = func.max(ITEM.c.placed_at)
_NEWEST = (
    select(
        *_GROUPED,
        _LAST_AT.label("last_at"),
        func.min(ITEM.c.id).label("first_id"),
        func.max(ITEM.c.id).label("last_id"),
        func.row_number().over(partition_by=ITEM.c.customer_id, order_by=_LAST_AT.desc()).label("place"),
    )
    .where(among(ITEM.c.customer_id, "people"), ITEM.c.conversation_id.is_not(None), ITEM.c.held_at.is_(None))
    .group_by(*_GROUPED)
    .subquery()
)
_IS_NAMED = (
    select(THREAD.c.id)
    .where(THREAD.c.conversation_id == _NEWEST.c.conversation_id, THREAD.c.source == _NEWEST.c.source)
    .exists()
)
_GREW = _NEWEST.c.first_id != _NEWEST.c.last_id
_STRANDS = (
    select(
        _NEWEST.c.customer_id,
        _NEWEST.c.conversation_id,
        TALK.c.customer_id,
        _NEWEST.c.channel,
        _NEWEST.c.source,
        _NEWEST.c.last_at,
        _IS_NAMED,
        FIRST.c.subject,
        FIRST.c.subject_words,
        case((_GREW, LAST.c.subject_words)),
        # Items that an older release kept have their words alone.
        case((FIRST.c.subject_words.is_(None), func.substr(FIRST.c.text, 1, LONGEST_LOOKED_AT))),
        case((and_(_GREW, LAST.c.subject_words.is_(None)), LAST.c.subject)),
        case((and_(_GREW, LAST.c.subject_words.is_(None)), func.substr(LAST.c.text, 1, LONGEST_LOOKED_AT))),
    )
    .join(TALK, TALK.c.id == _NEWEST.c.conversation_id)
    .join(FIRST, FIRST.c.id == _NEWEST.c.first_id)
    .join(LAST, LAST.c.id == _NEWEST.c.last_id)
    .where(_NEWEST.c.place <= MOST_STRANDS)
    .order_by(_NEWEST.c.customer_id, _NEWEST.c.place.desc())
)


def _read_strands(work: Work, board: ConversationBatch, known: Mapping[int, Person]) -> None:
    """The newest strands of each person, oldest first, with what their first and their last item are about."""
    if not known:
        return
    talks, strands = board.talks, board.strands
    for (
        customer_id, talk_id, begun_by, channel, source, last_at, named, title, words, last_words,
        text, last_title, last_text,
    ) in work.session.execute(_STRANDS, {"people": sorted(known)}):  # fmt: skip
        talk = talks.get(talk_id)
        if talk is None:
            talk = talks[talk_id] = OpenConversation(talk_id, known.get(begun_by or 0))
        subject = _subject(words, title, text)
        if last_words is not None or last_text is not None:
            subject |= _subject(last_words, last_title, last_text)
        strand = Strand(talk, channel, source, last_at, subject, bool(named), title)
        strands.setdefault(known[customer_id], []).append(strand)


def _subject(words: str | None, title: str | None, text: str | None) -> Subject:
    return subject_of(f"{title}\n{text}") if words is None else read_subject(words)
