"""Somebody is away: the deputy sees their tasks and takes them, both are told, and it ends by itself."""

from datetime import timedelta

import pytest

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries, teamwork
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import CONSOLE, Actor
from tests.notices.conftest import MakePerson, person, subjects
from tests.web.conftest import put_live, start_refund

__all__ = ["person"]
DAY = timedelta(days=1)


@pytest.fixture
def ada(app: App, person: MakePerson) -> Actor:
    put_live(app)
    start_refund(app)
    ada = person("ada", groups=("service",))
    with app.unit_of_work(ada) as work:
        engine.claim(work, 1)
    return ada


def plan(app: App, who: Actor, deputy: Actor, begin: timedelta, end: timedelta) -> int:
    with app.unit_of_work(who) as work:
        return teamwork.plan_absence(work, deputy.user_id or 0, work.now() + begin, work.now() + end)


@pytest.mark.both_databases
def test_the_deputy_sees_and_takes_work_from_the_first_day_to_the_last(
    app: App, clock: FixedClock, ada: Actor, person: MakePerson
) -> None:
    dan = person("dan", groups=("finance",))
    plan(app, ada, dan, DAY, 3 * DAY)
    assert [each.split(" from ")[0] for each in subjects(app, dan)] == ["You stand in for Ada"]
    with app.unit_of_work.reading(dan) as work, pytest.raises(NotFoundError):
        queries.get_work_item(work, 1)
    clock.advance(DAY)
    assert teamwork.sweep_absences(app.unit_of_work) == 1
    assert "You are away: Dan stands in" in subjects(app, ada)
    with app.unit_of_work(dan) as work:
        assert [(task.name, task.whose) for task in teamwork.list_offered(work)] == [("Check the claim", "Ada")]
        teamwork.take_as_deputy(work, 1)
        assert teamwork.list_offered(work) == ()
        assert queries.get_work_item(work, 1).row.assignee == "Dan"
    clock.advance(2 * DAY)
    assert teamwork.sweep_absences(app.unit_of_work) == 1
    assert teamwork.sweep_absences(app.unit_of_work) == 0
    assert "You stand in for Ada no longer" in subjects(app, dan)
    assert "You are back: Dan stands in no longer" in subjects(app, ada)


def test_nobody_else_takes_the_work_of_somebody_who_is_away(app: App, ada: Actor, person: MakePerson) -> None:
    plan(app, ada, person("dan"), timedelta(0), DAY)
    eve = person("eve", groups=("service",))
    with pytest.raises(ForbiddenError), app.unit_of_work(eve) as work:
        teamwork.take_as_deputy(work, 1)


def test_absences_that_make_no_sense_are_refused_by_field(app: App, ada: Actor, person: MakePerson) -> None:
    dan = person("dan")
    with pytest.raises(InvalidInputError) as refused:
        plan(app, ada, ada, DAY, timedelta(0))
    assert set(refused.value.fields) == {"deputy", "until"}
    plan(app, ada, dan, DAY, 3 * DAY)
    with pytest.raises(ConflictError):
        plan(app, ada, dan, 2 * DAY, 4 * DAY)


def test_an_absence_that_was_cancelled_never_begins(
    app: App, clock: FixedClock, ada: Actor, person: MakePerson
) -> None:
    dan = person("dan")
    absence = plan(app, ada, dan, DAY, 3 * DAY)
    with app.unit_of_work(ada) as work:
        teamwork.cancel_absence(work, absence)
        assert teamwork.list_absences(work, ada.user_id or 0) == ()
    clock.advance(DAY)
    assert teamwork.sweep_absences(app.unit_of_work) == 0


@pytest.mark.both_databases
def test_what_was_delegated_comes_back_to_who_stands_in_for_its_owner(app: App, ada: Actor, person: MakePerson) -> None:
    dan, eve = person("dan", groups=("finance",)), person("eve", groups=("service",))
    with app.unit_of_work(ada) as work:
        teamwork.delegate(work, 1, eve.user_id or 0)
    plan(app, ada, dan, timedelta(0), DAY)
    with app.unit_of_work(eve) as work:
        made = teamwork.give_back(work, 1, text="Checked.")
        assert teamwork.recipient_of(work, made) == "Dan"
    with app.unit_of_work.reading(dan) as work:
        assert queries.get_work_item(work, 1).row.assignee == "Dan"
    assert any(each.startswith("Eve gave you") and each.endswith("Checked.") for each in subjects(app, dan))


def test_what_was_delegated_comes_back_to_its_group_when_its_owner_is_gone(
    app: App, ada: Actor, person: MakePerson
) -> None:
    eve = person("eve", groups=("service",))
    with app.unit_of_work(ada) as work:
        teamwork.delegate(work, 1, eve.user_id or 0)
    with app.unit_of_work(CONSOLE) as work:
        identity.deactivate(work, ada.user_id or 0, reason="They left.")
    with app.unit_of_work(eve) as work:
        made = teamwork.give_back(work, 1)
        row = queries.get_work_item(work, 1).row
        assert (row.assignee, row.group_key) == (None, "service")
        assert teamwork.recipient_of(work, made).casefold() == "service"
