"""What a step may cost: statements, bytes, and lists that do not grow; counted, never timed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import ProcessInstance
from bpm.engine.queries import WorkItemFilter, get_instance, get_work_item, list_work_items
from bpm.foundation.work import SYSTEM, Actor
from tests.engine import acting
from tests.engine.models import TIMER, begin, go_live
from tools.bench.workload import LOOP, ROW, ROW_FORMS, loop_form


@contextmanager
def counted(app: App) -> Iterator[list[tuple[str, Any]]]:
    """The statements of the block with their parameters, without BEGIN."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    event.listen(app.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(app.database, "before_cursor_execute", note)


def run_row(app: App) -> list[int]:
    """One P1 instance from start to end; the statements of each command."""
    counts = []
    with counted(app) as statements:
        begin(app, "p1")
    counts.append(len(statements))
    for form in ROW_FORMS:
        (item,) = acting.items(app)
        with counted(app) as statements, app.unit_of_work() as work:
            engine.complete(work, item.id, form)
        counts.append(len(statements))
    return counts


@pytest.mark.both_databases
def test_a_start_takes_at_most_8_statements_and_a_step_at_most_13(app: App) -> None:
    go_live(app, ROW)
    run_row(app)
    start, *steps = run_row(app)
    assert start <= 8
    assert max(steps) <= 13


@pytest.mark.both_databases
def test_a_step_with_a_timer_at_its_side_stays_within_13_statements(app: App) -> None:
    go_live(app, TIMER)
    begin(app, "timer")
    acting.complete(app, "Wait")
    begin(app, "timer")
    (item,) = acting.items(app)
    with counted(app) as statements, app.unit_of_work() as work:
        engine.complete(work, item.id, {})
    assert len(statements) <= 13


def test_a_finished_row_of_three_tasks_keeps_at_most_8_kilobytes(app: App) -> None:
    def stored() -> int:
        with app.database.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            free = connection.execute(text("PRAGMA freelist_count")).scalar_one()
            return int(pages - free) * int(connection.execute(text("PRAGMA page_size")).scalar_one())

    go_live(app, ROW)
    run_row(app)
    before = stored()
    for _ in range(60):
        run_row(app)
    assert (stored() - before) / 60 <= 8_000


def test_a_loop_keeps_its_state_small_however_often_it_goes_round(app: App) -> None:
    go_live(app, LOOP)
    instance_id = begin(app, "p2")
    sizes = {}
    for i in range(1, 121):
        acting.complete(app, "U", loop_form(i, 10_000))
        if i in (10, 120):
            with app.unit_of_work.reading() as work:
                state = work.session.get_one(ProcessInstance, instance_id).state
                sizes[i] = len(state or b"")
    assert sizes[120] <= sizes[10] * 1.1
    assert acting.broken(app) == []


@pytest.mark.parametrize("scope", ["mine", "groups", "all"])
@pytest.mark.parametrize("status", ["open", "completed"])
def test_the_list_of_work_walks_indexes_and_sorts_nothing_long(
    app: App, anna: Actor, olga: Actor, scope: Any, status: Any
) -> None:
    for actor in (anna, olga):
        with counted(app) as statements, app.unit_of_work.reading(actor) as work:
            list_work_items(work, WorkItemFilter(scope=scope, status=status, after=7))
        ((walk, parameters),) = statements
        with app.database.connect() as connection:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {walk}", parameters)]
        walked = [line for line in plan if "work_item" in line and "INTEGER PRIMARY KEY" not in line]
        assert walked
        assert all("SEARCH work_item USING COVERING INDEX" in line for line in walked), walked
        assert not [line for line in plan if "SCAN" in line and "SCAN anon_" not in line], plan
        assert "count(" not in walk.lower()
        assert sum("TEMP B-TREE" in line for line in plan) <= 2, plan
        assert walk.count("LIMIT") == len(walked) + 1


def test_no_screen_loads_the_state_of_an_instance(app: App) -> None:
    go_live(app, ROW)
    instance_id = begin(app, "p1")
    with counted(app) as statements, app.unit_of_work.reading() as work:
        (row,) = list_work_items(work, WorkItemFilter()).rows
        get_work_item(work, row.id)
        get_instance(work, instance_id)
        queries.instance_history(work, instance_id)
        queries.list_instances(work, "p1")
        queries.list_versions(work, "p1")
        queries.list_definitions(work)
    assert len(statements) >= 7
    assert not [statement for statement, _ in statements if "process_instance.state" in statement]
    assert not [s for s, _ in statements if "process_version.source" in s or "process_version.executable" in s]


def test_counting_knows_what_a_statement_is(app: App) -> None:
    with counted(app) as statements, app.unit_of_work(SYSTEM) as work:
        work.session.execute(text("SELECT 1"))
    assert [statement for statement, _ in statements] == ["SELECT 1"]
