"""The database's time in this process: its own clock, corrected by how far it was measured to be off.

1. On PostgreSQL the server is asked, three times; the answer that came back fastest counts, at the middle of its way.
   On SQLite the machine is asked, by the time that its file system gives to a file written beside the database.
2. Between two measurements time goes on by the monotonic clock, so that a process whose clock is set meanwhile does not
   jump with it; what both clocks say is compared at each look, and where they part, it is measured anew.
3. A database that does not answer leaves the last measurement in force.
"""

import os
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bpm.foundation.clock import Clock, SystemClock
from bpm.foundation.telemetry import logger

log = logger(__name__)

MEASURE_EVERY = 300.0
"""Seconds after which a measurement is made anew where no heartbeat does it."""
PARTED = timedelta(seconds=1)
"""How far the process's clock may move against the monotonic one before it was set, or the machine slept."""
ABOUT = timedelta(milliseconds=50)
"""How exact a measurement is: the way to the database and back, the grain of a file system's time."""
NAMED = timedelta(seconds=1)
"""A skew from which on the log names it."""
_TIMES = 3


class DatabaseClock:
    """Tells the database's time; `skew` is how far this process's own clock is ahead of it (negative: behind)."""

    def __init__(self, database: Engine, *, own: Clock | None = None, ticking: Callable[[], float] = monotonic) -> None:
        self._database, self._own, self._ticking = database, own or SystemClock(), ticking
        self._lock = threading.Lock()
        self._at: datetime | None = None
        """The database's time when it was last measured; None before that."""
        self._tick = 0.0
        self._own_then = self._own.now()
        self.skew: timedelta | None = None
        """None until it could be measured."""

    def now(self) -> datetime:
        own, tick = self._own.now(), self._ticking()
        since = tick - self._tick
        parted = abs(own - self._own_then - timedelta(seconds=since)) > PARTED
        if self._at is None or parted or since > MEASURE_EVERY:
            self.measure()
        if self._at is None:
            return own
        return self._at + timedelta(seconds=self._ticking() - self._tick)

    def measure(self, *, unless_within: float = 0.0) -> timedelta | None:
        """Ask for the database's time; the skew, or the last one known where it does not answer.

        `unless_within`: seconds for which the last measurement still counts.
        """
        if self._at is not None and self._ticking() - self._tick < unless_within:
            return self.skew
        # Who comes while another measures goes on with what was known.
        if self._lock.acquire(blocking=False):
            try:
                self._measured()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the database's clock was not measured", error=type(error).__name__)
                # The process's own clock it is, as far as it has gone on; asked again after a while.
                self._tick, self._own_then = self._ticking(), self._own.now()
                self._at = self._own_then - (self.skew or timedelta(0))
            finally:
                self._lock.release()
        return self.skew

    def _measured(self) -> None:
        began, at = self._asked()
        own, tick = self._own.now(), self._ticking()
        at += timedelta(seconds=tick - began)
        # What measuring itself may be off by moves nothing: time is not to step back for it.
        so_far = own if self._at is None else self._at + timedelta(seconds=tick - self._tick)
        at = so_far if abs(at - so_far) < ABOUT else at
        skew = own - at
        if abs(skew) > NAMED and (self.skew is None or abs(skew - self.skew) > NAMED):
            log.warning("this clock and the database's differ", seconds=round(skew.total_seconds(), 3))
        self._at, self._tick, self._own_then, self.skew = at, tick, own, skew

    def _asked(self) -> tuple[float, datetime]:
        """(reading of the monotonic clock, the database's time at that reading)."""
        if self._database.dialect.name == "sqlite":
            return self._of_the_machine()
        best: tuple[float, float, datetime] | None = None
        with self._database.connect() as connection:
            for _ in range(_TIMES):
                before = self._ticking()
                at = connection.scalar(text("SELECT clock_timestamp()"))
                took = self._ticking() - before
                if at is not None and (best is None or took < best[0]):
                    best = took, before + took / 2, at.astimezone(UTC)
            connection.rollback()
        if best is None:
            raise OSError("the database told no time")
        return best[1:]

    def _of_the_machine(self) -> tuple[float, datetime]:
        file = self._database.url.database
        folder = Path(file).parent if file and file != ":memory:" else None
        with tempfile.TemporaryFile(dir=folder if folder and folder.is_dir() else None) as beside:
            before = self._ticking()
            beside.write(b"?")
            beside.flush()
            return before, datetime.fromtimestamp(os.fstat(beside.fileno()).st_mtime, UTC)
