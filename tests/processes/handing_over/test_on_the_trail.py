"""What came back stands on the customer's trail: to colleagues with its words, to the customer as a fact alone."""

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.queries import WorkItemFilter
from bpm.feedback import Taker
from bpm.foundation.work import Actor
from bpm.processes import handing_over
from bpm.processes.handing_over import Order
from bpm.processes.trails.publishing import Names, publish
from bpm.processes.trails.reading import read_trails
from tests.processes.conftest import Say, make_person


def test_a_result_is_on_the_trail_in_the_step_that_gives_it(app: App, say: Say, advocate: Actor) -> None:
    it, item_id = make_person(app, "ivan", "staff", "it"), say()
    with app.unit_of_work(advocate) as work:
        handing_over.hand_over(
            work, item_id, Order((Taker(group_key="it"),), note="She is on the list of troublemakers.")
        )
    with app.unit_of_work(it) as work:
        (task,) = engine_queries.list_work_items(work, WorkItemFilter()).rows
        engine.complete(work, task.id, {"outcome": "done", "result": "Our mail server was full."}, by_form=True)

    with app.unit_of_work.reading() as work:
        trail = read_trails(work, [item_id])[item_id]
    steps = [(step.words, step.by, step.note) for step in trail.steps]
    assert ("Back from it.", "Ivan", "Our mail server was full.") in steps
    read = " ".join(f"{step.words} {step.by} {step.said}" for step in publish(trail, Names({}, {}, {}), mask=str).steps)
    assert "We asked colleagues to look into it." in read
    assert "They have looked into it." in read
    for inside in ("Ivan", "mail server", "troublemakers"):
        assert inside not in read
