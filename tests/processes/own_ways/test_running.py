"""A way is handed in, paired, accepted and run: mandatory steps stay, optional ones go, own ones are tasks."""

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor, Work
from bpm.processes import own_ways
from bpm.processes.own_ways import WaySource
from bpm.processes.own_ways.models import OwnWayStep
from tests.processes.conftest import make_person
from tests.processes.own_ways.conftest import STEPS, in_a_row

THEIRS = ["Hear what broke", "Mend it", "Send me a photo", "Send it back"]


def handed_in(app: App, mona: Actor, customer: int, steps: list[str], accepted: bool = True) -> int:
    with app.unit_of_work(mona) as work:
        way = own_ways.hand_in(work, "repair", customer, steps, source=WaySource.TYPED)
    if accepted:
        with app.unit_of_work(mona) as work:
            own_ways.accept(work, way, reason="They repair a lot.")
    return way


def open_tasks(work: Work, case: int | None = None) -> dict[str, int]:
    query = select(WorkItem.element, WorkItem.id).where(WorkItem.status == "open")
    found = work.session.execute(query.where(WorkItem.instance_id == case) if case else query)
    return {row.element: row.id for row in found}


def complete(app: App, mona: Actor, element: str, case: int | None = None) -> None:
    with app.unit_of_work.reading() as work:
        task = open_tasks(work, case)[element]
    with app.unit_of_work(mona) as work:
        values = {"outcome": "done", "result": "They sent it."} if element == "work_on_it" else {}
        engine.complete(work, task, values)


def test_an_accepted_way_leaves_optional_steps_out_keeps_mandatory_ones_and_gives_own_ones_as_tasks(
    app: App, mona: Actor, repair: int, customer: int
) -> None:
    way = handed_in(app, mona, customer, THEIRS, accepted=False)
    with app.unit_of_work(mona) as work:
        found = own_ways.get_way(work, way)
        assert found.difference.missing == ("look", "offer")
        assert [found.steps[place].text for place in found.difference.added] == ["Send me a photo"]
        with pytest.raises(ConflictError):
            own_ways.start_on_way(work, way, {})
        own_ways.mark_mandatory(work, "repair", "look", "The law asks for an inspection.")
    with app.unit_of_work(mona) as work:
        own_ways.accept(work, way, reason="")
        assert own_ways.get_way(work, way).left_out == ("offer",)
    with app.unit_of_work(mona) as work:
        case = own_ways.start_on_way(work, way, {}, business_key="R-1")
    complete(app, mona, "hear")
    with app.unit_of_work.reading() as work:
        # Not on the customer's way, and mandatory: it stays.
        assert set(open_tasks(work, case)) == {"look"}
    complete(app, mona, "look")
    complete(app, mona, "mend")
    with app.unit_of_work.reading() as work:
        assert set(open_tasks(work)) == {"back", "work_on_it"}
    with pytest.raises(ConflictError, match="Send me a photo"):
        complete(app, mona, "back", case)
    complete(app, mona, "work_on_it")
    complete(app, mona, "back", case)
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(ProcessInstance, case).status == "completed"
        told = work.session.execute(select(OwnWayStep.element, OwnWayStep.kind).order_by(OwnWayStep.id)).all()
        assert [tuple(row) for row in told] == [("look", "kept"), ("offer", "left_out"), ("back", "added")]
        [skipped] = [row for row in queries.instance_commands(work, case) if row.command in ("skip", "move")]
        assert "customer's own way" in (skipped.reason or "")


def test_a_rail_put_up_later_holds_for_cases_that_run_and_other_cases_run_as_ever(
    app: App, mona: Actor, repair: int, customer: int
) -> None:
    way = handed_in(app, mona, customer, ["Hear what broke", "Send it back"])
    with app.unit_of_work(mona) as work:
        case = own_ways.start_on_way(work, way, {})
        plain = engine.start(work, "repair", {}).id
    with app.unit_of_work(mona) as work:
        own_ways.mark_mandatory(work, "repair", "mend", "Nothing goes back broken.")
    complete(app, mona, "hear", case)
    complete(app, mona, "hear", plain)
    with app.unit_of_work.reading() as work:
        assert (set(open_tasks(work, case)), set(open_tasks(work, plain))) == ({"mend"}, {"look"})
    stella = make_person(app, "stella", "staff", "service")
    with app.unit_of_work(stella) as work:
        for act in (
            lambda: own_ways.mark_mandatory(work, "repair", "look", "So."),
            lambda: own_ways.unmark_mandatory(work, "repair", "mend"),
            lambda: own_ways.decline(work, way, reason="No."),
        ):
            with pytest.raises(ForbiddenError):
                act()


def test_steps_of_a_straight_stretch_are_taken_in_the_customers_order(
    app: App, mona: Actor, repair: int, customer: int
) -> None:
    way = handed_in(app, mona, customer, ["Send an offer", "Hear what broke", "Mend it", "Send it back"])
    with app.unit_of_work(mona) as work:
        own_ways.mark_mandatory(work, "repair", "look", "The law asks for it.")
        case = own_ways.start_on_way(work, way, {})
    taken = []
    for _round in range(5):
        with app.unit_of_work.reading() as work:
            [element] = open_tasks(work, case)
        taken.append(element)
        complete(app, mona, element, case)
    # The mandatory one stands behind what is before it in ours.
    assert taken == ["offer", "hear", "look", "mend", "back"]
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(ProcessInstance, case).status == "completed"


def test_a_likely_pair_is_confirmed_by_a_person_before_it_is_accepted(
    app: App, mona: Actor, repair: int, customer: int
) -> None:
    way = handed_in(app, mona, customer, ["Examine my device", "A wish of mine"], accepted=False)
    with app.unit_of_work(mona) as work:
        found = own_ways.get_way(work, way)
        assert [(each.element, each.is_sure) for each in found.steps] == [("look", False), ("", True)]
        with pytest.raises(InvalidInputError, match="likely"):
            own_ways.accept(work, way, reason="")
        with pytest.raises(InvalidInputError):
            own_ways.pair(work, way, 7, "look")
        own_ways.pair(work, way, 1, "look")
        assert [each.element for each in own_ways.get_way(work, way).steps] == ["", "look"]
        own_ways.pair(work, way, 0, "hear")
        own_ways.accept(work, way, reason="")
        with pytest.raises(ConflictError):
            own_ways.pair(work, way, 0, "")
    with app.unit_of_work(mona) as work:
        with pytest.raises(InvalidInputError):
            own_ways.hand_in(work, "nothing", customer, ["a"], source=WaySource.TYPED)
        with pytest.raises(InvalidInputError):
            own_ways.hand_in(work, "repair", 999, ["a"], source=WaySource.TYPED)


def test_a_drawing_is_read_in_the_order_of_its_flows() -> None:
    drawn = in_a_row({key: STEPS[key] for key in ("mend", "hear")})
    assert own_ways.steps_of_drawing(drawn, "mine.bpmn") == ["Mend it", "Hear what broke"]
    with pytest.raises(InvalidInputError, match=r"mine\.bpmn"):
        own_ways.steps_of_drawing(b"<no/>", "mine.bpmn")
