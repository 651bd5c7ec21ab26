"""SQLite's connections: set up, and one writer after the other in the order in which they came.

SQLite lets those who wait poll with ever longer pauses, so that under load some never find it free and fail with
"database is locked" (https://www.sqlite.org/c3ref/busy_timeout.html). Within a process they stand in a queue instead;
its own patience stays for other processes.
"""

import sqlite3
from collections import deque
from threading import Event, Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

PATIENCE = "earshot_patience"
"""Execution option of a connection: seconds that a writer waits for its turn."""
PATIENT = 30.0
BEGIN, LOCKED = "BEGIN IMMEDIATE", "database is locked"
"""How a writer begins, and what SQLite says to one that does not get through."""


class Turns:
    """Who writes, and who comes after; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for a turn; False when it did not come in time."""
        mine = Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # it came while the time ran out
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """End a turn: whoever has waited longest is next."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


def set_up(engine: Engine, *, read_only: str) -> None:
    """WAL, foreign keys, a busy timeout; BEGIN IMMEDIATE and a turn for writers, not where option `read_only` is on."""
    turns, writers = Turns(), set[int]()

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(read_only, False):
            connection.exec_driver_sql("BEGIN")
            return
        if not turns.take(options.get(PATIENCE, PATIENT)):
            raise OperationalError(BEGIN, None, sqlite3.OperationalError(LOCKED))
        writers.add(_identity(connection.connection))
        try:
            connection.exec_driver_sql(BEGIN)
        except BaseException:
            end(connection.connection)
            raise

    def end(holder: Any) -> None:
        if _identity(holder) in writers:
            writers.discard(_identity(holder))
            turns.give()

    _after(engine.dialect, "do_commit", end)
    _after(engine.dialect, "do_rollback", end)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", lambda _connection, record: end(record))


def _identity(holder: Any) -> int:
    """Of the database's own connection, which the pool hands out in one wrapping or another."""
    return id(getattr(holder, "dbapi_connection", holder))


def _after(dialect: Any, name: str, end: Any) -> None:
    """Call `end` once the database has done it; SQLAlchemy's own events come before."""
    do = getattr(dialect, name)

    def done(connection: Any) -> None:
        do(connection)
        end(connection)

    setattr(dialect, name, done)


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
