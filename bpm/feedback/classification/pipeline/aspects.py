"""What each part of a text speaks of: clauses read one by one, neighbours that say the same put together."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.clauses import clauses, word_set
from bpm.feedback.classification.pipeline.marks import ILL, WELL
from bpm.feedback.classification.pipeline.phrase_matcher import FOUND
from bpm.feedback.classification_result import Aspect

ABOUT = "about-"
"""Begins the names of cues that name a topic."""
ReadClause = Callable[[list[tuple[str, int]]], tuple[str, str | None, float]]
"""Kind, topic (None: too unsure) and sentiment of some neighbouring words."""


def may_be_mixed(doc: Doc) -> bool:
    """Whether it may speak of two things: two topics are named, or it both praises and blames."""
    cues = {name for name, _, _ in doc.user_data.get(FOUND, ())}
    return sum(name.startswith(ABOUT) for name in cues) > 1 or (bool(cues & WELL) and bool(cues & ILL))


COURTESY = word_set(
    "kind best warm regards wishes greetings yours sincerely faithfully truly cheers dear hello hi hey good morning "
    "afternoon evening day sir madam team all thanks thank you many very much in advance the and"
)
"""Words that open and close a letter: a clause of nothing else says nothing."""


def aspects_of(doc: Doc, words: Sequence[tuple[str, int]], read: ReadClause) -> tuple[Aspect, ...]:
    """The aspects of `doc` in reading order; none when all of it says one thing."""
    parts = [part for part in clauses(doc, words) if not _is_courtesy(words[part[0] : part[1]])]
    if len(parts) < 2:
        return ()
    found = _joined([_aspect(doc, list(words[start:end]), read) for start, end in parts])
    return tuple(found) if len(found) > 1 else ()


def _is_courtesy(words: Sequence[tuple[str, int]]) -> bool:
    """At most six of its words; "thank you all very much" as a whole message is no aspect of another one."""
    return len(words) <= 6 and all(word in COURTESY or not word[0].isalpha() for word, _ in words)


def _aspect(doc: Doc, words: list[tuple[str, int]], read: ReadClause) -> Aspect:
    first, last = doc[words[0][1]], doc[words[-1][1]]
    kind, topic, sentiment = read(words)
    return Aspect(first.idx, last.idx + len(last), kind, topic, sentiment)


def _joined(found: Sequence[Aspect]) -> list[Aspect]:
    joined: list[Aspect] = []
    for one in found:
        if joined and _say_the_same(joined[-1], one):
            joined[-1] = _together(joined[-1], one)
        else:
            joined.append(one)
    if len(joined) > 1 and _is_filler(joined[0]):
        joined[:2] = [_together(joined[0], joined[1])]
    return joined


def _say_the_same(before: Aspect, after: Aspect) -> bool:
    if _is_filler(after):
        return True
    if after.topic is None and before.topic is not None:
        return _stance(before) in (0, _stance(after))
    same_topic = before.topic == after.topic or before.topic is None
    return same_topic and _stance(before) == _stance(after)


def _is_filler(one: Aspect) -> bool:
    return one.topic in (None, "other") and _stance(one) == 0


def _together(before: Aspect, after: Aspect) -> Aspect:
    """The two as one; the one with a stance, else the first, says what it is about."""
    leading = after if _is_filler(before) or (before.topic is None and _stance(after)) else before
    topic = leading.topic or before.topic or after.topic
    felt = max(before, after, key=lambda one: abs(one.sentiment)).sentiment
    return replace(leading, start=before.start, end=after.end, topic=topic, sentiment=felt)


def _stance(one: Aspect) -> int:
    return (one.sentiment > 0.33) - (one.sentiment < -0.33)
