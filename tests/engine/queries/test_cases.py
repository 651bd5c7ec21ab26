"""Cases are found by what people know of them, each filter by its meaning, at the same cost however many there are."""

from datetime import timedelta
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import CaseFilter, CasePage, count_cases, count_standing, list_cases
from bpm.engine.status import InstanceStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import SYSTEM, Actor
from tests.conftest import MONDAY
from tests.effort import effort
from tests.engine import acting
from tests.engine.models import ONE_TASK, TWO_TASKS, go_live
from tools.bench.filling import copy_instance

pytestmark = pytest.mark.both_databases


def begin(app: App, key: str, business_key: str | None = None, **variables: Any) -> int:
    with app.unit_of_work() as work:
        return engine.start(work, key, variables, business_key=business_key).id


def page(app: App, actor: Actor = SYSTEM, *, after: int | None = None, limit: int = 50, **asked: Any) -> CasePage:
    with app.unit_of_work.reading(actor) as work:
        return list_cases(work, CaseFilter(**asked), after=after, limit=limit)


def found(app: App, actor: Actor = SYSTEM, **asked: Any) -> list[int]:
    return [row.id for row in page(app, actor, **asked).rows]


def test_each_filter_finds_what_it_says_and_they_narrow_each_other(app: App, clock: FixedClock) -> None:
    go_live(app, ONE_TASK, TWO_TASKS)
    first = begin(app, "one", "A-1", total=10)
    clock.advance(timedelta(days=2))
    second = begin(app, "two", "A-2", total=20)
    third = begin(app, "two", "B-1", total=20)
    acting.complete(app, "Read")
    with app.unit_of_work() as work:
        engine.suspend(work, third, reason="Wait.")
    assert found(app) == [third, second, first]
    assert found(app, process="two") == [third, second]
    assert found(app, process="two", number=2) == []
    assert found(app, process="nothing") == []
    assert found(app, key="A-2") == [second]
    assert found(app, statuses=(InstanceStatus.COMPLETED, InstanceStatus.SUSPENDED)) == [third, first]
    assert found(app, process="two", statuses=(InstanceStatus.SUSPENDED,)) == [third]
    assert found(app, element="A") == [third, second]
    assert found(app, element="A", statuses=(InstanceStatus.ACTIVE,)) == [second]
    assert found(app, element="Read") == []
    tomorrow = MONDAY + timedelta(days=1)
    assert found(app, started_from=tomorrow) == [third, second]
    assert found(app, started_before=tomorrow) == [first]
    assert found(app, ended_from=tomorrow) == [first]
    assert found(app, ended_before=tomorrow) == []
    assert found(app, variable="total", value="20", process="two") == [third, second]
    assert found(app, ids=(first, third), statuses=(InstanceStatus.COMPLETED,)) == [first]
    assert found(app, words="b- 1") == [third]
    assert found(app, words="a-1 one") == [first]
    assert found(app, failing=True) == []


@pytest.mark.parametrize(
    ("held", "typed", "is_found"),
    [
        (4711, "4711", True),
        (4711.0, "4711", True),
        ("4711", "4711", True),
        ("4711", '"4711"', True),
        (4711, '"4711"', False),
        (True, "true", True),
        ("true", "true", True),
        (True, "1", False),
        (1, "true", False),
        (None, "null", True),
        ("Ada Lovelace", "Ada Lovelace", True),
        ("Ada Lovelace", "Ada", False),
        (2**60, "1e999", False),
        ([1], "[1]", False),
    ],
)
def test_a_value_is_compared_by_its_kind(app: App, *, held: Any, typed: str, is_found: bool) -> None:
    go_live(app, ONE_TASK)
    case = begin(app, "one", value=held, order={"number": held})
    assert found(app, variable="value", value=typed) == ([case] if is_found else [])
    assert found(app, variable="order.number", value=typed) == ([case] if is_found else [])
    assert found(app, variable="order.nothing", value=typed) == []


@pytest.mark.parametrize("name", ['a"b', "a.b.c", "1a", "$.a", "", " "])
def test_what_is_no_name_of_a_variable_is_refused(app: App, name: str) -> None:
    if not name:
        return
    with pytest.raises(InvalidInputError, match="no name of a variable"):
        found(app, variable=name, value="1")


def test_a_value_finds_only_cases_whose_values_the_person_may_read(app: App, anna: Actor, olga: Actor) -> None:
    go_live(app, ONE_TASK.replace(b'<userTask id="Read"', b'<userTask id="Read" camunda:candidateGroups="finance"'))
    case = begin(app, "one", secret="plum")
    assert found(app, olga, variable="secret", value="plum") == [case]
    assert found(app, anna, variable="secret", value="plum") == []
    assert found(app, anna) == [case]


def test_the_list_goes_on_after_the_last_row_in_the_order_of_the_date_asked_for(app: App, clock: FixedClock) -> None:
    go_live(app, ONE_TASK)
    cases = []
    for _number in range(5):
        cases.append(begin(app, "one"))
        clock.advance(timedelta(hours=1))
    for asked in ({}, {"started_from": MONDAY - timedelta(days=1)}, {"process": "one"}, {"element": "Read"}):
        first = page(app, limit=3, **asked)
        second = page(app, after=first.after, limit=3, **asked)
        assert [row.id for row in (*first.rows, *second.rows)] == cases[::-1]
        assert second.after is None


def test_what_occurs_is_counted_by_version_and_state_and_where_cases_stand(app: App) -> None:
    go_live(app, ONE_TASK, TWO_TASKS)
    for key in ("one", "one", "two"):
        begin(app, key)
    acting.complete(app, "Read")
    with app.unit_of_work.reading() as work:
        counted = count_cases(work, CaseFilter())
        standing = count_standing(work, "two")
    assert [(row.key, row.number, row.status, row.count) for row in counted.rows] == [
        ("one", 1, "active", 1),
        ("one", 1, "completed", 1),
        ("two", 1, "active", 1),
    ]
    assert not counted.capped
    assert standing == [("A", "First", 1)]


def test_where_it_looked_through_enough_it_says_so_and_goes_on(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpm.engine.queries.cases.cases.LOOKED", 2)
    go_live(app, ONE_TASK)
    wanted = begin(app, "one", wanted=True)
    for _number in range(3):
        begin(app, "one")
    first = page(app, variable="wanted", value="true")
    assert (first.rows, first.looked) == ((), 2)
    second = page(app, variable="wanted", value="true", after=first.after)
    assert ([row.id for row in second.rows], second.after) == ([wanted], None)


def test_a_page_costs_the_same_however_many_cases_there_are(app: App) -> None:
    go_live(app, ONE_TASK)
    sample = begin(app, "one", "A-1", total=1)
    ways: tuple[dict[str, Any], ...] = (
        {},
        {"process": "one"},
        {"statuses": (InstanceStatus.ACTIVE,)},
        {"statuses": (InstanceStatus.FAILED,)},
        {"key": "A-0"},
        {"element": "Read"},
        {"started_before": MONDAY},
        {"ended_from": MONDAY},
    )

    def cost() -> list[int]:
        with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        return [effort(app, lambda asked=asked: page(app, **asked)) for asked in ways]  # type: ignore[misc] # a default keeps it

    with app.unit_of_work() as work:
        copy_instance(work, sample, times=400)
    before = cost()
    with app.unit_of_work() as work:
        copy_instance(work, sample, times=1600)
    grown = [(way, a, b) for way, a, b in zip(ways, before, cost(), strict=True) if b > a * 1.5 + 50]
    assert not grown
