"""What load balancers and service managers ask."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bpm import schema
from bpm.app import App
from bpm.foundation.db import connect
from tests.web.conftest import Browser
from web import create_app


@pytest.mark.both_databases
def test_a_process_on_the_newest_revision_is_up_and_ready(visitor: Browser) -> None:
    assert visitor.get("/healthz").get_data(as_text=True) == "ok\n"
    assert visitor.get("/readyz").get_data(as_text=True) == "ready\n"


@pytest.mark.both_databases
def test_a_process_on_an_old_schema_is_up_but_not_ready_and_says_what_to_run(app: App, visitor: Browser) -> None:
    schema.downgrade(app.database, to="0001")
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "0001" in answer.get_data(as_text=True)
    assert "earshot migrate" in answer.get_data(as_text=True)


def test_a_process_without_its_database_is_up_but_not_ready_and_tells_nothing_of_it(app: App, visitor: Browser) -> None:
    app.database.dispose()
    (app.settings.home / "earshot.db").unlink()
    (app.settings.home / "earshot.db").mkdir()
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "the database does not answer\n")


def test_a_process_that_was_told_to_stop_asks_for_nothing_new(app: App, visitor: Browser) -> None:
    app.stopping.set()
    assert visitor.get("/readyz").status_code == 503


def test_a_process_is_ready_at_once_while_somebody_else_writes(app: App, visitor: Browser) -> None:
    with app.database.connect() as writing, writing.begin():
        writing.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        assert visitor.get("/readyz").get_data(as_text=True) == "ready\n"


def test_a_database_that_lets_nobody_read_is_busy(app: App, visitor: Browser) -> None:
    app.database.dispose()
    file = app.settings.home / "earshot.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        answer = visitor.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "busy\n")
    assert visitor.get("/readyz").status_code == 200


@pytest.mark.on_postgresql
def test_a_process_whose_connections_are_all_in_use_is_ready_all_the_same(app: App, visitor: Browser) -> None:
    narrow = replace(app, database=connect(app.settings.url, connections=1))
    with narrow.database.connect() as held:
        held.exec_driver_sql("SELECT 1")
        assert create_app(narrow).test_client().get("/readyz").get_data(as_text=True) == "ready\n"
    narrow.database.dispose()


@pytest.mark.on_postgresql
def test_a_schema_that_is_being_changed_is_busy(app: App, visitor: Browser) -> None:
    with app.database.begin() as changing:
        changing.exec_driver_sql("LOCK TABLE alembic_version")
        assert visitor.get("/readyz").get_data(as_text=True) == "busy\n"
