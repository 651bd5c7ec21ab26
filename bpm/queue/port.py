"""The queue port: it only nudges, the database holds the truth, so a lost nudge costs a sweep's pause and no more."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bpm.foundation.nudges import Nudge, Nudging


@dataclass(frozen=True)
class QueueReport:
    """What an operator is told of the queue."""

    driver: str
    waiting: int = 0
    """Looks that no worker has taken yet."""
    behind_for: timedelta = timedelta(0)
    """How long the oldest of them waits."""
    workers: int = 0
    """Workers heard of within the last half minute."""
    listeners: int = 0
    """Processes that listen for news."""


class OwnWork:
    """The queue as a look sees it: what it leaves to its own instance it does itself, without another look."""

    def __init__(self, queue: "Queue", instance_id: int) -> None:
        self._queue = queue
        self._own = {Nudge(topic, instance_id) for topic in queue.drives}
        self.left = False
        """Whether there was such work since this was last set to False."""

    def defer(self, session: Session, nudges: Collection[Nudge]) -> None:
        others = set(nudges) - self._own
        self.left = self.left or len(others) < len(nudges)
        self._queue.defer(session, others)

    def nudge(self, topic: str) -> None:
        self._queue.nudge(topic)


Look = Callable[[int], None]
"""Does what the instance of that id leaves to a worker; never raises."""


class Queue(Nudging, Protocol):
    """Wakes whoever waits for work or for news."""

    @property
    def drives(self) -> frozenset[str]:
        """Topics whose nudges with an instance come to the workers as looks, so that no sweep need wake for them."""

    @property
    def grace(self) -> timedelta:
        """How long a sweep leaves a job that is due to the look that was deferred for it."""

    def wait(self, seen: int, *, timeout: float, topics: Collection[str] | None = None) -> int:
        """Block until something newer than the mark `seen` was nudged, or `timeout` seconds went by.

        Only `topics` count where they are given. Gives the newest mark.
        """

    def driving(self, look: Look, *, concurrency: int) -> AbstractContextManager[Any]:
        """Within the block, looks are taken by this process, `concurrency` at a time; leaving it ends them in peace."""

    def alone(self, name: str) -> AbstractContextManager[bool]:
        """Whether this process may do `name` now: False while another one that shares the database does it."""

    def report(self) -> QueueReport:
        """How the queue does."""

    def close(self) -> None:
        """Let go of connections; nothing is waited for."""
