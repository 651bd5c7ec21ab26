"""What one step opened, closed, threw and left waiting, as it is gathered."""

from dataclasses import dataclass, field

from bpm.engine.spiff.step import (
    Closed,
    Fired,
    NewJob,
    NewSubscription,
    NewTimer,
    NewWorkItem,
    Note,
    Opened,
    StepFailure,
    Thrown,
)

MOST_NOTES = 100
"""What the history says of one step beside its visits."""


@dataclass
class Record:
    """What a step opened, closed and left waiting, in order."""

    opened: list[Opened] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    work_items: list[NewWorkItem] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)
    timers: list[NewTimer] = field(default_factory=list)
    subscriptions: list[NewSubscription] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    failures: list[StepFailure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)
