"""Connections to PostgreSQL: bounded, and alive when they are used."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bpm.app import App
from bpm.foundation import db
from bpm.foundation.db import connect

pytestmark = pytest.mark.on_postgresql


def test_a_connection_that_died_while_idle_is_noticed_before_it_is_used(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "TRUSTED_FOR", 0)
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
