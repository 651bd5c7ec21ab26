"""One transaction per command: all or nothing, events inside, nudges after."""

import traceback
from contextlib import suppress
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError

from bpm.app import App
from bpm.foundation.errors import ConflictError
from bpm.foundation.events import Event
from bpm.foundation.work import Work
from bpm.identity.models import Group

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Happened(Event):
    key: str


def keys(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(Group.key).order_by(Group.key)))


def test_a_command_that_fails_leaves_nothing(app: App) -> None:
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        work.session.add(Group(key="it", name="IT"))
        raise RuntimeError
    assert keys(app) == []


def test_handlers_act_in_the_same_transaction(app: App) -> None:
    app.bus.subscribe(Happened, lambda work, event: work.session.add(Group(key=event.key, name="")))
    with app.unit_of_work() as work:
        work.publish(Happened("marketing"))
    assert keys(app) == ["marketing"]


def test_a_failing_handler_takes_the_command_back(app: App) -> None:
    def fail(work: Work, event: Happened) -> None:
        raise RuntimeError

    app.bus.subscribe(Happened, fail)
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        work.session.add(Group(key="it", name="IT"))
        work.publish(Happened("x"))
    assert keys(app) == []


def test_a_broken_unique_key_is_a_conflict(app: App) -> None:
    with app.unit_of_work() as work:
        work.session.add(Group(key="it", name="IT"))
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        work.session.add(Group(key="it", name="IT again"))


def test_nudges_go_out_after_the_commit_only(app: App) -> None:
    seen = app.queue.wait(0, timeout=0)
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        work.nudge("jobs")
        raise RuntimeError
    assert app.queue.wait(seen, timeout=0) == seen
    with app.unit_of_work() as work:
        work.nudge("jobs")
    assert app.queue.wait(seen, timeout=0) > seen


def test_reading_keeps_nothing(app: App) -> None:
    """SQLite takes it back; PostgreSQL does not let it be written."""
    with suppress(InternalError), app.unit_of_work.reading() as work:
        work.session.add(Group(key="it", name="IT"))
        work.session.flush()
    assert keys(app) == []
    with app.unit_of_work() as work:  # by the same connection, which writes again
        work.session.add(Group(key="it", name="IT"))
    assert keys(app) == ["it"]


def test_reading_does_not_wait_for_a_writer(app: App) -> None:
    with app.unit_of_work() as writer:
        writer.session.add(Group(key="it", name="IT"))
        writer.session.flush()
        with app.unit_of_work.reading() as reader:
            assert reader.session.scalar(text("SELECT count(*) FROM user_group")) == 0


@pytest.mark.both_databases
def test_no_value_of_a_row_stands_in_an_error_or_its_trace(app: App) -> None:
    planted = "planted-3f9c1a77"
    table = "CREATE TABLE kept (a VARCHAR(40) UNIQUE CHECK (a <> 'no'), b INTEGER NOT NULL, c TIMESTAMP)"
    with app.database.begin() as connection:
        connection.exec_driver_sql(table)
        connection.execute(text("INSERT INTO kept (a, b) VALUES (:a, 1)"), {"a": planted})
    number = 3_917_700_000_000_000_003
    statements: list[tuple[str, dict[str, object]]] = [
        ("INSERT INTO kept (a, b) VALUES (:a, 1)", {"a": planted}),
        ("INSERT INTO kept (a, b) VALUES (:a, NULL)", {"a": planted + "2"}),
        ("INSERT INTO kept (a, b, c) VALUES ('no', 1, NULL)", {}),
        ("INSERT INTO kept (a, b) VALUES ('e', CAST(:b AS INTEGER) - nothing)", {"b": number}),
        ("INSERT INTO kept (a, b) VALUES ('e', CAST(CAST(:a AS VARCHAR(100)) AS INTEGER))", {"a": str(number)}),
        ("INSERT INTO nowhere (a) VALUES (:a)", {"a": planted}),
        ("SELECT CAST(CAST(:a AS VARCHAR(100)) AS TIMESTAMP), nothing", {"a": planted}),
        ("INSERT INTO kept (a, b, c) VALUES ('d', 1, CAST(CAST(:a AS VARCHAR(100)) AS TIMESTAMP))", {"a": planted}),
    ]
    said = []
    for statement, values in statements:
        try:
            with app.unit_of_work() as work:
                work.session.execute(text(statement), values)
        except Exception as error:
            said.append("".join(traceback.format_exception(error)))
    assert len(said) >= 5
    assert not [trace for trace in said if planted in trace or str(number) in trace]
    assert "kept" in said[0], "which table it was is still told"
