"""Writes the database's file anew after an erasure, so that nothing erased lies in freed pages or in the log."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, select, update

from bpm.feedback.models import Erasure
from bpm.foundation.work import Transactions


def write_over(database: Engine, transactions: Transactions) -> int:
    """Once for all erasures since the last time; how many. On PostgreSQL its own vacuum does it: only noted here."""
    with transactions.reading() as work:
        waiting = list(work.session.scalars(select(Erasure.id).where(Erasure.written_over_at.is_(None))))
    if not waiting:
        return 0
    if database.dialect.name == "sqlite":
        with closing(database.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()
    with transactions() as work:
        work.session.execute(update(Erasure).where(Erasure.id.in_(waiting)).values(written_over_at=work.now()))
    return len(waiting)


def backups_in(home: Path) -> list[str]:
    """Names of files in the home that look like copies of the database."""
    return sorted(each.name for each in home.glob("*") if each.is_file() and "backup" in each.name.casefold())
