"""Distribute is work: it stands in their tasks, several have one item at once, and what came out comes back at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bpm import feedback, identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.queries import WorkItemFilter, WorkItemRow
from bpm.feedback import OpenHandOverError, Taker
from bpm.feedback.models import Decision, Distribution, FeedbackItem
from bpm.feedback.queries import Entry, ItemFilter, conversation_of, list_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.notices import PersonNotice
from bpm.processes import handing_over, queries
from bpm.processes.handing_over import Order
from tests.processes.conftest import GoLive, Say, make_person
from tests.processes.models import CARE

pytestmark = pytest.mark.both_databases

IT, MARKETING, OPERATIONS = (Taker(group_key=key) for key in ("it", "marketing", "operations"))


@pytest.fixture
def departments(app: App) -> dict[str, Actor]:
    """One person in each department."""
    return {key: make_person(app, f"of_{key}", "staff", key) for key in ("it", "marketing", "operations")}


def tasks_of(app: App, person: Actor) -> list[WorkItemRow]:
    with app.unit_of_work.reading(person) as work:
        return list(engine_queries.list_work_items(work, WorkItemFilter()).rows)


def entries(app: App, item_id: int, kind: str) -> list[Entry]:
    with app.unit_of_work.reading() as work:
        return [each for each in conversation_of(work, item_id).entries if each.kind == kind]


def notices_of(app: App, person: Actor) -> list[str]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(PersonNotice.subject).where(PersonNotice.user_id == person.user_id)))


def test_one_item_stands_with_three_departments_without_a_copy_and_comes_back_in_the_step_that_answers(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor], clock: FixedClock
) -> None:
    item_id = say(channel="social")
    due = clock.now() + timedelta(hours=4)
    with app.unit_of_work(advocate) as work:
        order = Order((IT, MARKETING, OPERATIONS), note="Where is it, and why was nobody told?", due_at=due)
        rows = handing_over.hand_over(work, item_id, order)
        assert len({row.case_id for row in rows}) == 3

    for key, person in departments.items():
        (task,) = tasks_of(app, person)
        assert (task.group_key, task.due_at, task.name, task.business_key) == (key, due, "See to it", f"item-{item_id}")
        assert any("Where is it" in told for told in notices_of(app, person))
        with app.unit_of_work.reading(person) as work:
            assert [row.id for row in list_items(work, ItemFilter(distributed_to=key)).rows] == [item_id]
            assert queries.find_item_of_instance(work, task.instance_id) == item_id
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(FeedbackItem)) == 1

    clock.advance(timedelta(hours=1))
    (task,) = tasks_of(app, departments["it"])
    with app.unit_of_work(departments["it"]) as work:
        engine.complete(work, task.id, {"outcome": "done", "result": "The mail was stuck; sent now."}, by_form=True)

    (back,) = entries(app, item_id, "returned")
    assert (back.who, back.text, back.label, back.at) == ("Of_It", "The mail was stuck; sent now.", "it", clock.now())
    assert len(entries(app, item_id, "distribution")) == 3
    assert any("The mail was stuck" in told for told in notices_of(app, advocate))
    with app.unit_of_work.reading() as work:
        assert {row.group_key for row in feedback.list_open(work, item_id)} == {"marketing", "operations"}
        assert list_items(work, ItemFilter(distributed_to="it")).rows == ()
        assert [row.id for row in list_items(work, ItemFilter(came_back=True)).rows] == [item_id]


def test_a_person_gets_it_with_the_note_and_their_group_sees_it(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor]
) -> None:
    item_id, it = say(), departments["it"]
    other = make_person(app, "lea", "staff", "service")
    with app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((Taker(user_id=it.user_id),), note="You know her."))

    (task,) = tasks_of(app, it)
    assert (task.assignee_id, task.group_key) == (it.user_id, "it")
    assert tasks_of(app, other) == []
    assert [told for told in notices_of(app, it) if "You know her." in told]
    assert entries(app, item_id, "distribution")[0].label == "Of_It"


def test_what_is_open_is_named_before_it_is_handed_on_or_decided(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor]
) -> None:
    item_id = say()
    with app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((IT,), note="Please look."))
    for act in (
        lambda work: handing_over.hand_over(work, item_id, Order((MARKETING,))),
        lambda work: handing_over.decide(work, item_id, "no", reason="Enough."),
        lambda work: feedback.decide(work, item_id, "no", reason="Enough."),
    ):
        with pytest.raises(OpenHandOverError, match="it"), app.unit_of_work(advocate) as work:
            act(work)
    with pytest.raises(InvalidInputError, match="already"), app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((IT,), existing="beside"))

    with app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((MARKETING,), existing="beside"))
        handing_over.hand_over(work, item_id, Order((OPERATIONS,), note="Not theirs.", existing="instead"))
    assert [len(tasks_of(app, departments[key])) for key in ("it", "marketing", "operations")] == [0, 0, 1]
    assert {each.status for each in entries(app, item_id, "returned")} == {"withdrawn"}

    with app.unit_of_work(advocate) as work:
        handing_over.decide(work, item_id, "do", reason="We send it again.", knowing=True)
    with app.unit_of_work.reading() as work:
        assert [row.group_key for row in feedback.list_open(work, item_id)] == ["operations"]
        assert work.session.scalars(select(Decision.decision)).all() == ["do"]


def test_a_case_of_an_item_is_open_work_below_it_too(app: App, go_live: GoLive, say: Say, advocate: Actor) -> None:
    go_live(CARE, "care")
    item_id = say()
    with app.unit_of_work(advocate) as work:
        (row,) = handing_over.hand_over(work, item_id, Order((Taker(process_key="care"),), note="By the book."))
        case_id = row.case_id or 0
    with pytest.raises(OpenHandOverError, match="care"), app.unit_of_work(advocate) as work:
        handing_over.decide(work, item_id, "no", reason="Enough.")

    for _step in range(2):
        (task,) = tasks_of(app, advocate)
        with app.unit_of_work(advocate) as work:
            engine.complete(work, task.id, {"reason": "A new one is on its way."})
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_instance(work, case_id).row.status == "completed"
    assert [each.text for each in entries(app, item_id, "returned")] == ["A new one is on its way."]


def test_taking_back_ends_the_work_with_the_reason_and_puts_the_item_back_to_the_advocate(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor]
) -> None:
    item_id = say()
    with app.unit_of_work(advocate) as work:
        (row,) = handing_over.hand_over(work, item_id, Order((IT,)))
        row_id, case_id = row.id, row.case_id or 0
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        handing_over.take_back(work, row_id, why=" ")
    with app.unit_of_work(advocate) as work:
        handing_over.take_back(work, row_id, why="She wrote that it came.")
    assert tasks_of(app, departments["it"]) == []
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_instance(work, case_id).row.status == "cancelled"
        assert work.session.get_one(FeedbackItem, item_id).distributed_to is None
    with pytest.raises(ConflictError), app.unit_of_work(advocate) as work:
        handing_over.take_back(work, row_id, why="Again.")


def test_a_case_that_is_ended_by_hand_gives_the_item_back(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor]
) -> None:
    item_id = say()
    with app.unit_of_work(advocate) as work:
        (row,) = handing_over.hand_over(work, item_id, Order((IT,)))
        case_id = row.case_id or 0
    with app.unit_of_work() as work:
        engine.cancel(work, case_id, reason="A test.")
    with app.unit_of_work.reading() as work:
        assert feedback.list_open(work, item_id) == []
        assert work.session.get_one(FeedbackItem, item_id).distributed_to is None


def test_who_may_not_answer_hands_nothing_over_and_nobody_gets_what_they_cannot_do(
    app: App, say: Say, advocate: Actor, departments: dict[str, Actor], clock: FixedClock
) -> None:
    item_id = say()
    designer = make_person(app, "dana", "designer")
    with pytest.raises(ForbiddenError), app.unit_of_work(designer) as work:
        handing_over.hand_over(work, item_id, Order((IT,)))
    for takers, due in (
        ((), None),
        ((Taker(group_key="nobody"),), None),
        ((Taker(user_id=designer.user_id),), None),
        ((Taker(process_key="handed_over"),), None),
        ((IT,), clock.now()),
    ):
        with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
            handing_over.hand_over(work, item_id, Order(takers, due_at=due))
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Distribution)) == 0


def test_hand_overs_of_before_stay_readable_and_keep_nothing_open(app: App, say: Say, advocate: Actor) -> None:
    item_id = say()
    with app.unit_of_work(advocate) as work:
        identity.ensure_group(work, "it")
        feedback.distribute(work, item_id, group_key="it", note="As it was.")
    (entry,) = entries(app, item_id, "distribution")
    assert (entry.label, entry.text, entry.status) == ("it", "As it was.", "noted")
    with app.unit_of_work(advocate) as work:
        assert [row.id for row in list_items(work, ItemFilter(distributed_to="it")).rows] == [item_id]
        handing_over.decide(work, item_id, "no", reason="Long ago.")
