"""The schema of the database and its migrations: which revision it is at, and how to bring it to the newest.

Any number of processes may start at once: whoever comes first migrates, in one transaction that keeps the others
waiting (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock); they then find nothing left to do.

The rule that makes a rolling restart safe: a revision only adds (tables, columns that may be NULL or have a default,
indexes), and what it replaces is taken out one release later. So a revision that this code does not know yet is one of
a newer release, and this code goes on working beside it until it is restarted. The closed lists of the columns (see
`foundation.db.one_of`) hold the words that both releases know: a new one is read one release before it is written.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine

from bpm.foundation.db import READ_ONLY
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings
from bpm.foundation.texts import _

_FOLDER = Path(__file__).parent.parent / "migrations"
_LOCK = 3_141_592_653
"""Key of the advisory lock under which PostgreSQL is migrated: any number that nobody else on the server uses."""

_OF_THE_SEARCH = {("column", "words"), ("index", "ix_search_document_words")}
"""The tsvector of PostgreSQL and its index; SQLite has the virtual table `search_words` and those beneath it."""


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a part of the database is told by our models.

    The queue keeps tables of its own beside them; where words are searched is each database's own way of doing it.
    """
    if (kind, name) in _OF_THE_SEARCH and (parents or {}).get("table_name") == "search_document":
        return False
    return kind != "table" or not (name or "").startswith(("procrastinate_", "search_words"))


def _config(settings: Settings | None = None) -> Config:
    config = Config()
    config.attributes["settings"] = settings
    config.set_main_option("script_location", str(_FOLDER))
    return config


@cache
def newest() -> str:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


@cache
def history() -> tuple[str, ...]:
    """Every revision that this code knows, the oldest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())[::-1]


def current(database: Engine) -> str:
    """The revision that the database is at; empty for a new one."""
    with database.connect().execution_options(**{READ_ONLY: True}) as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(database: Engine, *, to: str = "head", settings: Settings | None = None) -> None:
    """Bring the database to the revision `to`; safe to repeat, and from several processes at once.

    `settings` say where the keys are: needed where secrets in plain text are there to be sealed.
    """
    if to == "head" and not _missing(database):
        return
    config = _config(settings)
    with _alone(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if to == "head" and _is_postgres(connection):
            _tables().install(connection)
    _empty_log(database)


def _empty_log(database: Engine) -> None:
    """Move SQLite's log into the file and cut it, so that nothing that a revision took out lies there still."""
    if database.dialect.name == "sqlite":
        with closing(database.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def downgrade(database: Engine, *, to: str, settings: Settings | None = None) -> None:
    """Take the database back to the revision `to` ("base" for nothing at all); `settings` as for `upgrade`."""
    config = _config(settings)
    with _alone(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        if to == "base" and _is_postgres(connection):
            _tables().remove(connection)


@contextmanager
def _alone(database: Engine) -> Iterator[Connection]:
    """One transaction in which nobody else migrates. On SQLite every writing transaction is that.

    SQLite changes a table by making it anew, and would not let the old one go while others refer to it: so references
    are looked at once, in the end (https://www.sqlite.org/lang_altertable.html, 7).
    """
    if database.dialect.name == "sqlite":
        with _without_references(database) as connection, connection.begin():
            lost_before = _lost_references(connection)
            yield connection
            _demand_references(connection, lost_before)
        return
    with database.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection


@contextmanager
def _without_references(database: Engine) -> Iterator[Connection]:
    """A connection of SQLite that looks at no reference; the switch does nothing inside a transaction."""
    with database.connect() as connection:
        switch: Any = connection.connection.dbapi_connection
        switch.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            switch.execute("PRAGMA foreign_keys=ON")


def _lost_references(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows of a table refer to rows of another that are not there, by the two tables' names."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((table, parent) for table, _row, parent, _number in found)


def _demand_references(connection: Connection, lost_before: Counter[tuple[str, str]]) -> None:
    """Raise EarshotError, which takes the revision back, where more rows refer to none than before it."""
    lost = _lost_references(connection) - lost_before
    if lost:
        where = ", ".join(f"{count} {table} -> {parent}" for (table, parent), count in sorted(lost.items()))
        told = _("Rows refer to others that are not there: %(rows)s.") % {"rows": where}
        remedy = _("Nothing was changed. Go on with the release before, and report this line.")
        raise EarshotError(told, remedy=remedy)


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _tables() -> Any:
    from bpm.queue import install

    return install


def _missing(database: Engine) -> str:
    """What keeps this code from working on the database, in words; empty when nothing does."""
    with database.connect().execution_options(**{READ_ONLY: True}) as connection:
        at, wanted = MigrationContext.configure(connection).get_current_revision() or "none", newest()
        if at != wanted and (at == "none" or at in history()):
            return f"The database is at revision {at}, this version of Earshot needs {wanted}."
        if _is_postgres(connection) and not _tables().is_installed(connection):
            return "The queue's tables are not there, or not of the version that is installed here."
    return ""


def demand_newest(database: Engine) -> None:
    """Raise EarshotError unless the database is at the revision that this code expects, or at a newer release's."""
    missing = _missing(database)
    if missing:
        raise EarshotError(missing, remedy="Run: earshot migrate")
