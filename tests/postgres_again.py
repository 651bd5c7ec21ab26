"""A PostgreSQL database made as new: emptied for the next test, which costs a hundredth of dropping and making one.

What a fresh one is made of is known: which tables it has and what stands in them. A database that a test has changed
otherwise (tables, constraints, triggers, functions, the revision, very many rows) is not taken again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, connect, sql
from sqlalchemy import make_url

MOST_PAGES = 40
"""A table beyond has grown so much that plans for it would be others than for a fresh one."""

# Who was left behind by the test would still hold locks.
_SEND_AWAY = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT (SELECT array[count(*), sum(oid::bigint)] FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT array[count(*), sum(oid::bigint)] FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT array[count(*), sum(oid::bigint)] FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
       (SELECT array[count(*), sum(oid::bigint)] FROM pg_trigger),
       (SELECT count(*) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
         WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped),
       (SELECT count(*) FROM pg_db_role_setting)
"""
_FILLED = """
SELECT relname, pg_relation_size(oid) / 8192 FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
_BEGIN_ANEW = """
SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True)
class Fresh:
    """What a fresh database is made of."""

    shape: Any
    kept: dict[str, Sequence[Any]]
    """The rows that stand in a fresh one, by table."""

    @classmethod
    def of(cls, url: str) -> "Fresh":
        with _connected(url) as connection:
            names = [name for name, _pages in connection.execute(_FILLED).fetchall()]
            return cls(connection.execute(_SHAPE).fetchone(), {name: _rows(connection, name) for name in names})

    def restore(self, url: str) -> bool:
        """Empty the database for the next test; False when it is none to be taken again."""
        with _connected(url) as connection:
            connection.execute(_SEND_AWAY)
            filled = dict(connection.execute(_FILLED).fetchall())
            if connection.execute(_SHAPE).fetchone() != self.shape or max(filled.values(), default=0) > MOST_PAGES:
                return False
            if any(_rows(connection, name) != rows for name, rows in self.kept.items()):
                return False
            connection.execute("SET session_replication_role = replica")  # neither keys nor triggers are asked
            for name in filled.keys() - self.kept.keys():
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            connection.execute(_BEGIN_ANEW)
        return True


def _rows(connection: Connection, table: str) -> Sequence[Any]:
    return connection.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))).fetchall()


def _connected(url: str) -> Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return connect(plain, autocommit=True)
