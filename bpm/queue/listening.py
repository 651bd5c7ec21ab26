"""One thread of a process listens for NOTIFY on a connection of its own, and comes back after any trouble."""

import threading
import time
from collections.abc import Callable

import psycopg
from psycopg.conninfo import make_conninfo

from bpm.foundation.telemetry import logger

log = logger(__name__)

CHANNEL = "earshot"
APPLICATION = "earshot listener"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before the connection is tried again: doubling."""
QUIET = 2.0
"""Seconds without news after which the listener looks whether it should end, and whether the connection lives."""

# A connection that died without a word is noticed after 20 seconds, not after the hours that TCP would wait.
KEEP = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


class Listener:
    """Hands each payload to `heard`, and None whenever it hears again after it did not: something may be missed."""

    def __init__(self, conninfo: str, heard: Callable[[str | None], None]) -> None:
        self._conninfo = make_conninfo(conninfo, application_name=APPLICATION, **KEEP)
        self._heard = heard
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = False

    def begin(self) -> None:
        """Start to listen, once; a process that waits for nothing needs no connection."""
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._ending:
                    self._thread = threading.Thread(target=self._run, name="earshot-listener", daemon=True)
                    self._thread.start()

    def end(self) -> None:
        self._ending = True

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._ending:
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._heard(None)
                    pause = FIRST_PAUSE
                    self._listen(connection)
            except psycopg.Error as error:
                if not self._ending:
                    log.warning("listening for news was interrupted", error=" ".join(str(error).split()), pause=pause)
                    time.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    def _listen(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._ending:
            silent = True
            for notice in connection.notifies(timeout=QUIET):
                silent = False
                self._heard(notice.payload)
            if silent:
                connection.execute("SELECT 1")
