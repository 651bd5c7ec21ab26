"""Connections to PostgreSQL: bounded, and alive when they are used."""

import pytest
from psycopg import Column
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, literal, select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bpm.app import App
from bpm.foundation.db import READ_ONLY, connect
from bpm.foundation.postgres import connecting

pytestmark = pytest.mark.on_postgresql


def test_a_connection_that_died_while_idle_is_noticed_before_it_is_used(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "TRUSTED_FOR", 0)
    with app.unit_of_work.reading() as work:
        old = work.session.scalar(text("SELECT pg_backend_pid()"))
    other = connect(app.settings.url)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": old})
    other.dispose()
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(text("SELECT pg_backend_pid()")) != old


def test_a_process_opens_no_more_connections_than_it_may(app: App) -> None:
    engine = connect(app.settings.url, connections=4)
    engine.pool._timeout = 0.05  # type: ignore[attr-defined]  # the only way to wait for less than 30 s
    held = [engine.connect() for _ in range(4)]
    with pytest.raises(PoolTimeout):
        engine.connect()
    for connection in held:
        connection.close()
    engine.dispose()


def test_the_connection_that_was_given_back_last_is_taken_first(app: App) -> None:
    engine = connect(app.settings.url)
    first, second = engine.connect(), engine.connect()
    last = second.scalar(text("SELECT pg_backend_pid()"))
    first.close()
    second.close()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == last
    engine.dispose()


def test_a_result_says_what_its_columns_are_and_makes_them_only_when_asked(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    monkeypatch.setattr(
        "psycopg._cursor_base.Column", lambda cursor, index: made.append(index) or Column(cursor, index)
    )
    statement = select(literal(1).label("one"), literal("two").label("two"))
    with app.database.connect() as connection:
        assert connection.execute(statement).mappings().one() == {"one": 1, "two": "two"}
        made.clear()
        result = connection.execute(statement)
        assert result.one() == (1, "two")
        assert made == []
        described = connection.exec_driver_sql("SELECT 1 AS one, 'two' AS two").cursor.description
        assert [column.name for column in described] == ["one", "two"]
        assert (len(described), described[0].name, len(described[:1])) == (2, "one", 1)
        assert connection.exec_driver_sql("SET random_page_cost TO 1.1").returns_rows is False


def state_of(connection: Connection) -> TransactionStatus:
    connection.execute(text("SELECT 1")).all()
    dbapi_connection = connection.connection.dbapi_connection
    assert dbapi_connection is not None
    status: TransactionStatus = dbapi_connection.info.transaction_status
    return status


def test_who_writes_begins_a_transaction_and_who_reads_goes_no_way_for_one(app: App) -> None:
    with app.unit_of_work() as work:
        assert state_of(work.session.connection()) == TransactionStatus.INTRANS
    with app.unit_of_work.reading() as work:
        assert state_of(work.session.connection()) == TransactionStatus.IDLE
    with app.database.connect() as connection:
        assert state_of(connection) == TransactionStatus.INTRANS


def test_the_server_refuses_what_is_written_while_reading_whoever_had_the_connection_before(app: App) -> None:
    engine = connect(app.settings.url, connections=1)
    by_themselves = {"isolation_level": "AUTOCOMMIT"}
    for number in range(2):
        with engine.connect().execution_options(**by_themselves) as connection:
            connection.exec_driver_sql(f"INSERT INTO notice (key, message) VALUES ('{number}', 'told')")
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            with pytest.raises(InternalError):
                connection.exec_driver_sql("DELETE FROM notice")
            assert connection.exec_driver_sql("SELECT count(*) FROM notice").scalar_one() == 2 * number + 1
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO notice (key, message) VALUES ('{number} too', 'told')")
    engine.dispose()
