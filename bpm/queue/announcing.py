"""One thread of a process tells the others of news, after the commit: what comes close together goes out as one NOTIFY.

A NOTIFY inside a command's transaction takes a lock that all such commits share, and holds it until the disk has
written; one at a time, they would be as slow as the disk. News that are lost here, because the process dies between
its commit and the telling, cost the others a sweep's pause and no more.
"""

import threading
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bpm.foundation.telemetry import logger
from bpm.queue.listening import CHANNEL

log = logger(__name__)

GATHERS = 0.01
"""Seconds for which news are gathered: a page looks three times a second at most, and work has its looks."""
PAUSE = 1.0
"""Seconds before news that could not be told are tried again."""
PARTING = 2.0
"""Seconds that a process which ends waits for its last news to go out."""

# The row of such a commit is nothing that must outlive a crash, so it does not wait for the disk.
_NOTIFY = text("SELECT set_config('synchronous_commit', 'off', true), pg_notify(:channel, :payload)")


class Announcer:
    """Tells every process that listens; the payload begins with `sender`, who need not hear it."""

    def __init__(self, database: Engine, sender: str) -> None:
        self._database, self._sender = database, sender
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
            except SQLAlchemyError as error:
                log.warning("news were not told", error=type(error).__name__, again_in=PAUSE)
                if self._ending.wait(PAUSE):
                    return
                with self._changed:
                    self._waiting |= topics

    def _gathered(self) -> set[str]:
        """What there is to tell, once there is something; empty when all is told and the process ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending.is_set())
        self._ending.wait(GATHERS)
        with self._changed:
            topics, self._waiting = self._waiting, set()
        return topics

    def _tell(self, topics: set[str]) -> None:
        said = {"channel": CHANNEL, "payload": f"{self._sender} {','.join(sorted(topics))}"}
        with self._database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(_NOTIFY, said)
