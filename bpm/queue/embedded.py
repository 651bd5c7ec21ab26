"""The embedded queue: worker and web server share one process, so a condition and a counter are enough."""

import threading
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from sqlalchemy.orm import Session

from bpm.foundation.nudges import Nudge
from bpm.queue.port import Look, QueueReport

EVERYTHING = "*"
"""Topic whose nudges wake everybody, whatever they wait for."""


class EmbeddedQueue:
    """Nudges within one process. Other processes on the same database find work by their sweeps."""

    drives: frozenset[str] = frozenset()
    grace = timedelta(0)

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0
        self._marks: dict[str, int] = {}

    def defer(self, session: Session, nudges: Collection[Nudge]) -> None:
        """Nothing to do: `nudge` comes after the commit."""

    def nudge(self, topic: str) -> None:
        with self._condition:
            self._count += 1
            self._marks[topic] = self._count
            self._condition.notify_all()

    def wait(self, seen: int, *, timeout: float, topics: Collection[str] | None = None) -> int:
        with self._condition:
            self._condition.wait_for(lambda: self._newest(topics) > seen, timeout)
            return self._newest(topics)

    def _newest(self, topics: Collection[str] | None) -> int:
        return self._count if topics is None else max(self._marks.get(topic, 0) for topic in (*topics, EVERYTHING))

    def driving(self, look: Look, *, concurrency: int) -> AbstractContextManager[None]:
        """Nothing to drive: the sweeps find all work."""
        return nullcontext()

    def alone(self, name: str) -> AbstractContextManager[bool]:
        """Always: SQLite lets one writer in at a time anyway."""
        return nullcontext(enter_result=True)

    def report(self) -> QueueReport:
        return QueueReport("sweeps and nudges within the process")

    def close(self) -> None:
        """Nothing is held."""
