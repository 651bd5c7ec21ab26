"""How far a machine's topic may go by itself: by how often people let it stand. Pure.

A label begins as a hint. When people let it stand it is preselected for them, and at last it is taken without asking;
when they begin to overrule it, it falls back. What counts is the lower end of the 95 % interval, so that a few lucky
cases promote nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from bpm.statistics import share

PRESELECTED_FROM, AUTOMATIC_FROM = 0.7, 0.9
"""Lower ends of the interval."""


class Trust(StrEnum):
    """What a machine's label does."""

    HINT = "hint"
    PRESELECTED = "preselected"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Acceptance:
    """`stood` of `n` labels that a person had before them were let stand."""

    stood: int
    n: int

    @property
    def trust(self) -> Trust:
        return trust_of(self.stood, self.n)


def trust_of(stood: int, n: int) -> Trust:
    """What the label may do when people let it stand `stood` times of `n`; ValueError unless 0 <= stood <= n."""
    low = share(stood, n).low
    if low >= AUTOMATIC_FROM:
        return Trust.AUTOMATIC
    return Trust.PRESELECTED if low >= PRESELECTED_FROM else Trust.HINT
