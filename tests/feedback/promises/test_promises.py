"""A promise is made by a person, outlives its case, is told of before it is broken and when it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bpm import feedback, identity, notices
from bpm.app import App
from bpm.calendars import Calendar, Week, read_hours
from bpm.feedback import outbound, people, queries
from bpm.feedback.promises import (
    count_promises,
    keep_promise,
    list_promises,
    make_promise,
    promises_to,
    proposed_in_replies,
    reopen_promise,
    sweep_promises,
    take_over_promise,
    withdraw_promise,
)
from bpm.feedback.promises.alerts import first_alert
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import CONSOLE, SYSTEM, Actor
from bpm.processes.erasure import erase_person

Receive = Callable[..., int]
DAY = timedelta(days=1)


@pytest.fixture
def colleague(app: App) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, "tom", display_name="Tom", password="long enough now", roles=["advocate"], groups=["service"]
        )
        return identity.actor_of(user)


def customer_of(app: App, item: int) -> int:
    with app.unit_of_work.reading() as work:
        return queries.get_item(work, item).row.customer_id or 0


def told(app: App, person: Actor) -> list[tuple[str, str, bool]]:
    with app.unit_of_work.reading(person) as work:
        rows = notices.list_notices(work, unread=False).rows
        return [(row.kind, row.link, row.done_at is None) for row in rows]


@pytest.mark.both_databases
def test_a_promise_of_a_closed_case_still_stands_and_alerts(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive("Where is my kettle?", author_email="a@home.org", author_name="Ana")
    with app.unit_of_work(advocate) as work:
        reply = feedback.reply(work, item, "I'll call you by Friday.").id
        made = make_promise(work, "I'll call you by Friday.", clock.now() + 4 * DAY, reply_id=reply).id
        feedback.decide(work, item, "do", reason="Settled.")
    other = receive("And another thing", author_email="a@home.org", channel="chat", source="chat", thread_key="x")
    customer = customer_of(app, other)
    with app.unit_of_work.reading() as work:
        (row,) = promises_to(work, customer)
        assert (row.id, row.origin, row.made_by, row.customer, row.status) == (made, "reply", "Maya", "Ana", "open")
        (line,) = queries.refresher_of_customer(work, customer).promises
        assert (line.label, line.promise_id, line.item_id) == ("we promised", made, item)
    assert sweep_promises(app.unit_of_work) == 0
    clock.advance(3 * DAY)
    assert sweep_promises(app.unit_of_work) == 1
    assert sweep_promises(app.unit_of_work) == 0
    assert told(app, advocate) == [("promise_due", f"/inbox/{item}#promises", True)]
    clock.advance(DAY)
    assert sweep_promises(app.unit_of_work) == 1
    assert [kind for kind, _link, _open in told(app, advocate)] == ["promise_broken", "promise_due"]
    with app.unit_of_work(advocate) as work:
        assert [each.status for each in list_promises(work, overdue=True).rows] == ["broken"]
        keep_promise(work, made, "Called on Saturday.")
    with app.unit_of_work.reading(advocate) as work:
        (row,) = list_promises(work, settled=True).rows
        assert (row.status, row.note, row.broken_at is not None) == ("kept", "Called on Saturday.", True)
        assert queries.refresher_of_customer(work, customer).promises == ()
    assert not any(is_open for _kind, _link, is_open in told(app, advocate))


def test_only_a_person_who_may_answer_promises_and_only_for_a_time_to_come(
    app: App, receive: Receive, advocate: Actor
) -> None:
    item, later = receive(), app.clock.now() + DAY
    with pytest.raises(ForbiddenError, match="named person"), app.unit_of_work(SYSTEM) as work:
        make_promise(work, "We will call.", later, item_id=item)
    for text, until, field in (
        ("", later, "promise_text"),
        ("I call", None, "until"),
        ("I call", app.clock.now(), "until"),
    ):
        with pytest.raises(InvalidInputError) as caught, app.unit_of_work(advocate) as work:
            make_promise(work, text, until, item_id=item)
        assert list(caught.value.fields) == [field]


def test_a_promise_is_withdrawn_with_a_reason_once_and_that_can_be_taken_back(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive(channel="call")
    with app.unit_of_work(advocate) as work:
        row = make_promise(work, "I call back.", clock.now() + DAY, item_id=item)
        assert row.origin == "call"
        with pytest.raises(InvalidInputError):
            withdraw_promise(work, row.id, " ")
        withdraw_promise(work, row.id, "She called us.")
        with pytest.raises(ConflictError):
            keep_promise(work, row.id)
        assert reopen_promise(work, row.id).status == "open"
    clock.advance(DAY)
    assert sweep_promises(app.unit_of_work) == 1
    assert [kind for kind, *_rest in told(app, advocate)] == ["promise_broken"]


def test_a_colleague_takes_a_promise_over_and_is_told(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor, colleague: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        made = make_promise(work, "I call back.", clock.now() + DAY, item_id=item).id
    with app.unit_of_work(colleague) as work:
        assert (list_promises(work).rows, len(list_promises(work, whose="groups").rows)) == ((), 1)
        take_over_promise(work, made)
        assert count_promises(work) == (1, 0)
    clock.advance(DAY)
    sweep_promises(app.unit_of_work)
    with app.unit_of_work.reading(colleague) as work:
        assert [row.subject[:38] for row in notices.list_notices(work, unread=False).rows] == [
            "Not kept in time: Maya promised a cust"
        ]
    # It was her word to the customer: she hears that it was not kept, and not that it is due.
    assert [kind for kind, *_rest in told(app, advocate)] == ["promise_broken"]


def test_the_promises_of_somebody_who_left_are_told_to_those_who_may_answer(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor, colleague: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        make_promise(work, "I call back.", clock.now() + DAY, item_id=item)
    with app.unit_of_work() as work:
        identity.deactivate(work, advocate.user_id or 0)
    clock.advance(DAY)
    sweep_promises(app.unit_of_work)
    assert [kind for kind, *_rest in told(app, colleague)] == ["promise_broken"]


def test_a_promise_to_a_customer_goes_along_when_two_become_one(app: App, receive: Receive, advocate: Actor) -> None:
    one = customer_of(app, receive(author_email="a@home.org"))
    two = customer_of(app, receive("Hello", author_email="b@home.org"))
    with app.unit_of_work(advocate) as work:
        made = make_promise(work, "I send a letter.", work.now() + DAY, customer_id=two).id
        people.merge_customers(work, two, into=one)
    with app.unit_of_work.reading() as work:
        assert [row.id for row in promises_to(work, one)] == [made]


def test_words_of_ours_are_proposed_until_a_promise_is_made_of_them(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        row = feedback.reply(work, item, "Sorry! I'll call you tomorrow.")
        reply, talk = row.id, row.conversation_id
        (each,) = proposed_in_replies(work, talk, clock.now().tzinfo)
        assert (each.reply_id, each.author, each.proposed.text) == (reply, "Maya", "I'll call you tomorrow.")
        make_promise(work, each.proposed.text, each.proposed.until, reply_id=reply)
        assert proposed_in_replies(work, talk, clock.now().tzinfo) == ()


def test_lists_go_on_after_the_last_row(app: App, clock: FixedClock, receive: Receive, advocate: Actor) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        ids = [make_promise(work, f"I do {n}.", clock.now() + DAY, item_id=item).id for n in range(5)]
        first = list_promises(work, limit=3)
        rest = list_promises(work, limit=3, after=first.after)
    assert [row.id for row in (*first.rows, *rest.rows)] == ids
    assert rest.after is None


def test_what_a_reply_promised_goes_with_it_when_it_is_taken_back(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        reply = feedback.reply(work, item, "I'll call you tomorrow.")
        made = make_promise(work, "I'll call you tomorrow.", clock.now() + DAY, reply_id=reply.id).id
        outbound.withdraw(work, outbound.message_of(work, reply.id).id)
        (row,) = list_promises(work, settled=True).rows
        assert (row.id, row.status, row.reply_id) == (made, "withdrawn", None)


@pytest.mark.both_databases
def test_what_was_promised_to_somebody_who_was_erased_is_erased_and_never_breaks(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive("Where is my kettle?", author_email="a@home.org", author_name="Ana")
    with app.unit_of_work(advocate) as work:
        soon = make_promise(work, "I'll call you.", clock.now() + DAY, item_id=item).id
        late = make_promise(work, "I'll write.", clock.now() + DAY / 2, customer_id=customer_of(app, item)).id
    clock.advance(DAY * 3 / 4)
    sweep_promises(app.unit_of_work)
    with app.unit_of_work(CONSOLE) as work:
        erase_person(work, customer_of(app, item), reason="They asked.", backups=[])
    clock.advance(3 * DAY)
    assert sweep_promises(app.unit_of_work) == 0
    with app.unit_of_work.reading(advocate) as work:
        rows = {row.id: row for row in list_promises(work, whose="all", settled=True).rows}
        assert {number: row.status for number, row in rows.items()} == {soon: "erased", late: "erased"}
        assert (rows[soon].broken_at, rows[late].broken_at is not None) == (None, True)
        assert count_promises(work, "all") == (0, 0)
        assert [row.done_at is None for row in notices.list_notices(work, unread=False).rows] == [False, False]
    with pytest.raises(ConflictError, match="erased"), app.unit_of_work(advocate) as work:
        reopen_promise(work, soon)


OFFICE = Calendar("Europe/Berlin", (Week((read_hours("09:00-17:00"),) * 5 + ((), ())),), country="DE")


@pytest.mark.parametrize(
    ("made", "until", "told"),
    [
        ("2026-03-02 09:00", "2026-03-06 15:00", "2026-03-05 15:00"),  # a day before, within hours
        ("2026-03-02 09:00", "2026-03-09 07:30", "2026-03-06 15:00"),  # Monday early: Friday, before people go home
        ("2026-03-30 09:00", "2026-04-03 12:00", "2026-04-02 12:00"),  # Good Friday: the day before is open
        ("2026-03-30 09:00", "2026-04-06 12:00", "2026-04-02 14:00"),  # Easter Monday: Thursday, by summer time
        ("2026-03-07 12:00", "2026-03-08 12:00", "2026-03-08 06:00"),  # made and due while nobody works
    ],
)
def test_who_keeps_a_promise_that_is_due_while_nobody_works_is_told_before_people_go_home(
    made: str, until: str, told: str
) -> None:
    instants = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (made, until, told)]
    assert first_alert(instants[0], instants[1], OFFICE) == instants[2]
