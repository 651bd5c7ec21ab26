"""The clocks of items as time goes by: started, stopped by what left, paused, told of; and what to do next."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpm import calendars, feedback, identity, notices
from bpm.app import App
from bpm.calendars import Calendar, Week, read_hours
from bpm.feedback import RawItem, clocks, queries
from bpm.feedback.clocks import ClockRow, TargetKey
from bpm.feedback.models import Episode
from bpm.feedback.promises import make_promise
from bpm.feedback.queries import ItemFilter
from bpm.feedback.status import ClockKind
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import CONSOLE, Actor
from tests.conftest import MONDAY
from tests.effort import statements_of
from tests.feedback.conftest import reading, said

pytestmark = pytest.mark.both_databases

Receive = Callable[..., int]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TARGETS = {
    TargetKey(ClockKind.FIRST): 4 * 60,
    TargetKey(ClockKind.NEXT): 2 * 60,
    TargetKey(ClockKind.RESOLUTION): 16 * 60,
    TargetKey(ClockKind.FIRST, urgency=3): 60,
    TargetKey(ClockKind.FIRST, group="it"): 30,
}


@pytest.fixture
def targets(app: App) -> None:
    """Open from 09:00 to 17:00 in London, Monday to Friday."""
    office = Calendar("Europe/London", (Week((read_hours("09:00-17:00"),) * 5 + ((), ())),))
    with app.unit_of_work(CONSOLE) as work:
        clocks.save_targets(work, TARGETS)
        calendars.save_calendar(work, "Office", office, groups=[calendars.EVERYBODY])


@pytest.fixture
def hear(app: App, clock: FixedClock) -> Receive:
    """The same person says something now, in one conversation unless told otherwise."""

    def take(text: str = "The kettle leaks.", primary: str = "", urgency: int = 1, **fields: Any) -> int:
        values = {"channel": "email", "source": "mail", "author_email": "a@home.org", "thread_key": "kettle"}
        with app.unit_of_work() as work:
            raw = said(text, said_at=clock.now(), **{**values, **fields})
            item = feedback.receive(work, raw).item_id
            if primary:
                feedback.record_classification(work, item, reading(primary, urgency=urgency))
        settle(app)
        return item

    return take


def settle(app: App) -> None:
    while clocks.sweep_clocks(app.unit_of_work):
        pass


def answer(app: App, person: Actor, item: int, text: str = "It is on its way.") -> None:
    with app.unit_of_work(person) as work:
        feedback.mark_sent(work, feedback.reply(work, item, text).id)
    settle(app)


def clock_of(app: App, item: int) -> ClockRow:
    with app.unit_of_work.reading() as work:
        found = clocks.find_clock(work, item)
    assert found is not None
    return found


def next_ones(app: App, **wanted: Any) -> list[int]:
    with app.unit_of_work.reading() as work:
        return [row.id for row in queries.list_items(work, ItemFilter(to_do=True, next_first=True, **wanted)).rows]


def told(app: App, person: Actor) -> list[tuple[str, int, str]]:
    with app.unit_of_work.reading(person) as work:
        return [(row.kind, row.count, row.link) for row in notices.list_notices(work, unread=True).rows]


def test_the_first_and_the_next_answer_stop_clocks_when_they_have_left(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    first = hear()
    assert (clock_of(app, first).kind, clock_of(app, first).due_at) == ("first", MONDAY + 4 * HOUR)
    clock.advance(HOUR)
    with app.unit_of_work(advocate) as work:
        reply = feedback.reply(work, first, "One moment.").id
    settle(app)
    assert clock_of(app, first).answered_at is None  # written down, and not said yet
    with app.unit_of_work(advocate) as work:
        feedback.mark_sent(work, reply)
    settle(app)
    stopped = clock_of(app, first)
    assert (stopped.answered_at, stopped.due_at) == (clock.now(), datetime(2026, 3, 3, 17, 0, tzinfo=UTC))
    clock.advance(HOUR)
    second = hear("It still leaks.")
    assert (clock_of(app, second).kind, clock_of(app, second).due_at) == ("next", clock.now() + 2 * HOUR)
    third = hear("And it hisses.")
    clock.advance(30 * MINUTE)
    answer(app, advocate, second)
    assert [clock_of(app, each).answered_at for each in (second, third)] == [clock.now()] * 2
    with app.unit_of_work(advocate) as work:
        feedback.decide(work, second, "do", reason="A new one is sent.")
    settle(app)
    assert (clock_of(app, second).resolved_at, clock_of(app, second).due_at) == (clock.now(), None)


def test_a_bare_thanks_starts_no_clock_and_opens_nothing_again(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    item = hear()
    answer(app, advocate, item)
    with app.unit_of_work(advocate) as work:
        feedback.decide(work, item, "do", reason="Done.")
    clock.advance(HOUR)
    thanks = hear("Vielen Dank!")
    with app.unit_of_work.reading() as work:
        assert clocks.find_clock(work, thanks) is None
        assert work.session.scalars(select(Episode.closed_at)).one() is not None
    clock.advance(HOUR)
    more = hear("It leaks again.")
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Episode.closed_at)).one() is None
    assert next_ones(app) == [more, thanks]


def test_clocks_stand_while_the_customer_is_asked(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    item = hear()
    clock.advance(HOUR)
    answer(app, advocate, item, "Sorry! Which order is it?")
    asked = clock_of(app, item)
    assert (asked.paused_at, asked.due_at) == (clock.now(), None)
    clock.advance(HOUR)
    hear("Thanks")
    assert clock_of(app, item).paused_at is not None
    clock.advance(HOUR)
    hear("Order A-17.")
    assert (clock_of(app, item).paused_at, clock_of(app, item).due_at) == (
        None,
        datetime(2026, 3, 4, 11, 0, tzinfo=UTC),
    )
    with app.unit_of_work(advocate) as work:
        clocks.wait_for_customer(work, item)
        with pytest.raises(ConflictError):
            clocks.wait_for_customer(work, item)
    settle(app)
    assert clock_of(app, item).paused_at == clock.now()
    clock.advance(HOUR)
    with app.unit_of_work(advocate) as work:
        clocks.go_on(work, item)
    settle(app)
    assert clock_of(app, item).due_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_urgency_and_group_have_targets_of_their_own(app: App, targets: None, hear: Receive, advocate: Actor) -> None:
    item = hear("Smoke!", "complaint", urgency=3)
    assert clock_of(app, item).due_at == MONDAY + HOUR
    with app.unit_of_work(advocate) as work:
        identity.ensure_group(work, "it")
        feedback.distribute(work, item, group_key="it")
    settle(app)
    assert clock_of(app, item).due_at == MONDAY + 30 * MINUTE
    with app.unit_of_work(CONSOLE) as work:
        clocks.save_targets(work, {TargetKey(ClockKind.FIRST): 120})
    settle(app)
    assert clock_of(app, item).due_at == MONDAY + 2 * HOUR


def test_people_are_told_before_the_time_and_when_it_has_gone_by_in_one_statement_however_many(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    item = hear()
    clock.advance(3 * HOUR)
    assert clocks.sweep_clock_alerts(app.unit_of_work) == 1
    assert clocks.sweep_clock_alerts(app.unit_of_work) == 0
    assert told(app, advocate) == [("clock_soon", 1, f"/inbox/{item}")]
    settle(app)
    clock.advance(HOUR)
    assert clocks.sweep_clock_alerts(app.unit_of_work) == 1
    assert told(app, advocate)[0] == ("clock_late", 1, f"/inbox/{item}")
    settle(app)
    for number in range(30):
        hear(f"Kettle {number}", thread_key=f"kettle {number}", author_email=f"{number}@home.org")
    clock.advance(4 * HOUR)
    with app.unit_of_work.reading() as work:
        assert len(queries.list_items(work, ItemFilter(to_do=True, late_at=clock.now() - MINUTE)).rows) == 1
    taken = statements_of(app, lambda: clocks.sweep_clock_alerts(app.unit_of_work))
    assert len([text for text, _values in taken if "alert_at <=" in text]) == 1
    assert len(taken) < 20
    assert told(app, advocate)[0][:2] == ("clock_late", 31)


def test_what_came_long_after_it_was_said_is_told_of_no_more(
    app: App, clock: FixedClock, targets: None, receive: Receive, advocate: Actor
) -> None:
    receive(said_at=MONDAY - timedelta(days=60))
    settle(app)
    assert (clocks.sweep_clock_alerts(app.unit_of_work), told(app, advocate)) == (0, [])


def test_what_to_do_next_is_read_page_by_page_and_follows_what_happens(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    def from_(person: str, kind: str, urgency: int) -> int:
        return hear(f"{kind} {person}", kind, urgency=urgency, thread_key=person, author_email=f"{person}@home.org")

    praise, complaint = from_("ana", "praise", 0), from_("bo", "complaint", 1)
    outage, question = from_("cy", "outage_report", 3), from_("di", "question", 1)
    assert next_ones(app) == [outage, complaint, question, praise]
    with app.unit_of_work.reading() as work:
        pages, after = [], None
        for _page in range(4):
            page = queries.list_items(work, ItemFilter(to_do=True, next_first=True, after=after), limit=1)
            pages, after = [*pages, *(row.id for row in page.rows)], page.after
        assert (pages, after, queries.count_to_do(work)) == ([outage, complaint, question, praise], None, 4)
    with app.unit_of_work(advocate) as work:
        make_promise(work, "I call.", clock.now() + HOUR, item_id=question)
    answer(app, advocate, outage)
    assert next_ones(app) == [complaint, question, praise, outage]
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, praise, primary="complaint", urgency=2)
    settle(app)
    assert next_ones(app) == [praise, complaint, question, outage]


def test_a_snoozed_item_comes_back_at_its_time_or_with_the_next_word(
    app: App, clock: FixedClock, targets: None, hear: Receive, advocate: Actor
) -> None:
    item = hear()
    with app.unit_of_work(advocate) as work:
        with pytest.raises(InvalidInputError):
            clocks.snooze(work, item, clock.now())
        clocks.snooze(work, item, clock.now() + HOUR)
    settle(app)
    assert (next_ones(app), clocks.sweep_snoozed(app.unit_of_work)) == ([], 0)
    clock.advance(HOUR)
    assert (clocks.sweep_snoozed(app.unit_of_work), next_ones(app)) == (1, [item])
    with app.unit_of_work(advocate) as work:
        clocks.snooze(work, item, clock.now() + timedelta(days=3))
    settle(app)
    clock.advance(HOUR)
    more = hear("Anybody there?")
    assert next_ones(app) == [item, more]


def test_settling_costs_the_same_number_of_statements_for_one_and_for_many(app: App, targets: None) -> None:
    def take(number: int) -> int:
        keys = (f"{number}-{n}" for n in range(number))
        raws = [RawItem("email", "mail", f"It leaks {key}.", natural_key=key, said_at=MONDAY) for key in keys]
        with app.unit_of_work() as work:
            feedback.receive_all(work, raws)
        return len(statements_of(app, lambda: clocks.sweep_clocks(app.unit_of_work)))

    one, many = take(1), take(60)
    assert one == many <= 14
