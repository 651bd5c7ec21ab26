"""What to do next: a pure function of harm, promise, clock and waiting. How many people listen is no part of it.

The order is stored with each item, as a rank and the instant by which to act, and depends on no present moment: so it
is read along an index, page by page, and an item moves only when something happens to it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

HARMFUL = frozenset({"complaint", "cancellation", "outage_report"})
"""Kinds that tell of harm whatever their urgency."""
ASKING = frozenset({"request", "question"})


class Harm(IntEnum):
    """How much it hurts to let it wait."""

    NONE = 0
    SOME = 1
    MUCH = 2
    SOON = 3
    NOW = 4


PATIENCE = {
    Harm.NOW: timedelta(hours=1),
    Harm.SOON: timedelta(hours=8),
    Harm.MUCH: timedelta(days=1),
    Harm.SOME: timedelta(days=3),
    Harm.NONE: timedelta(days=14),
}
"""How long something may wait where no clock and no promise says so."""
IN_HAND = 10
"""Added to the rank of what was answered or asks for nothing: it comes after all that waits."""
UNREAD = (Harm.NOW - Harm.MUCH) * 2
"""Rank of what nobody has read yet."""


@dataclass(frozen=True)
class Place:
    """Where an item stands: the lowest rank first, then the earliest instant."""

    rank: int
    act_by: datetime


def harm_of(kind: str | None, urgency: int | None) -> Harm:
    """By its urgency (0 to 3, which rules of severity raise) and by its kind; unread: much, until it is read."""
    if kind is None or urgency is None:
        return Harm.MUCH
    if urgency >= 2:
        return Harm.NOW if urgency >= 3 else Harm.SOON
    if kind in HARMFUL:
        return Harm.MUCH
    return Harm.SOME if urgency == 1 or kind in ASKING else Harm.NONE


def place(
    harm: Harm,
    *,
    waiting_since: datetime,
    promised_until: datetime | None = None,
    due_at: datetime | None = None,
    in_hand: bool = False,
) -> Place:
    """More harm first; of two alike the promised one; then what is due first, by promise or clock, else by patience."""
    rank = (Harm.NOW - harm) * 2 - (1 if promised_until is not None else 0)
    known = [each for each in (promised_until, due_at) if each is not None]
    act_by = min(known) if known else waiting_since + PATIENCE[harm]
    return Place(rank + (IN_HAND if in_hand and promised_until is None else 0), act_by)
