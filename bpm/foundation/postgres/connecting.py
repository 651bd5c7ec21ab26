"""Connections to PostgreSQL: how long is waited for a server, when one is asked if it lives, what is set at first.

Who writes begins a transaction; who reads begins none, for the way to the database and back would be gone twice more.
Each statement of a transaction sees what is committed when it begins (READ COMMITTED) either way. The server itself
refuses to write outside a transaction that says it writes, unless somebody asked for single statements that do.
"""

from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

TRUSTED_FOR = 1.0
"""Seconds for which a connection that was given back is believed to be alive."""

# A server that vanished without a word is noticed within half a minute, not after the hours that TCP would wait.
PATIENCE: dict[str, Any] = {
    "application_name": "earshot",
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}

# What is read is the open part of a few tables, nearly always in memory: with the default of 4, made for disks that
# turn, PostgreSQL reads through ten thousand rows rather than look up the fifty that a page shows.
_SET_UP = "SET random_page_cost TO 1.1"
_REFUSE, _ALLOW = b"SET default_transaction_read_only TO on", b"SET default_transaction_read_only TO off"
_ALONE, _SAID = "alone", "said"
"""What is kept of a connection: which of the two its user needs, nothing for a transaction; which the server heard."""
_COMMAND_OK = 1
"""PGRES_COMMAND_OK of libpq."""


def arguments() -> dict[str, Any]:
    """What a connection is opened with."""
    from bpm.foundation.postgres.cursors import LeanCursor  # only where there is a PostgreSQL: it takes a while to load

    return PATIENCE | {"cursor_factory": LeanCursor}


def set_up(engine: Engine, *, read_only: str) -> None:
    """Make the connections of an engine for PostgreSQL ready for use, and those that died while idle noticed.

    The engine's isolation level is AUTOCOMMIT. A transaction is begun for everybody but those who have the execution
    option `read_only`, whose statements stand alone and may not write, and those who ask for AUTOCOMMIT themselves.
    """
    dialect = engine.dialect
    take_options = dialect.set_connection_execution_options

    def choose(connection: Connection, options: Any) -> None:
        take_options(connection, options)
        by_themselves = options.get("isolation_level") == "AUTOCOMMIT"
        if by_themselves or options.get(read_only, False):
            connection.connection.info[_ALONE] = _ALLOW if by_themselves else _REFUSE

    def begin(connection: Any) -> None:
        info = connection.info
        alone = info.get(_ALONE)
        if alone is None:
            _run(connection, b"BEGIN READ WRITE")
        elif alone is not info.get(_SAID, _ALLOW):
            _run(connection, alone)
            info[_SAID] = alone

    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkin", _note_when_idle)
    event.listen(engine, "checkout", _ask_when_idle_for_long)
    # Not by events of connections: one listener makes every statement of the engine look for more of them.
    dialect.set_connection_execution_options = choose  # type: ignore[assignment]  # a method of this engine's own dialect
    dialect.do_begin = begin  # type: ignore[assignment]  # likewise


def _run(connection: Any, command: bytes) -> None:
    """A command without values, by the shortest way there is."""
    from psycopg.errors import error_from_result

    result = connection.dbapi_connection.pgconn.exec_(command)
    if result.status != _COMMAND_OK:
        raise error_from_result(result)


def _set_up(connection: Any, _record: Any) -> None:
    """By a statement, not by a parameter of the connection, which poolers turn away."""
    connection.execute(_SET_UP)


def _note_when_idle(_connection: Any, record: Any) -> None:
    record.info.pop(_ALONE, None)
    record.info["idle since"] = monotonic()


def _ask_when_idle_for_long(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask the server whether a connection still lives, but not under load, where that would be a tenth of the work.

    DisconnectionError makes the pool take another one, so that whoever comes after a pause or a restart of the
    database finds a connection that works.
    """
    if monotonic() - record.info.get("idle since", monotonic()) > TRUSTED_FOR:
        try:
            connection.execute("")
        except Exception as error:
            raise DisconnectionError from error
