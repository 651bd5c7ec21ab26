"""A finished case is taken up again: where it is said, with its values, on record, and with nothing else begun."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.api import Restart
from bpm.engine.models import ProcessInstance, StepRecord
from bpm.engine.queries import instance_commands
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import TWO_TASKS, begin, flow, go_live, model

JOINED = model(
    "joined",
    '<startEvent id="start"/><parallelGateway id="split"/><userTask id="A"/><userTask id="B"/>'
    '<parallelGateway id="join"/><userTask id="C"/><endEvent id="end"/>'
    '<subProcess id="Sub"><startEvent id="s"/><userTask id="Inner"/><endEvent id="e"/>'
    + flow("s", "Inner")
    + flow("Inner", "e")
    + "</subProcess>"
    + flow("start", "split")
    + flow("split", "A")
    + flow("split", "B")
    + flow("A", "join")
    + flow("B", "join")
    + flow("join", "C")
    + flow("C", "Sub")
    + flow("Sub", "end"),
)


def restart(app: App, instance_id: int, actor: Actor, reason: str = "Again.", **order: Any) -> int:
    with app.unit_of_work(actor) as work:
        return engine.restart(work, instance_id, Restart(**order), reason=reason).id


def finish(app: App, *elements: str) -> None:
    for element in elements:
        acting.complete(app, element, {f"did_{element}": True})


def stored(app: App, instance_id: int) -> ProcessInstance:
    with app.unit_of_work.reading() as work:
        found = work.session.get(ProcessInstance, instance_id)
        assert found is not None
        work.session.expunge(found)
        return found


def finished(app: App, variables: Mapping[str, Any] | None = None) -> int:
    go_live(app, TWO_TASKS)
    old = begin(app, "two", variables or {"order": 7})
    finish(app, "A", "B")
    return old


@pytest.mark.both_databases
def test_a_case_begins_at_the_element_with_the_values_it_had_last(app: App, olga: Actor) -> None:
    old = finished(app)
    new = restart(app, old, olga, before=("B",), variables={"order": 8})
    assert acting.open_elements(app) == ["B"]
    assert acting.instance(app, new).variables == {"order": 8, "did_A": True, "did_B": True}
    assert stored(app, new).restarted_from == old
    assert acting.instance(app, old).row.status == "completed"
    with app.unit_of_work.reading() as work:
        (command,) = instance_commands(work, new)
    assert (command.command, command.reason, command.actor) == ("restart", "Again.", "Olga")
    assert command.detail == {
        "from": old, "at": ["B"], "values": "last", "before": {"order": 7}, "after": {"order": 8},
    }  # fmt: skip
    finish(app, "B")
    assert acting.instance(app, new).row.status == "completed"
    assert not acting.broken(app)


@pytest.mark.both_databases
def test_it_may_begin_with_the_values_of_its_beginning_and_behind_an_element(app: App, olga: Actor) -> None:
    old = finished(app)
    new = restart(app, old, olga, after=("A",), values="initial")
    assert acting.open_elements(app) == ["B"]
    assert acting.instance(app, new).variables == {"order": 7}
    assert [row.element for row in acting.history(app, new)] == ["B"]


def test_a_case_that_was_taken_up_has_a_beginning_of_its_own(app: App, olga: Actor) -> None:
    old = restart(app, finished(app), olga, before=("B",), variables={"order": 9})
    finish(app, "B")
    new = restart(app, old, olga, before=("A",), values="initial")
    assert acting.instance(app, new).variables["order"] == 9


def test_what_an_earlier_release_began_is_not_begun_with_nothing(app: App, olga: Actor) -> None:
    old = finished(app)
    with app.unit_of_work() as work:
        work.session.execute(update(StepRecord).values(brought=None))
    with pytest.raises(ConflictError, match="not on record what case") as refused:
        restart(app, old, olga, after=("A",), values="initial")
    assert "the values that it had last" in str(refused.value.remedy)


def test_branches_that_begin_before_a_join_meet_there(app: App, olga: Actor) -> None:
    go_live(app, JOINED)
    old = begin(app, "joined")
    with app.unit_of_work(olga) as work:
        engine.cancel(work, old, reason="Wrong.")
    new = restart(app, old, olga, before=("B",), after=("A",))
    assert acting.open_elements(app) == ["B"]
    finish(app, "B")
    assert acting.open_elements(app) == ["C"]
    both = restart(app, old, olga, after=("A", "B"))
    assert [row.element for row in acting.history(app, both)] == ["join", "C"]
    assert acting.instance(app, new).row.status == "active"
    assert not acting.broken(app)


def test_the_live_version_may_take_it_up(app: App, olga: Actor, clock: FixedClock) -> None:
    old = finished(app)
    go_live(app, TWO_TASKS.replace(b'name="Second"', b'name="Other"'))
    same, live = restart(app, old, olga, before=("B",)), restart(app, old, olga, before=("B",), version="live")
    assert [acting.instance(app, each).row.number for each in (same, live)] == [1, 2]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"before": ("nowhere",)}, "no element"),
        ({"before": ("Inner",)}, "inside a subprocess"),
        ({"after": ("end",)}, "leads nowhere"),
        ({"after": ("split",)}, "leads 2 ways"),
        ({}, "where to begin"),
    ],
)
def test_a_place_where_nothing_can_begin_is_refused_by_name(app: App, olga: Actor, order: Any, said: str) -> None:
    go_live(app, JOINED)
    old = begin(app, "joined")
    with app.unit_of_work(olga) as work:
        engine.cancel(work, old, reason="Wrong.")
    with pytest.raises(InvalidInputError, match=said):
        restart(app, old, olga, **order)
    assert not acting.open_elements(app)


def test_a_case_that_runs_or_is_erased_is_refused_and_so_is_who_is_no_operator(
    app: App, olga: Actor, anna: Actor, clock: FixedClock
) -> None:
    old = finished(app)
    running = begin(app, "two")
    with pytest.raises(ConflictError, match="still runs"):
        restart(app, running, olga, before=("B",))
    with pytest.raises(ForbiddenError):
        restart(app, old, anna, before=("B",))
    with pytest.raises(InvalidInputError, match="reason"):
        restart(app, old, olga, reason=" ", before=("B",))


@pytest.mark.both_databases
def test_many_are_restarted_by_a_batch_after_a_dry_run(app: App, olga: Actor) -> None:
    old = finished(app)
    running = begin(app, "two")
    order = {"before": ["B"], "values": "last", "version": "same"}
    with app.unit_of_work(olga) as work:
        seen = engine.dry_run(work, "restart", [old, running], order)
    assert [(row.target_id, row.obstacle is None) for row in seen] == [(old, True), (running, False)]
    assert acting.open_elements(app) == ["A"]
    with app.unit_of_work(olga) as work:
        engine.begin_batch(work, "restart", [old], order, reason="All again.")
    while engine.sweep_batches(app.unit_of_work):
        pass
    assert acting.open_elements(app) == ["A", "B"]
    with pytest.raises(InvalidInputError, match="where to begin"), app.unit_of_work(olga) as work:
        engine.begin_batch(work, "restart", [old], {"values": "last"}, reason="x")


def chain(kinds: list[str]) -> tuple[bytes, list[str]]:
    """A model of blocks one after the other, and its elements that one can begin at."""
    body, last, places = '<startEvent id="start"/>', "start", []
    for number, kind in enumerate(kinds):
        if kind == "task":
            body += f'<userTask id="T{number}"/>' + flow(last, f"T{number}")
            places.append(f"T{number}")
            last = f"T{number}"
            continue
        split, left, right, join = (f"{name}{number}" for name in ("S", "L", "R", "J"))
        body += f'<{kind} id="{split}"/><userTask id="{left}"/><userTask id="{right}"/><{kind} id="{join}"/>'
        body += flow(last, split) + flow(split, left, "${true}" if kind == "exclusiveGateway" else "")
        body += flow(split, right, "${false}" if kind == "exclusiveGateway" else "")
        body += flow(left, join) + flow(right, join)
        places += [left, right]
        last = join
    return model("chain", body + '<endEvent id="end"/>' + flow(last, "end")), places


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from(["task", "parallelGateway", "exclusiveGateway"]), min_size=1, max_size=5),
    data=st.data(),
)
def test_a_restart_opens_what_it_names_with_the_values_and_nothing_else(
    app: App, olga: Actor, kinds: list[str], data: st.DataObject
) -> None:
    source, places = chain(kinds)
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2, unique=True))
    values = data.draw(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9) | st.text("xyz", max_size=3)))
    go_live(app, source)
    old = begin(app, "chain", values)
    with app.unit_of_work(olga) as work:
        engine.cancel(work, old, reason="Wrong.")
    new = restart(app, old, olga, before=tuple(chosen))
    opened = acting.history(app, new)
    assert sorted(row.element for row in opened) == sorted(chosen)
    assert all(row.status == "open" for row in opened)
    assert acting.instance(app, new).variables == values
    with app.unit_of_work(olga) as work:
        engine.cancel(work, new, reason="Seen.")
    assert not acting.broken(app)
