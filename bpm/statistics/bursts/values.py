"""What goes into the detector of bursts and comes out of it, and how careful it is. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Grade = Literal["possible", "proposed"]

ALL = ""
"""The theme of the series that holds every report."""


@dataclass(frozen=True)
class Budget:
    """How many false alarms a week are paid for, over all series together."""

    possible: float = 0.5
    proposed: float = 0.15
    themes: float = 0.3
    """What of it all themes share; the rest is for all reports together."""
    dearer: float = 2.5
    """By what each alarm of the last `remembered` days divides what is left for the next."""
    remembered: float = 45.0


@dataclass(frozen=True)
class Care:
    """From when on, and from how much on, there is an alarm at all."""

    young: float = 3.0
    """Days for which a source does not count."""
    settled: float = 4.0
    """Days; for this long and somewhat more the baseline is doubted: it is taken up to three times as high."""
    people: int = 3
    """Fewer people are never an alarm, not even a "possible" one."""
    proposed_people: int = 4
    unknown: float = 2.3
    """So many times as many are needed where most reports do not say whose they are: one person may stand behind two.
    """
    thin: float = 30.0
    """Where fewer reports came in the last weeks, counted as in 45 days, little is known ..."""
    thinly: float = 1.75
    """... and a proposal takes so many times as many people."""
    times: float = 3.0
    """Below so many times what was expected there is no alarm."""
    calm: float = 2.0
    """Hours without anything unlikely that end an episode."""
    lag: float = 24.0
    """Hours after which an hour teaches the baseline."""
    spread: float = 2.5
    """The overdispersion (variance over mean) that is assumed before anything is known."""


@dataclass(frozen=True, slots=True)
class Report:
    """One item that reports something bad; `person` is who, or any word that tells it apart where nobody knows."""

    at: datetime
    item: str
    person: str
    source: str
    theme: str
    known: bool = True
    """Whether `person` is somebody."""


@dataclass(frozen=True, slots=True)
class Burst:
    """`observed` people within `window` seconds before `at`, where `expected` were to be expected."""

    at: datetime
    theme: str
    level: Grade
    items: tuple[str, ...]
    expected: float
    observed: int
    window: float
    probability: float
