"""The grown queue on PostgreSQL: work goes out by Procrastinate within the transaction, news by NOTIFY after it."""

import secrets
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from bpm.foundation.nudges import Nudge
from bpm.queue import backlog as driving
from bpm.queue import install
from bpm.queue.announcing import Announcer
from bpm.queue.embedded import EVERYTHING, EmbeddedQueue
from bpm.queue.listening import Listener
from bpm.queue.port import Look, QueueReport

GRACE = timedelta(seconds=2)
"""What a sweep leaves to the looks while this process takes them."""


class PostgresQueue:
    """Any number of processes on one PostgreSQL.

    A nudge of a topic in `drives` with an instance becomes a look, deferred in the transaction. All topics go out
    by NOTIFY once it has committed, with the sender in front, for a process does not wake itself twice.
    """

    drives = frozenset({"jobs"})

    def __init__(self, database: Engine) -> None:
        self.grace = timedelta(0)
        self._database = database
        self._local = EmbeddedQueue()
        self._sender = secrets.token_hex(6)
        conninfo = make_url(database.url).set(drivername="postgresql")
        self._conninfo = conninfo.render_as_string(hide_password=False)
        self._listener = Listener(self._conninfo, self._heard)
        self._announcer = Announcer(self._conninfo, self._sender)

    def defer(self, session: Session, nudges: Collection[Nudge]) -> None:
        if not nudges:
            return
        topics = {nudge.topic for nudge in nudges}
        event.listen(session, "after_commit", lambda _session: self._announcer.announce(topics))
        looks = {nudge.instance_id for nudge in nudges if nudge.topic in self.drives and nudge.instance_id is not None}
        driving.defer_looks(session, sorted(looks))

    def nudge(self, topic: str) -> None:
        self._local.nudge(topic)

    def wait(self, seen: int, *, timeout: float, topics: Collection[str] | None = None) -> int:
        self._listener.begin()
        return self._local.wait(seen, timeout=timeout, topics=topics)

    def _heard(self, payload: str | None) -> None:
        """Pass on what another process said; None after a time of deafness, when anything may have been said."""
        sender, _, topics = ("", "", EVERYTHING) if payload is None else payload.partition(" ")
        if sender != self._sender:
            for topic in topics.split(","):
                self._local.nudge(topic)

    @contextmanager
    def driving(self, look: Look, *, concurrency: int) -> Iterator[None]:
        self.grace = GRACE
        try:
            with driving.driving(self._conninfo, look, concurrency=concurrency):
                yield
        finally:
            self.grace = timedelta(0)

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """By an advisory lock of a session of its own, so that a process that dies lets go at once."""
        with self._database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            key = {"key": zlib.crc32(f"earshot {name}".encode())}
            mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def report(self) -> QueueReport:
        with self._database.connect() as connection:
            return install.report(connection)

    def close(self) -> None:
        self._announcer.end()
        self._listener.end()
