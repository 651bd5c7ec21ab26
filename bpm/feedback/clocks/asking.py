"""When the customer was asked, and until when: from our words, theirs, and what colleagues said; pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from bpm.feedback.clocks.dues import Pause

_ADDRESS = re.compile(r"https?://\S+")
_QUESTION = re.compile(r"\w[^\n?]{0,400}[?？؟](?=[\s\"”’')\]]|$)")
LONGEST_READ = 4_000


def asks(text: str) -> bool:
    """Whether words of ours ask the customer something: a question mark that ends a sentence of our own."""
    own = "\n".join(line for line in text[:LONGEST_READ].splitlines() if not line.lstrip().startswith(">"))
    return bool(_QUESTION.search(_ADDRESS.sub(" ", own)))


def pauses_of(
    asked: Sequence[datetime], said: Sequence[datetime], by_hand: Sequence[tuple[datetime, datetime | None]]
) -> tuple[Pause, ...]:
    """The times in which the customer was asked.

    `asked`: when words of ours that ask left; `said`: when the customer said something (a bare thanks is none);
    `by_hand`: what colleagues set, and where they let the clocks go on (begin and end are one then).
    """
    ends = sorted({*said, *(end for _begin, end in by_hand if end is not None)})
    begins = [*((at, None) for at in asked), *((begin, end) for begin, end in by_hand if begin != end)]
    found = [Pause(begin, _first(ends, begin, own)) for begin, own in sorted(begins, key=lambda each: each[0])]
    return tuple(pause for pause in found if pause.end is None or pause.end > pause.begin)


def _first(ends: Sequence[datetime], begin: datetime, own: datetime | None) -> datetime | None:
    after = next((end for end in ends if end > begin), None)
    return after if own is None else min(own, after or own)
