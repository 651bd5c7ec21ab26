"""Connections to PostgreSQL: how long is waited for a server, when one is asked if it lives, what is set at first."""

from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
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


def arguments() -> dict[str, Any]:
    """What a connection is opened with."""
    from bpm.foundation.postgres.cursors import LeanCursor  # only where there is a PostgreSQL: it takes a while to load

    return PATIENCE | {"cursor_factory": LeanCursor}


def set_up(engine: Engine) -> None:
    """Make the connections of an engine for PostgreSQL ready for use, and those that died while idle noticed."""
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkin", _note_when_idle)
    event.listen(engine, "checkout", _ask_when_idle_for_long)


def _set_up(connection: Any, _record: Any) -> None:
    """By a statement, not by a parameter of the connection, which poolers turn away."""
    connection.autocommit = True
    connection.execute(_SET_UP)
    connection.autocommit = False


def _note_when_idle(_connection: Any, record: Any) -> None:
    record.info["idle since"] = monotonic()


def _ask_when_idle_for_long(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask the server whether a connection still lives, but not under load, where that would be a tenth of the work.

    DisconnectionError makes the pool take another one, so that whoever comes after a pause or a restart of the
    database finds a connection that works.
    """
    if monotonic() - record.info.get("idle since", monotonic()) > TRUSTED_FOR:
        try:
            connection.execute("")
            connection.rollback()
        except Exception as error:
            raise DisconnectionError from error
