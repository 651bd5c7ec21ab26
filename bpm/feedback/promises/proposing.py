"""What our own words promise, and until when: read from English sentences, offered to their author, never made here."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bpm.feedback.promises.english_dates import Deadline, deadline_in

MOST = 5
"""Promises that one text offers."""
LONGEST_READ = 20_000
"""Characters."""

_WILL = re.compile(
    r"\b(?:i|we)(?:['’]ll| will| shall| promise| am going to| are going to|['’]m going to|['’]re going to)\b"
    r"|\byou(?:['’]ll| will| shall| are going to|['’]re going to) (?:get|receive|have|hear|see|find)\b"
    r"|\b(?:it|they|he|she|this|that|your [a-z]+|the [a-z]+|a (?:new )?[a-z]+|somebody|someone|(?:a|my) colleague)"
    r"(?:['’]ll| will| shall) (?:be|arrive|reach|come|get|call|contact|write|ring|reply|answer|send|leave|ship|work)\b"
    r"|\bexpect (?:it|a|an|my|our|the|your)\b",
    re.IGNORECASE,
)
_WILL_NOT = re.compile(r"\b(?:will|shall|going to) (?:not|never|no longer)\b|\bwon['’]t\b|\bif i will\b", re.IGNORECASE)
_SAYING = re.compile(
    r"\b(?:i|we)(?:['’]ll| will) (?:be honest|be frank|admit|say|miss|need|have to (?:ask|apologi[sz]e))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-Z\"“'‘(\d])|\n+")


@dataclass(frozen=True)
class Proposed:
    """A sentence that says what its writer will do; `until` is None where it names no time."""

    text: str
    until: datetime | None
    """UTC; a day without a time of day ends at 23:59 by the writer's clock."""
    said: str = ""
    """The words that name the time."""


def propose(text: str, now: datetime, zone: tzinfo) -> tuple[Proposed, ...]:
    """What the text promises, in its order: at most MOST sentences of our own, quoted lines and questions left out.

    Pure. English; `now` is the instant of writing, `zone` the writer's, in which "tomorrow" and "5 pm" are meant.
    """
    found: list[Proposed] = []
    for sentence in _sentences(text[:LONGEST_READ]):
        if not _promises(sentence):
            continue
        until = deadline_in(sentence, now.astimezone(zone))
        if sentence not in {each.text for each in found}:
            found.append(_proposed(sentence, until, now))
        if len(found) == MOST:
            break
    return tuple(found)


def _promises(sentence: str) -> bool:
    if sentence.endswith("?") or not _WILL.search(sentence):
        return False
    return not (_WILL_NOT.search(sentence) or _SAYING.search(sentence))


def _proposed(sentence: str, until: Deadline | None, now: datetime) -> Proposed:
    if until is None or until.at <= now:
        return Proposed(sentence, None)
    return Proposed(sentence, until.at.astimezone(UTC), until.said)


def _sentences(text: str) -> list[str]:
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return [each.strip() for each in _SENTENCE_END.split(own) if each.strip()]
