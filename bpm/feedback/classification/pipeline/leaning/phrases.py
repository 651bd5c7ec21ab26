"""Turns of speech of a few words that speak for or against a kind; the first that is found counts."""

import re
from collections.abc import Iterator

from bpm.feedback.classification.pipeline.clauses import word_set
from bpm.feedback.classification.pipeline.leaning.heard import Heard

_COSTS = r"(?:prices?|fees?|rents?|fares?|costs?|bills?|rates?) (?:went|gone|go|are|is|were|was)"
_OUT = r"(?:out of (?:order|service|use)|down|broken|offline)"
_SOMEBODY = r"(?:somebody|someone|they|he|she|you|nurse|agent)"
_BLAME = (("complaint", 4.0), ("praise", 0.2), ("other", 0.3))
_PRAISE = (("praise", 4.0), ("complaint", 0.25), ("other", 0.6))
_SETTLED = (("other", 4.0), ("complaint", 0.25), ("outage_report", 0.2))
_PHRASES: tuple[tuple[re.Pattern[str], tuple[tuple[str, float], ...]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), odds)
    for pattern, odds in (
        (rf"not {_OUT} (?:now|any ?more|anymore|any longer)", _SETTLED),
        (rf"no longer {_OUT}|(?:is|are) (?:open|working|running) again", _SETTLED),
        (r"out of (?:order|service)", (("outage_report", 5.0), ("complaint", 0.6), ("praise", 0.2), ("other", 0.3))),
        (r"(?:did|does|do) not (?:have to|need to) (?:chase|remind|wait|ask|call|beg|queue)", _PRAISE),
        (r"(?:did|does|do) not (?:fade|peel|shrink|break|leak|stain|rust|tear|crack|lose|fail|scratch)", _PRAISE),
        (
            rf"{_SOMEBODY} (?:rang|called|answered|replied|responded)(?: \S+){{0,3}} (?:within|same day|at once)",
            _PRAISE,
        ),
        (
            r"(?:i|we) (?:will|would) (?:never|not) (?:return|come|go back|be back|buy|use|order|visit|fly|shop)",
            (*_BLAME, ("cancellation", 3.0)),
        ),
        (r"(?:i|we) will (?:surely |definitely |certainly )?(?:return|come back|be back|come again)", _PRAISE),
        (r"(?:did|does|do|done) nothing|nothing (?:was|is|has been) done|(?:did|does|do) not help", _BLAME),
        (
            r"(?:could|can) not (?:log|get|sign|open|pay|load|access|reach|enter|book)",
            (*_BLAME, ("outage_report", 2.0)),
        ),
        (rf"{_COSTS} (?:up|raised|doubled)", _BLAME),
        (rf"{_COSTS} (?:down|lower|halved)", _PRAISE),
        (r"(?:i|we) (?:will|am going to|are going to) (?:sue|take (?:you|them) to court)", _BLAME),
        (r"question (?:was|is|has been) not answered", _BLAME),
        (
            r"questions? (?:was|were|got|is|has been) (?:an )?answer(?:ed)?",
            (("question", 0.15), ("praise", 2.0), ("other", 2.0)),
        ),
        (
            r"(?:a lot|lots|plenty|much|a good deal) to (?:criticise|criticize|dislike|complain|fix|change|put right)",
            _BLAME,
        ),
    )
)
_FIRST_WORDS = word_set(
    "not no again out rang called answered replied responded return back nothing up down raised doubled lower halved "
    "sue court question questions lots lot plenty much deal"
)


def phrases(heard: Heard) -> Iterator[tuple[str, float]]:
    """Kinds and by what their odds are multiplied."""
    if heard.asks or not heard.having & _FIRST_WORDS:
        return
    text = " ".join(heard.said)
    for pattern, odds in _PHRASES:
        if pattern.search(text):
            yield from odds
            return
