"""Where an item belongs: conversations that never close, and the episodes in them. Pure: decides in memory.

An item joins a conversation (surest first)
1. of what it answers or of the thread its source names (reply, thread), whoever takes part in it;
2. of the same person, when subject, time and words say surely that it goes on (see `evidence`); a thread that the
   source keeps apart from another is at most proposed as part of it.
Else it opens a new one, and what is likely but not sure is proposed to a person. Each link carries method, confidence
and evidence, so that it can be undone.
"""

from datetime import datetime
from typing import Any

from bpm.feedback.conversations.board import (
    MOST_STRANDS,
    MOST_WORDS,
    SILENCE,
    ConversationBatch,
    OpenConversation,
    OpenEpisode,
    Placement,
    is_worldwide,
)
from bpm.feedback.conversations.evidence import LINKED, PROPOSED, Judged, Said, Strand, judge
from bpm.feedback.conversations.subject_words import Subject, subject_of
from bpm.feedback.customers import Person
from bpm.feedback.raw_item import RawItem
from bpm.feedback.thanks import is_thanks

_Found = tuple[OpenConversation | None, str, float, dict[str, Any], Judged[OpenConversation] | None]


def join(board: ConversationBatch, raw: RawItem, person: Person | None, placed_at: datetime) -> Placement:
    """Decide where an item belongs, and note it on the board for those after it; see `enter` for the episode."""
    talk, method, confidence, evidence, proposed = _find(board, raw, person)
    waiting = _waiting(board, raw, person)
    if talk is None and waiting:
        talk, method, evidence = waiting.pop(0), "reply", {"key": raw.natural_key}
    if talk is None:
        talk = OpenConversation(None, person)
    _note(board, raw, talk)
    for other in waiting:
        _redirect(board, other, talk)
    subject = _remember(board, person, raw, placed_at, talk) if person is not None else None
    rest = tuple(other for other in waiting if other is not talk)
    return Placement(talk, method, confidence, evidence, proposed, rest, subject)


def apart(person: Person | None) -> Placement:
    """A conversation of its own, known to nobody, for what is held apart."""
    return Placement(OpenConversation(None, person), "held apart", 1.0, {})


def enter(placed: Placement, raw: RawItem, placed_at: datetime) -> None:
    """Put an item into the episode of its conversation that it falls into, whose episodes are known by now."""
    talk = placed.talk
    placed.episode = _episode(talk, placed_at, wakes=not is_thanks(raw.text))
    talk.started_at = min(talk.started_at or placed_at, placed_at)
    talk.last_at = max(talk.last_at or placed_at, placed_at)


def _find(board: ConversationBatch, raw: RawItem, person: Person | None) -> _Found:
    explicit, key = _explicit(board, raw, person)
    if explicit is not None:
        return explicit, "reply" if key == raw.in_reply_to else "thread", 1.0, {"key": key}, None
    if person is None:
        return None, "first", 1.0, {}, None
    text = f"{raw.subject}\n{raw.text}"
    said = Said(raw.channel, raw.source, text, raw.said_at, bool(raw.thread_key or raw.in_reply_to), raw.subject)
    judged = judge(said, board.strands.get(person, ()))
    sure = next((each for each in judged if each.confidence >= LINKED and not each.apart), None)
    if sure is not None:
        same = (sure.strand.channel, sure.strand.source) == (raw.channel, raw.source)
        method = "same customer and channel" if same else "same customer, other channel"
        return sure.strand.talk, method, min(sure.confidence, 0.99), sure.evidence, None
    likely = next((each for each in judged if each.confidence >= PROPOSED), None)
    return None, "first", 1.0, {}, likely


def _explicit(board: ConversationBatch, raw: RawItem, person: Person | None) -> tuple[OpenConversation | None, str]:
    """The conversation of what it answers, else that of its thread; and by which name."""
    for key in (raw.in_reply_to, raw.thread_key):
        place = (raw.source, key)
        talk = board.threads.get(place) if key else None
        if talk is None and key and (key == raw.in_reply_to or _is_its_own(key, board.items.get(place), person)):
            talk = board.items.get(place)
        if talk is None and is_worldwide(key):
            talk = board.anywhere.get(key)
        if talk is not None:
            return talk, key
    return None, ""


def _waiting(board: ConversationBatch, raw: RawItem, person: Person | None) -> list[OpenConversation]:
    """Conversations of those who answered this item before it came."""
    found: list[OpenConversation] = []
    for key in (*raw.aliases, raw.natural_key):
        talk = board.threads.get((raw.source, key)) or (board.anywhere.get(key) if is_worldwide(key) else None)
        if talk is not None and talk not in found and _is_its_own(key, talk, person):
            found.append(talk)
    return found


def _is_its_own(key: str, talk: OpenConversation | None, person: Person | None) -> bool:
    """Whether a name can stand for one thing only: sources count items and threads from 1, each on its own."""
    return (len(key) >= 8 and not key.isdecimal()) or (talk is not None and talk.person is person)


def _note(board: ConversationBatch, raw: RawItem, talk: OpenConversation) -> None:
    for key in (raw.thread_key, raw.in_reply_to, *raw.aliases):
        if key and (raw.source, key) not in board.threads:
            board.threads[raw.source, key] = talk
            board.new_keys.append((raw.source, key, talk))
            if is_worldwide(key):
                board.anywhere.setdefault(key, talk)
    board.items.setdefault((raw.source, raw.natural_key), talk)
    if is_worldwide(raw.natural_key):
        board.anywhere.setdefault(raw.natural_key, talk)


def _redirect(board: ConversationBatch, gone: OpenConversation, talk: OpenConversation) -> None:
    """What pointed to a conversation that turns out to be part of another one."""
    for index in (board.threads, board.items, board.anywhere):
        for key in [key for key, value in index.items() if value is gone]:
            index[key] = talk  # type: ignore[index]  # each index with a key of its own


def _remember(
    board: ConversationBatch, person: Person, raw: RawItem, placed_at: datetime, talk: OpenConversation
) -> Subject:
    """Note what the person speaks about where, one strand a conversation, channel and source; gives what this item is
    about.
    """
    strands = board.strands.setdefault(person, [])
    subject = own = subject_of(f"{raw.subject}\n{raw.text}")
    before = next((s for s in strands if s.talk is talk and (s.channel, s.source) == (raw.channel, raw.source)), None)
    named, title, last_at = bool(raw.thread_key or raw.in_reply_to), raw.subject, placed_at
    if before is not None:
        strands.remove(before)
        both = before.subject | subject
        subject = both if len(both.words) <= MOST_WORDS else subject
        named, title, last_at = before.named or named, before.title, max(before.last_at, placed_at)
    strands.append(Strand(talk, raw.channel, raw.source, last_at, subject, named, title))
    if len(strands) > MOST_STRANDS:
        strands.remove(min(strands, key=lambda strand: strand.last_at))
    return own


def _episode(talk: OpenConversation, placed_at: datetime, *, wakes: bool = True) -> OpenEpisode:
    """The stretch that the instant falls into, give or take SILENCE; a new one when there is none.

    One that was settled is open again, unless the customer only gave thanks (`wakes`).
    """
    near = [e for e in talk.episodes if e.opened_at - SILENCE <= placed_at <= e.last_at + SILENCE]
    if near:
        episode = min(near, key=lambda e: max(e.opened_at - placed_at, placed_at - e.last_at))
        episode.opened_at, episode.last_at = min(episode.opened_at, placed_at), max(episode.last_at, placed_at)
        episode.closed_at, episode.touched = None if wakes else episode.closed_at, True
        return episode
    for open_one in talk.episodes:
        if open_one.closed_at is None and open_one.last_at < placed_at:
            open_one.closed_at, open_one.touched = open_one.last_at + SILENCE, True
    episode = OpenEpisode(None, placed_at, placed_at)
    talk.episodes.append(episode)
    return episode
