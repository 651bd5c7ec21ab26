"""The queue port: it only nudges, the database holds the truth, so a lost nudge costs a sweep's pause and no more."""

import threading
from typing import Protocol


class Queue(Protocol):
    """Wakes whoever waits for work or for news."""

    def nudge(self, topic: str) -> None:
        """Say that there is something new under `topic`; never blocks."""

    def wait(self, seen: int, *, timeout: float) -> int:
        """Block until something newer than `seen` was nudged or `timeout` seconds went by; gives the newest mark."""


class EmbeddedQueue:
    """Worker and web server share one process: a condition and a counter."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._mark = 0

    def nudge(self, topic: str) -> None:
        with self._condition:
            self._mark += 1
            self._condition.notify_all()

    def wait(self, seen: int, *, timeout: float) -> int:
        with self._condition:
            self._condition.wait_for(lambda: self._mark > seen, timeout)
            return self._mark
