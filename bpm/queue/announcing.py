"""One thread of a process tells the others of news, after the commit: what comes close together goes out as one NOTIFY.

A NOTIFY inside a command's transaction takes a lock that all such commits share, and holds it until the disk has
written; one at a time, they would be as slow as the disk. News that are lost here, because the process dies between
its commit and the telling, cost the others a sweep's pause and no more.
"""

import threading
from collections.abc import Collection
from contextlib import suppress
from time import monotonic

import psycopg
from psycopg.conninfo import make_conninfo

from bpm.foundation.telemetry import logger
from bpm.queue.listening import CHANNEL, KEEP

log = logger(__name__)

APPLICATION = "earshot announcer"
GATHERS = 0.01
"""Seconds for which news are gathered after a time without any."""
PACE = 0.05
"""Seconds at least from one NOTIFY to the next: a page looks three times a second at most, and work has its looks."""
PAUSE = 1.0
"""Seconds before news that could not be told are tried again."""
PARTING = 2.0
"""Seconds that a process which ends waits for its last news to go out."""

# The row of such a commit is nothing that must outlive a crash, so it does not wait for the disk.
_WITHOUT_THE_DISK = "SET synchronous_commit TO off"
_NOTIFY = "SELECT pg_notify(%s, %s)"


class Announcer:
    """Tells every process that listens; the payload begins with `sender`, who need not hear it.

    By a connection of its own: a thread that took one of the pool for each NOTIFY would stand in the commands' way.
    """

    def __init__(self, conninfo: str, sender: str) -> None:
        self._conninfo = make_conninfo(conninfo, application_name=APPLICATION, **KEEP)
        self._sender = sender
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._told_at = 0.0
        self._changed = threading.Condition()
        self._waiting: set[str] = set()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def announce(self, topics: Collection[str]) -> None:
        """There is news under these topics; never blocks."""
        with self._changed:
            self._waiting.update(topics)
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="earshot-announcer", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        """Tell what waits, then no more."""
        self._ending.set()
        with self._changed:
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(PARTING)

    def _run(self) -> None:
        while topics := self._gathered():
            try:
                self._tell(topics)
            except psycopg.Error as error:
                self._hang_up()
                log.warning("news were not told", error=type(error).__name__, again_in=PAUSE)
                if self._ending.wait(PAUSE):
                    return
                with self._changed:
                    self._waiting |= topics
        self._hang_up()

    def _gathered(self) -> set[str]:
        """What there is to tell, once there is something; empty when all is told and the process ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending.is_set())
        self._ending.wait(max(GATHERS, self._told_at + PACE - monotonic()))
        with self._changed:
            topics, self._waiting = self._waiting, set()
        return topics

    def _tell(self, topics: set[str]) -> None:
        self._told_at = monotonic()
        said = (CHANNEL, f"{self._sender} {','.join(sorted(topics))}")
        if self._connection is not None:
            with suppress(psycopg.OperationalError):  # the database was away meanwhile: by a new connection, then
                self._connection.execute(_NOTIFY, said, prepare=True)
                return
            self._hang_up()
        self._connection = psycopg.connect(self._conninfo, autocommit=True)
        self._connection.execute(_WITHOUT_THE_DISK)
        self._connection.execute(_NOTIFY, said, prepare=True)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
