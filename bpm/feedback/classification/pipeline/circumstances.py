"""What is known beside the words, as numbers: the question that was answered, and the rating that was given.

An answer is read with its question: "support for maps" is a wish when somebody was asked what to change, and praise
when asked what they like. What a question is for is told by its phrases (`questions.txt`).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bpm.feedback.classification.pipeline.phrase_matcher import read_cues

QUESTION, RATING = "question", "rating"
"""Keys in `Doc.user_data`: the question as it was asked, and the author's number or None."""
QUESTIONS_FILE = Path(__file__).parent / "questions.txt"
PURPOSES = ("likes", "dislikes", "wishes", "leaves", "reasons", "comments", "something else")
"""What a question can be for; several may hold, `something else` alone."""
_WITH = ("leave", "broken", "outage", "wish", "thanks", "joy", "anger", "gripe", "ask", "want", "danger")
"""Cues that mean something else in an answer to a question of each purpose."""
_BRIEF = 6
_RATINGS = ("lowest", "low", "middle", "high", "five", "six", "seven or eight", "nine or ten", "beyond")
QUESTION_SCALE, ANSWER_SCALE, RATING_SCALE = 1.0, 0.6, 0.8
"""How loud each part is beside the n-grams. Set by hand, with a look at sources held out; not searched for."""

_MEANT = tuple(name for name in PURPOSES if name != "something else")
CIRCUMSTANCES = (
    "a question was asked",
    *(f"asked: {purpose}" for purpose in PURPOSES),
    *(f"asked: {purpose}, answered: {cue}" for purpose in _MEANT for cue in (*_WITH, "briefly", "nothing")),
    *(f"rating: {name}" for name in _RATINGS),
)
"""Names of what `circumstances` gives, in order."""
_PLACE = {name: place for place, name in enumerate(CIRCUMSTANCES)}
_NOTHING_KNOWN = np.zeros(len(CIRCUMSTANCES), np.float32)
_NOTHING_KNOWN.flags.writeable = False
_NOTHING = re.compile(
    r"\W*(?:no(?=\W*$)|none|nothing|n/?a\b|nil|not (?:really|sure|at all|applicable|that i|much)|can'?t think"
    r"|no (?:complaints?|comments?|ideas?|issues?|problems?|suggestions?|improvements?|changes?)"
    r"|everything (?:was|is)|all (?:good|fine|ok))\b",
    re.IGNORECASE,
)


def circumstances(
    text: str, words: int, cues: Mapping[str, int], *, question: str, rating: float | None
) -> NDArray[np.float32]:
    """One number for each name of CIRCUMSTANCES; all 0 when nothing is known beside the words."""
    if rating is None and not question:
        return _NOTHING_KNOWN
    values = np.zeros(len(CIRCUMSTANCES), np.float32)
    if rating is not None:
        values[_PLACE[f"rating: {_bucket(rating)}"]] = RATING_SCALE
    if not question.strip():
        return values
    values[0] = QUESTION_SCALE / 2
    for purpose in purposes(question):
        values[_PLACE[f"asked: {purpose}"]] = QUESTION_SCALE
        if purpose in _MEANT:
            for answer in _answered(text, words, cues):
                values[_PLACE[f"asked: {purpose}, answered: {answer}"]] = ANSWER_SCALE
    return values


@lru_cache(maxsize=4096)
def purposes(question: str) -> tuple[str, ...]:
    """What the question is for, by its phrases."""
    plain = " ".join(re.findall(r"[\w']+", question.lower().replace("’", "'")))
    found = tuple(name for name, pattern in _patterns() if pattern.search(plain))
    if "likes" in found and "dislikes" in found and "least" in plain.split():
        found = tuple(name for name in found if name != "likes")
    return found or ("something else",)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    phrases = read_cues(QUESTIONS_FILE.read_text(encoding="utf-8"))
    return tuple(
        (name, re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(each, key=len, reverse=True))) + r")\b"))
        for name, each in phrases.items()
    )


def _answered(text: str, words: int, cues: Mapping[str, int]) -> Iterator[str]:
    yield from (cue for cue in _WITH if cue in cues)
    if words <= _BRIEF:
        yield "briefly"
    if _NOTHING.match(text):
        yield "nothing"


def _bucket(rating: float) -> str:
    """Scales of five and of ten look alike below five; what else is known tells them apart."""
    for limit, name in ((1, "lowest"), (2.5, "low"), (3.5, "middle"), (4.5, "high"), (5, "five"), (6.5, "six")):
        if rating <= limit:
            return name
    return "seven or eight" if rating <= 8.5 else "nine or ten" if rating <= 10 else "beyond"
