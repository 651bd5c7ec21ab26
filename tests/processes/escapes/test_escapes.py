"""Who speaks up in public while their case or private words wait is an escape, charged to what was waiting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bpm import feedback, identity, notices
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback import clocks
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes.escapes import count_escapes, escape_of, list_escapes
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

HOUR = timedelta(hours=1)


@pytest.fixture
def ana(say: Say, app: App) -> Callable[..., int]:
    """One customer says something now, wherever; the worker hears it. Gives the item's id."""

    def speak(channel: str, text: str = "My parcel never came.", **fields: Any) -> int:
        item = say(text, channel=channel, source=channel, author_email="ana@example.org", author_name="Ana", **fields)
        while clocks.sweep_clocks(app.unit_of_work):
            pass
        return item

    return speak


@pytest.fixture
def staff(app: App) -> Actor:
    with app.unit_of_work() as work:
        both = ["service", "operations"]
        user = identity.create_user(
            work, "sam", display_name="Sam", password="long enough now", roles=["staff"], groups=both
        )
        return identity.actor_of(user)


def told(app: App, person: Actor) -> list[tuple[str, str]]:
    with app.unit_of_work.reading(person) as work:
        rows = notices.list_notices(work, unread=True).rows
        return [(row.link, row.subject) for row in rows if row.kind == "escape"]


@pytest.mark.both_databases
def test_a_public_post_while_a_phone_case_waits_is_charged_to_the_activity_that_was_waiting(
    app: App, clock: FixedClock, go_live: GoLive, trigger: Callable[..., int], ana: Callable[..., int], staff: Actor
) -> None:
    version = go_live(CARE, "care")
    trigger()
    call = ana("call")
    clock.advance(HOUR)
    with app.unit_of_work(staff) as work:
        engine.complete(work, 1, {})
    clock.advance(HOUR)
    post = ana("social", "Still nothing from this shop!")
    with app.unit_of_work.reading() as work:
        found = escape_of(work, post)
        assert found is not None
        assert (found.element, found.waiting_item_id, escape_of(work, call)) == ("mend", call, None)
        day = {"since": clock.now() - 24 * HOUR, "until": clock.now() + HOUR}
        assert count_escapes(work, version, **day) == {"mend": 1}
        assert [row.item_id for row in list_escapes(work, version, **day, element="mend")] == [post]
        assert list_escapes(work, version, **day, element="read") == []
    assert told(app, staff) == [(f"/inbox/{post}", "Ana waits for us and speaks up in public")]


def test_private_words_that_wait_are_enough_and_those_that_were_answered_are_not(
    app: App, clock: FixedClock, ana: Callable[..., int], staff: Actor
) -> None:
    mail = ana("email")
    clock.advance(HOUR)
    first = ana("social", "Does anybody answer here?")
    with app.unit_of_work(staff) as work:
        feedback.mark_sent(work, feedback.reply(work, mail, "It is on its way.").id)
        found = escape_of(work, first)
        assert found is not None
        assert (found.instance_id, found.waiting_item_id) == (None, mail)
    while clocks.sweep_clocks(app.unit_of_work):
        pass
    clock.advance(HOUR)
    second = ana("social", "Lovely shop.", primary="praise")
    with app.unit_of_work.reading() as work:
        assert escape_of(work, second) is None


def test_a_case_that_began_in_public_or_is_over_is_escaped_from_by_nobody(
    app: App, clock: FixedClock, go_live: GoLive, trigger: Callable[..., int], ana: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger()
    ana("social")
    clock.advance(HOUR)
    again = ana("social", "Hello?")
    stranger = say("Nice shop.", channel="social", source="social")
    with app.unit_of_work.reading() as work:
        assert [escape_of(work, each) for each in (again, stranger)] == [None, None]
