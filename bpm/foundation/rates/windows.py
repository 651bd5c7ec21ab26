"""Requests counted in the database, for all processes together: one row per caller and bound, one statement a request.

Counting in each process and writing now and then would be cheaper, and wrong by as much as a process has not written;
one row by its key in a transaction of its own is little beside what the request does. On PostgreSQL it does not wait
for the disk: what a crash forgets of it is at most a second of counts. On SQLite, which lets one writer in at a time,
a request that cannot be counted within 0.2 s goes uncounted: reading must not wait for somebody's long transaction.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Engine, Index, String, Table, bindparam, case, delete, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.clock import Clock
from bpm.foundation.db import READ_ONLY, Base
from bpm.foundation.sqlite import writing
from bpm.foundation.work import Transactions

SWEPT_AT_ONCE = 1_000
PATIENCE = 200
"""Milliseconds for which SQLite is waited for."""


class RateWindow(Base):
    """How many requests one caller has made within a span of time that is not over."""

    __tablename__ = "rate_window"
    __table_args__ = (Index("ix_rate_window_ends_at", "ends_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 over bound and caller: no address is kept."""
    requests: Mapped[int]
    ends_at: Mapped[datetime]


WINDOW = cast("Table", RateWindow.__table__)


_WITHOUT_THE_DISK = func.set_config("synchronous_commit", "off", literal_column("true"))
"""For the transaction that asks it, as it is asked: one statement does both."""


def _counting(dialect: Any) -> Any:
    """Add to the row of `key`, or begin it, or begin it anew when its window is over."""
    is_over = WINDOW.c.ends_at <= bindparam("now", type_=WINDOW.c.ends_at.type)
    write = dialect.insert(WINDOW)
    new = write.excluded
    counted = {
        "requests": case((is_over, new.requests), else_=WINDOW.c.requests + new.requests),
        "ends_at": case((is_over, new.ends_at), else_=WINDOW.c.ends_at),
    }
    counting = write.on_conflict_do_update(index_elements=[WINDOW.c.key], set_=counted).returning(WINDOW.c.requests)
    return counting.returning(_WITHOUT_THE_DISK) if dialect is postgresql else counting


# Built once: building it costs more than running it.
_COUNT = {"postgresql": _counting(postgresql), "sqlite": _counting(sqlite)}


@dataclass(frozen=True)
class RateWindows:
    """The counts of a database."""

    database: Engine
    clock: Clock

    def count(self, name: str, lasts: timedelta, requests: int) -> int:
        """Count so many more under `name`; gives how many there are in its window, which begins with the first."""
        now = self.clock.now()
        values = {"key": _digest(name), "requests": requests, "now": now, "ends_at": now + lasts}
        return self._on_sqlite(values) if self.database.dialect.name == "sqlite" else self._on_postgres(values)

    def _on_postgres(self, values: dict[str, Any]) -> int:
        with self.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return int(connection.execute(_COUNT["postgresql"], values).scalars().one())

    def _on_sqlite(self, values: dict[str, Any]) -> int:
        with self.database.connect().execution_options(**{writing.PATIENCE: PATIENCE / 1000}) as connection:
            cursor = connection.connection.cursor()
            ((usual,),) = cursor.execute("PRAGMA busy_timeout").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            try:
                with connection.begin():
                    return int(connection.execute(_COUNT["sqlite"], values).scalar_one())
            except OperationalError as error:
                if "locked" not in str(error.orig):
                    raise
                return 0
            finally:
                cursor.execute(f"PRAGMA busy_timeout={usual}")

    def read(self, name: str) -> tuple[int, datetime]:
        """(requests in the window under `name`, when it ends); (0, now) where there is none."""
        now = self.clock.now()
        query = select(WINDOW.c.requests, WINDOW.c.ends_at).where(WINDOW.c.key == _digest(name), WINDOW.c.ends_at > now)
        with self.database.connect().execution_options(**{READ_ONLY: True}) as connection:
            row = connection.execute(query).first()
        return (row.requests, row.ends_at) if row else (0, now)

    def forget(self, name: str) -> None:
        """Begin anew under `name`."""
        with self.database.begin() as connection:
            connection.execute(delete(WINDOW).where(WINDOW.c.key == _digest(name)))


def forget_windows(transactions: Transactions) -> int:
    """Delete windows that are over; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        over = select(WINDOW.c.key).where(WINDOW.c.ends_at <= work.now()).limit(SWEPT_AT_ONCE)
        if not work.session.execute(over.limit(1)).all():
            return 0
    with transactions() as work:
        work.session.execute(delete(WINDOW).where(WINDOW.c.key.in_(over.with_for_update(skip_locked=True))))
    return 0


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
