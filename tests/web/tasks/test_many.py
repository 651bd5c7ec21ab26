"""The list of tasks: sorted, filtered, kept as views, and many tasks changed at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bpm import calendars, feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.feedback.models import FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.processes import attribution
from tests.conftest import MONDAY
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]
ANSWERS: dict[str, object] = {"approved": "true", "amount": "20"}


@pytest.fixture
def three(app: App, refund: int) -> list[str]:
    """Ids of three tasks of the cases A-0, A-1 and A-2."""
    for number in range(3):
        start_refund(app, f"A-{number}")
    return ["1", "2", "3"]


def cases(page: object) -> list[str]:
    """The cases of the rows, in their order."""
    words = str(page)
    return sorted((f"A-{n}" for n in range(3) if f"A-{n}" in words), key=words.index)


def test_many_are_claimed_what_was_left_is_said_and_one_undo_takes_it_back(signed_in: SignIn, three: list[str]) -> None:
    sam = signed_in("sam", "staff", groups=("service",))
    stella = signed_in("stella", "staff", groups=("service",))
    sam.post("/tasks/1/claim")
    page = stella.do("/tasks/many", {"verb": "claim", "task": three, "next": "/tasks?scope=mine"})
    assert "2 tasks changed." in page
    assert "1 left as it was: Sam claimed this work item" in page
    assert cases(page) == ["A-1", "A-2"]
    undone = stella.do(page.get("button", "Undo").target)
    assert "2 tasks are as before." in undone
    assert cases(stella.see("/tasks?scope=mine")) == []


def test_many_get_a_due_date_a_follow_up_and_a_priority_and_all_is_undone(signed_in: SignIn, three: list[str]) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    stella.do("/tasks/many", {"verb": "due", "task": ["3"], "due": "2026-03-03T09:00"})
    page = stella.do("/tasks/many", {"verb": "due", "task": ["1", "3"], "due": "2026-03-04T12:00"})
    assert cases(stella.see("/tasks?due=week")) == ["A-0", "A-2"]
    stella.do(page.get("button", "Undo").target)
    assert cases(stella.see("/tasks?due=week")) == ["A-2"]
    page = stella.do("/tasks/many", {"verb": "priority", "task": ["2"], "priority": "90"})
    assert "priority urgent" in page
    assert cases(stella.see("/tasks?sort=priority")) == ["A-1", "A-0", "A-2"]
    assert cases(stella.see("/tasks?priority=high")) == ["A-1"]
    stella.post("/tasks/many", {"verb": "follow_up", "task": ["1"], "follow_up": "2026-03-02T08:00"})
    assert cases(stella.see("/tasks?follow_up=reached")) == ["A-0"]


def test_nothing_chosen_a_wrong_verb_and_a_wrong_date_are_said(signed_in: SignIn, three: list[str]) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    assert "No task was chosen." in stella.do("/tasks/many", {"verb": "claim"})
    assert "Nothing was chosen to be done." in stella.do("/tasks/many", {"verb": "eat", "task": three})
    assert "3 left as it was: soon is no date." in stella.do(
        "/tasks/many", {"verb": "due", "task": three, "due": "soon"}
    )
    assert stella.post("/tasks/many/undo?verb=due&was=1:x;y:z;9:2026-01-01T00:00:00").status_code == 303


def test_another_groups_tasks_are_neither_changed_nor_given_back(signed_in: SignIn, three: list[str]) -> None:
    stranger = signed_in("fay", "staff", groups=("finance",))
    page = stranger.do("/tasks/many", {"verb": "priority", "task": three, "priority": "1"})
    assert "0 tasks changed." in page
    stranger.post("/tasks/many/undo?verb=assign&was=1:1")
    assert cases(signed_in("stella", "staff", groups=("service",)).see("/tasks")) == ["A-0", "A-1", "A-2"]


def test_the_list_is_filtered_by_what_people_remember(signed_in: SignIn, three: list[str]) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    assert cases(stella.see("/tasks?variable=order&value=A-1")) == ["A-1"]
    assert cases(stella.see("/tasks?activity=check")) == ["A-0", "A-1", "A-2"]
    assert cases(stella.see("/tasks?who=stella")) == []
    assert cases(stella.see("/tasks?who=nobody-of-that-name")) == []
    assert cases(stella.see("/tasks?created_until=2026-03-01")) == []
    assert stella.get("/tasks?created_from=soon").status_code == 400
    stella.post("/tasks/2/completion", {"approved": "true", "amount": "20"})
    assert cases(stella.see("/tasks?status=completed&ended_from=2026-03-02&ended_until=2026-03-02")) == ["A-1"]


def test_a_view_is_kept_counted_shared_with_a_group_and_removed(signed_in: SignIn, three: list[str]) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    sam = signed_in("sam", "staff", groups=("service",))
    fay = signed_in("fay", "staff", groups=("finance",))
    saved = {"name": "First order", "query": "variable=order&value=A-0", "group": "service"}
    page = stella.do("/tasks/views", saved)
    assert "View saved: First order." in page
    assert page.get("link", "First order").name.split() == ["First", "order", "1"]
    assert cases(sam.see("/tasks?variable=order&value=A-0")) == ["A-0"]
    assert sam.see("/tasks").has("link", "First order")
    assert not fay.see("/tasks").has("link", "First order")
    assert sam.post("/tasks/views/1/removal").status_code == 404
    assert fay.post("/tasks/views", saved).status_code == 403
    assert stella.post("/tasks/views", {**saved, "name": " "}).status_code == 400
    assert not stella.do("/tasks/views/1/removal").has("link", "First order")


def test_the_service_clock_is_drawn_in_open_time(app: App, clock: FixedClock, signed_in: SignIn, refund: int) -> None:
    nine_to_five = calendars.Week((calendars.read_hours("9-17"),) * 7)
    with app.unit_of_work() as work:
        calendars.save_calendar(work, "Office", calendars.Calendar("UTC", (nine_to_five,)), groups=["service"])
        engine.set_service_target(work, "refund", "PT16H")
    start_refund(app)  # Monday at 9; due on Tuesday at 17
    stella = signed_in("stella", "staff", groups=("service",))
    clock.advance(timedelta(hours=20))  # Tuesday at 5: eight of sixteen hours
    assert clock.now() == datetime(2026, 3, 3, 5, tzinfo=UTC)
    stella = signed_in("sam", "staff", groups=("service",))
    assert stella.see("/tasks").has("img", "50 % of the time has gone by")


def test_many_are_handed_over_to_who_is_chosen_from_a_list_with_a_note_and_taken_back(
    signed_in: SignIn, three: list[str]
) -> None:
    sam = signed_in("sam", "staff", groups=("service",))
    signed_in("fay", "staff", groups=("finance",))
    stella = signed_in("stella", "staff", groups=("service",))
    chooser = stella.do("/tasks/many/recipients", {"task": ["1", "3"], "next": "/tasks"})
    for words in ("A-0", "A-2", "Sam", "finance"):
        assert words in chooser
    assert "Fay" not in chooser
    chosen = {"verb": "assign", "task": ["1", "3"], "assign": "person:sam", "note": "Both are from Berlin."}
    page = stella.do("/tasks/many", chosen)
    assert "2 tasks changed." in page
    assert cases(sam.see("/tasks?scope=mine")) == ["A-0", "A-2"]
    assert "Both are from Berlin." in sam.see("/tasks/3")
    assert "2 tasks are as before." in stella.do(page.get("button", "Undo").target)
    assert cases(sam.see("/tasks?scope=mine")) == []
    assert "No task was chosen." in stella.do("/tasks/many/recipients")
    assert "left as it was" in stella.do("/tasks/many", {**chosen, "assign": "person:fay"})


def test_a_task_says_its_dates_and_priority_in_words_and_they_are_changed_there_in_the_readers_zone(
    app: App, signed_in: SignIn, three: list[str]
) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    stella.post("/profile", {"display_name": "Stella", "time_zone": "Europe/Berlin"})
    assert "priority normal" in stella.see("/tasks/1")
    page = stella.do("/tasks/many", {"verb": "due", "task": "1", "due": "2026-03-03T10:00", "next": "/tasks/1"})
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(WorkItem, 1).due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert 'value="2026-03-03T10:00"' in stella.get("/tasks/1").get_data(as_text=True)
    stella.do(page.get("button", "Undo").target)
    stella.do("/tasks/many", {"verb": "priority", "task": "1", "priority": "100"})
    words = stella.see("/tasks/1").words
    assert "priority urgent" in words
    assert "due in" not in words


def test_completing_leads_to_the_list_to_the_next_task_or_stays_as_the_profile_says(
    signed_in: SignIn, three: list[str]
) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    ways = []
    for wish in ("", "next", "stay"):
        stella.post("/profile", {"display_name": "Stella", "after_task": wish})
        done = stella.post(f"/tasks/{len(ways) + 1}/completion", ANSWERS)
        ways.append(done.location)
    assert ways == ["/tasks", "/tasks/3", "/tasks/3"]


def test_what_i_finished_stands_in_a_list_with_what_was_entered(signed_in: SignIn, three: list[str]) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    stella.post("/tasks/2/completion", ANSWERS)
    page = stella.see("/tasks?scope=mine&status=completed")
    assert cases(page) == ["A-1"]
    assert ": 20" in page
    assert ": Yes" in page


def test_tasks_are_found_by_words_of_their_customers_name(app: App, signed_in: SignIn, three: list[str]) -> None:
    said = RawItem(
        channel="email", source="post", natural_key="1", text="Where is it?", said_at=MONDAY,
        author_name="Grace Brewster Hopper", author_handle="grace@example.org",
    )  # fmt: skip
    with app.unit_of_work() as work:
        item = feedback.receive(work, said)
        case = work.session.get_one(WorkItem, 2).instance_id
        attribution.record(
            work, work.session.get_one(FeedbackItem, item.item_id), instance_id=case, evidence="By hand."
        )
    stella = signed_in("stella", "staff", groups=("service",))
    assert cases(stella.see("/tasks?customer=hopper+grace")) == ["A-1"]
    assert cases(stella.see("/tasks?customer=nobody")) == []
