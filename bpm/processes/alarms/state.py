"""How a series stands: its phases, its points, and what each period showed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bpm.processes.alarms.series import DayCount, Point, Subject
from bpm.processes.alarms.status import BaselineOrigin


@dataclass(frozen=True)
class Begun:
    """Where a phase of a series begins; `points` once its baseline is frozen."""

    since: date
    origin: BaselineOrigin
    name: str
    version: int = 0
    points: tuple[Point, ...] = ()
    frozen_at: datetime | None = None
    id: int | None = None
    step: int = 7
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """What one period shows: `p` of so much if nothing had changed, `up` whether the figure rose."""

    last_day: date
    p: float
    up: bool
    says: str


@dataclass(frozen=True)
class SeriesState:
    """A series as it stands: every phase, the points of all, what was judged, and why nothing was."""

    subject: Subject
    step: int
    phases: tuple[Begun, ...]
    points: tuple[Point, ...]
    """Of sources that count; those of a frozen baseline as they were then."""
    counts: tuple[DayCount, ...] = ()
    base: Begun | None = None
    """The phase whose limits hold now; None while there are none."""
    judged: Mapping[date, Judged] = field(default_factory=dict)
    with_new: Mapping[date, Judged] = field(default_factory=dict)
    """The same with the new sources in it, where there are any."""
    new_sources: tuple[str, ...] = ()
    provisional: bool = False
    why_not: str = ""
    """Why nothing is judged."""
    to_freeze: tuple[Point, ...] = ()
    """The baseline of `base`, when it has just become whole."""
