"""Whether an answer to a form looks like spam, by what no person does; pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bpm.foundation.texts import _

FASTEST = timedelta(seconds=3)
"""Nobody reads a form and writes a sentence sooner."""
LONGEST_OPEN = timedelta(days=2)
MOST_LINKS = 2

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What was sent; `trap` is a field that people do not see, `key` tells a form that was opened from any other."""

    text: str
    name: str = ""
    email: str = ""
    page: str = ""
    case: str = ""
    key: str = ""
    trap: str = ""
    open_for: timedelta | None = None
    """How long the form was open; None where nobody can tell."""


def why_held(answer: Answer) -> str:
    """Why the answer waits for a person's look; empty: it comes in."""
    if answer.trap.strip():
        return _("A field that people do not see was filled in.")
    if answer.open_for is None:
        return _("It was not sent by the form.")
    if answer.open_for < FASTEST:
        return _("It was sent sooner than anybody writes.")
    if answer.open_for > LONGEST_OPEN:
        return _("The form had been open for days.")
    if len(_LINK.findall(answer.text)) > MOST_LINKS:
        return _("It holds many links.")
    if _LINK.search(answer.name):
        return _("The name holds a link.")
    return ""
