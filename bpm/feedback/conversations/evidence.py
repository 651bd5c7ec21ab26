"""How surely an item goes on with a conversation of its author's: evidence added up, pure.

Each piece of evidence moves the log-odds (logistic model with hand-set weights; checked on 300 labelled hops in
tests/feedback/conversations/hops.py). At LINKED the item joins by itself, from PROPOSED on a person is asked, below
that nothing is said: a wrong link shows somebody's words in the wrong place, a missing one costs a look.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from bpm.feedback.conversations.subject_words import (
    Subject,
    as_written,
    goes_on,
    names_channel,
    starts_anew,
    subject_of,
)

Talk = TypeVar("Talk")

LINKED, PROPOSED = 0.8, 0.5
"""Confidence from which an item is linked, and from which it is proposed."""
MANY_WORDS = 2
"""Words of a subject from which having none in common speaks against."""

_ANYTHING = -1.2
_ALONE = 0.8
"""Nobody else's conversation comes into question."""
_RIVAL = -0.9
"""Another one fits nearly as well."""
_SAME_CHANNEL = 1.6
_HOURS = ((1, 1.6), (6, 1.3), (26, 1.0), (72, 0.5), (7 * 24, 0.0), (14 * 24, -0.6), (31 * 24, -1.4))
_LONG_AGO, _LONG_AGO_HERE = -3.5, -1.0
_ALIKE = ((0.5, 2.6), (0.3, 1.9), (0.15, 1.0), (0.0001, 0.2))
_UNLIKE = -1.7
_SAME_NUMBER, _OTHER_NUMBER = 3.6, -2.6
_HOPELESS = -_ALONE - 0.1
"""With so little evidence a conversation is not in question, whatever others there are."""
_GOES_ON, _NAMES_IT, _ANEW, _ANSWERS = 1.3, 2.0, -2.4, 2.6

_REPLY = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|rif|ref|res|odp|ynt|rv|tr|ang|答复|回复)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)


@dataclass(frozen=True)
class Strand(Generic[Talk]):
    """What a person said in one conversation on one channel: when last, about what; `named`: its source names it."""

    talk: Talk
    channel: str
    source: str
    last_at: datetime
    subject: Subject
    named: bool = False
    title: str = ""
    """The subject line of its first item."""


@dataclass(frozen=True)
class Said:
    """What of a new item counts: `at` None when nobody knows when it was said; `named`: it begins a named thread."""

    channel: str
    source: str
    text: str
    at: datetime | None
    named: bool = False
    title: str = ""


@dataclass(frozen=True)
class Judged(Generic[Talk]):
    """A conversation with how surely the item goes on with it, and by what."""

    strand: Strand[Talk]
    confidence: float
    evidence: dict[str, Any]
    apart: bool = False
    """The source itself keeps the two apart: never linked, at most proposed."""


def judge(said: Said, strands: Sequence[Strand[Talk]]) -> list[Judged[Talk]]:
    """The conversations in question (from PROPOSED on), the surest first; each once, by its best strand."""
    if not strands:
        return []
    subject = subject_of(said.text)
    scored = sorted(
        ((*_score(said, subject, strand), strand) for strand in strands), key=lambda each: each[0], reverse=True
    )
    best: dict[int, tuple[float, list[dict[str, Any]], Strand[Talk]]] = {}
    for score, evidence, strand in scored:
        best.setdefault(id(strand.talk), (score, evidence, strand))
    judged = []
    for score, evidence, strand in best.values():
        rivals = sum(other > score - 1.0 for other, _, _ in best.values()) - 1
        total = score + (_RIVAL if rivals else _ALONE if len(best) == 1 else 0.0)
        confidence = round(1 / (1 + math.exp(-total)), 2)
        if confidence >= PROPOSED:
            told = _told(said, strand, evidence) | ({"others": rivals} if rivals else {})
            judged.append(Judged(strand, confidence, told, _is_apart(said, strand)))
        elif score < _HOPELESS:
            break  # those behind it score less still
    return judged


def _told(said: Said, strand: Strand[Talk], evidence: list[dict[str, Any]]) -> dict[str, Any]:
    """The evidence as a person reads it: words as they are written."""
    told: dict[str, Any] = {"channel": strand.channel}
    for each in evidence:
        told |= each
    return told | ({"words": as_written(said.text, told["words"])[:6]} if "words" in told else {})


def _is_apart(said: Said, strand: Strand[Talk]) -> bool:
    same = said.named and strand.named and (said.source, said.channel) == (strand.source, strand.channel)
    return same and not answers(said.title, strand.title)


def answers(title: str, first: str) -> bool:
    """Whether a subject line says that it answers another one: for mails whose headers were lost."""
    prefix = _REPLY.match(title)
    if prefix is None:
        return False
    known = _REPLY.match(first)
    bare = first[known.end() :] if known else first
    return bool(bare.strip()) and title[prefix.end() :].strip().casefold() == bare.strip().casefold()


def _score(said: Said, subject: Subject, strand: Strand[Talk]) -> tuple[float, list[dict[str, Any]]]:
    same_channel = (said.channel, said.source) == (strand.channel, strand.source)
    gains = [_by_time(said, strand, same_channel=same_channel), _by_subject(subject, strand.subject)]
    gains.append(_by_words(said.text, strand.channel, same_channel=same_channel))
    if said.title and answers(said.title, strand.title):
        gains.append((_ANSWERS, {"subject": strand.title[:80]}))
    score = _ANYTHING
    for gain, _evidence in gains:
        score += gain
    return score + (_SAME_CHANNEL if same_channel else 0.0), [told for _gain, told in gains]


def _by_time(said: Said, strand: Strand[Talk], *, same_channel: bool) -> tuple[float, dict[str, Any]]:
    if said.at is None:
        return -1.4, {"gap_hours": None}
    hours = abs((said.at - strand.last_at).total_seconds()) / 3600
    place = bisect_left(_HOURS, (hours,))
    gain = _HOURS[place][1] if place < len(_HOURS) else _LONG_AGO
    return max(gain, _LONG_AGO_HERE) if same_channel else gain, {"gap_hours": round(hours, 1)}


def _by_subject(one: Subject, other: Subject) -> tuple[float, dict[str, Any]]:
    numbers = one.references & other.references
    if numbers:
        return _SAME_NUMBER, {"number": min(numbers)}
    against = _OTHER_NUMBER if one.references and other.references else 0.0
    shared = one.words & other.words
    if not shared:
        few = min(len(one.words), len(other.words)) < MANY_WORDS
        return against + (0.0 if few else _UNLIKE), {}
    weight = len(shared) - 0.2 * sum(word[0] == "=" for word in shared)
    alike = weight / (min(len(one.words), len(other.words), 12) + 1)
    gain = next(gain for least, gain in _ALIKE if alike >= least)
    return against + gain, {"words": shared}


def _by_words(text: str, channel: str, *, same_channel: bool) -> tuple[float, dict[str, Any]]:
    gain, told = 0.0, {}
    if named := ("" if same_channel else names_channel(text, channel)):
        gain, told = _NAMES_IT, {"says": named[:60]}
    elif more := goes_on(text):
        gain, told = _GOES_ON, {"says": more[:60]}
    return gain + (_ANEW if starts_anew(text) else 0.0), told
