"""A letter: what somebody told us in order, what became of each, and as many of them as 20 kB hold. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import escape

from bpm.feedback.portal import Said
from bpm.feedback.privacy.mask import mask
from bpm.foundation.texts import _
from bpm.processes.trails import Names, PublicStep, PublicTrail, Stage, Trail, publish
from bpm.processes.trails.publishing import CHANNEL_WORDS

HEAVIEST = 12_000
"""Bytes of all that was said and answered on one page; the frame, its style and its forms take the rest of 20 kB."""
LONGEST, LONGEST_WORDS = 2_000, 800
"""Bytes of one text on a page, and of what a step says."""
MOST = 3
"""Answers, and changes, of one entry."""
_LINK = re.compile(r"\{link(?::\d+)?\}")
PER_ENTRY, PER_STEP = 420, 150
"""Bytes of the marks around a text and around a step, counted generously."""

WISHES: Mapping[str, str] = {
    "answer": _("here"),
    "not_solved": _("here, to say that it is not solved"),
    "vent": _("here, in private"),
    "person": _("here, to talk to a person"),
    "comment": _("about a proposal"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that was said, and what became of it."""

    item_id: int
    at: datetime
    where: str
    subject: str
    text: str
    trail: PublicTrail

    @property
    def weight(self) -> int:
        """About how many bytes of HTML it makes."""
        steps = sum(PER_STEP + bytes_of(step.words) + bytes_of(step.said) for step in self.trail.steps)
        return PER_ENTRY + bytes_of(self.text) + bytes_of(self.subject) + steps


def bytes_of(text: str) -> int:
    """Bytes that a text takes as HTML."""
    return len(str(escape(text)).encode("utf-8", "replace"))


def cut(text: str, most: int) -> str:
    """The text, or its beginning where it takes more bytes than that as HTML."""
    if bytes_of(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if bytes_of(text[:middle]) <= most else (low, middle - 1)
    return text[:low].rstrip() + " …"


def entry_of(said: Said, trail: Trail, names: Names) -> Entry:
    """One entry as its author may read it; of many answers and changes the newest."""
    shown = publish(trail, names, mask=lambda text: mask(text).text)
    many = {stage: [each for each in shown.steps if each.stage is stage][-MOST:] for stage in Stage}
    steps = tuple(_cut(step) for stage in Stage for step in many[stage])
    where = WISHES.get(said.wish) or CHANNEL_WORDS.get(said.channel, "")
    return Entry(
        said.item_id, said.said_at or said.placed_at, where, cut(said.subject, 200), cut(said.text, LONGEST),
        PublicTrail(steps, shown.is_done, shown.is_open_again),
    )  # fmt: skip


def _cut(step: PublicStep) -> PublicStep:
    said = cut(_LINK.sub(_("(this page)"), step.said), LONGEST)
    return replace(step, words=cut(step.words, LONGEST_WORDS), said=said)


def fitting(entries: Sequence[Entry]) -> Sequence[Entry]:
    """As many of the newest as one page holds, at least one; given and answered the oldest first."""
    left, taken = HEAVIEST, 0
    for entry in reversed(entries):
        left -= entry.weight
        if left < 0 and taken:
            break
        taken += 1
    return entries[len(entries) - taken :]
