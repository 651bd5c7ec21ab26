"""An answer leaves once, says how far it is, and counts as an answer only when the customer can have it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import IntegrityError

from bpm import feedback, mail, notices
from bpm.app import App
from bpm.feedback import connectors, outbound, queries
from bpm.feedback.connectors import Accepted, Receipt
from bpm.feedback.models import FeedbackItem, OutboundMessage, OutboundStep, Reply, ReplyInWriting
from bpm.feedback.outbound import GateError, Wish
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.work import CONSOLE, SYSTEM, Actor
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import BREAK_AFTER_DATA, Mailbox

Receive = Callable[..., int]
OPENED = timedelta(seconds=11)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def house(app: App, box: Mailbox) -> App:
    return with_server(app, box.port, smtp_from="Shop <post@shop.example>")


def hear(house: App, **more: object) -> int:
    own = [["From", "Jo Berg <jo@customer.example>"], ["Message-ID", "<q1@customer.example>"]]
    given = {
        "author_email": "jo@customer.example",
        "natural_key": "<q1@customer.example> 1",
        "subject": "My order",
        "raw": {"headers": own},
        **more,
    }
    with house.unit_of_work() as work:
        raw = feedback.RawItem("email", "box", "Where is it?", **given)  # type: ignore[arg-type]  # values of a test
        return feedback.receive(work, raw).item_id


def send(house: App, advocate: Actor, item: int, text: str = "It left our depot today.", **more: object) -> int:
    with house.unit_of_work(advocate) as work:
        return outbound.send(work, Wish(item, text, **more)).id  # type: ignore[arg-type]  # fields of it


def state(app: App, message_id: int) -> str:
    with app.unit_of_work.reading() as work:
        return str(outbound.get_message(work, message_id).state)


def answered_at(app: App, item: int) -> datetime | None:
    with app.unit_of_work.reading() as work:
        return queries.get_item(work, item).row.answered_at


def sweep(house: App, clock: FixedClock, by: timedelta = OPENED) -> int:
    clock.advance(by)
    return outbound.sweep_outbound(house.unit_of_work)


def test_an_answer_by_mail_waits_ten_seconds_leaves_into_its_thread_and_then_counts(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    message = send(house, advocate, item, copies=("depot@shop.example",))
    assert sweep(house, clock, timedelta(seconds=5)) == 0
    assert (state(house, message), answered_at(house, item)) == ("held", None)
    assert sweep(house, clock) == 1
    [mail] = box.mails()
    assert str(mail["From"]) == "Maya (Shop) <post@shop.example>" or "Maya" in str(mail["From"])
    assert (mail["In-Reply-To"], mail["References"]) == ("<q1@customer.example>", "<q1@customer.example>")
    assert (mail["To"], mail["Cc"], mail["Subject"]) == ("jo@customer.example", "depot@shop.example", "Re: My order")
    assert (state(house, message), answered_at(house, item)) == ("sent", clock.now())
    with house.unit_of_work.reading() as work:
        steps = list(work.session.scalars(select(OutboundStep.state).order_by(OutboundStep.id)))
        [entry] = [each for each in queries.conversation_of(work, item).entries if each.kind == "reply"]
    assert [str(each) for each in steps] == ["held", "sending", "sent"]
    assert entry.status == "sent"
    assert sweep(house, clock, timedelta(hours=1)) == 0
    assert len(box.taken) == 1


def test_it_is_taken_back_within_ten_seconds_and_its_words_are_the_authors_draft_again(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    message = send(house, advocate, item)
    with house.unit_of_work(advocate) as work:
        outbound.withdraw(work, message)
    assert sweep(house, clock) == 0
    with house.unit_of_work.reading() as work:
        assert work.session.scalar(select(Reply.id)) is None
        assert work.session.scalar(select(ReplyInWriting.written))["text"] == "It left our depot today."  # type: ignore[index]  # values of a test
    sent = send(house, advocate, item, "It left.")
    sweep(house, clock)
    with pytest.raises(ConflictError, match="sent"), house.unit_of_work(advocate) as work:
        outbound.withdraw(work, sent)


def test_it_is_tried_again_and_at_last_left_to_a_person_with_its_words(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    box.moods += ["451 later"] * 8
    message = send(house, advocate, item)
    sweep(house, clock)
    assert state(house, message) == "temporary_failure"
    for _turn in range(12):
        sweep(house, clock, timedelta(days=1))
    with house.unit_of_work.reading() as work:
        row = outbound.get_message(work, message)
        assert (row.state, row.next_at, row.attempts) == ("temporary_failure", None, 8)
        assert "451 later" in row.last_error
        assert row.text == "It left our depot today."
        [notice] = notices.list_notices(replace(work, actor=advocate), unread=True).rows
        assert (notice.kind, notice.link) == ("reply_failed", f"/outbox/messages/{message}")
    assert (len(box.taken), answered_at(house, item)) == (0, None)
    clock.set(datetime(2026, 4, 1, 10, 0, tzinfo=UTC))
    with house.unit_of_work(advocate) as work:
        outbound.send_again(work, message)
    sweep(house, clock)
    assert (state(house, message), len(box.taken)) == ("sent", 1)
    with house.unit_of_work.reading(advocate) as work:
        assert notices.list_notices(work, unread=True).rows == ()


def test_a_refusal_is_final_and_a_broken_connection_perhaps_sent_until_somebody_says(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    box.moods += ["550 no such person", BREAK_AFTER_DATA]
    refused, unsure = send(house, advocate, item), send(house, advocate, item, "Once more: it left.")
    sweep(house, clock)
    assert (state(house, refused), state(house, unsure)) == ("permanent_failure", "perhaps_sent")
    assert answered_at(house, item) is None
    sweep(house, clock, timedelta(days=1))
    assert len(box.taken) == 0
    with house.unit_of_work(advocate) as work:
        outbound.say_it_was_said(work, unsure)
    assert (state(house, unsure), answered_at(house, item)) == ("said_by_hand", clock.now())


def test_what_a_worker_that_died_had_in_hand_is_looked_for_or_perhaps_sent(
    house: App, clock: FixedClock, advocate: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = hear(house)
    ids = [send(house, advocate, item, f"Answer number {number} to you.") for number in range(3)]
    with house.database.begin() as connection:
        connection.execute(update(OutboundMessage).values(state="sending", sending_since=clock.now(), attempts=1))
    assert sweep(house, clock, timedelta(minutes=9)) == 0
    real = connectors.open_way
    there = {1: Accepted("<there@shop.example>"), 2: None}

    def open_way(work: object, number: int | None, **more: object) -> object:
        way_out, connection = real(work, number, **more)  # type: ignore[arg-type]  # values of a test
        find = (lambda _c, outgoing: there[int(outgoing.text.split()[2])]) if there else None
        return replace(way_out, find=find), connection

    monkeypatch.setattr(connectors, "open_way", open_way)
    there[0] = Accepted("<zero@shop.example>")
    assert sweep(house, clock, timedelta(minutes=2)) == 3
    assert [state(house, each) for each in ids] == ["sent", "sent", "temporary_failure"]
    there.clear()
    with house.database.begin() as connection:
        old = clock.now() - timedelta(hours=1)
        connection.execute(update(OutboundMessage).values(state="sending", sending_since=old))
    sweep(house, clock)
    assert {state(house, each) for each in ids} == {"perhaps_sent"}


def test_a_receipt_before_our_own_record_is_kept_and_applied_and_a_bounce_takes_the_answer_back(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = hear(house)
    message = send(house, advocate, item)
    real = connectors.open_way

    def open_way(work: object, number: int | None, **more: object) -> object:
        way_out, connection = real(work, number, **more)  # type: ignore[arg-type]  # values of a test

        def slow(where: object, outgoing: object) -> Accepted:
            accepted = way_out.send(where, outgoing)  # type: ignore[arg-type]  # values of a test
            with house.unit_of_work() as other:
                outbound.note_receipt(other, Receipt(accepted.remote_id, "delivered", clock.now()))
            return accepted

        return replace(way_out, send=slow), connection

    monkeypatch.setattr(connectors, "open_way", open_way)
    sweep(house, clock)
    assert (state(house, message), answered_at(house, item)) == ("delivered", clock.now())
    with house.unit_of_work() as work:
        remote = outbound.get_message(work, message).remote_id
        for _twice in range(2):
            outbound.note_receipt(work, Receipt(remote, "permanent_failure", clock.now(), "550 unknown user"))
    assert (state(house, message), answered_at(house, item)) == ("permanent_failure", None)


def test_without_a_way_out_it_waits_to_be_said_by_hand(app: App, clock: FixedClock, advocate: Actor) -> None:
    item = hear(app)
    message = send(app, advocate, item)
    assert (state(app, message), sweep(app, clock, timedelta(days=1))) == ("by_hand", 0)
    with app.unit_of_work(advocate) as work:
        outbound.say_it_was_said(work, message)
        outbound.say_it_was_said(work, message)
    assert (state(app, message), answered_at(app, item)) == ("said_by_hand", clock.now())


def test_at_night_it_is_held_until_the_morning_where_they_are(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house, author_phone="+442083661177")
    clock.set(datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
    message = send(house, advocate, item)
    assert state(house, message) == "held"
    sweep(house, clock, timedelta(hours=4))
    assert len(box.taken) == 0
    sweep(house, clock, timedelta(hours=1))
    assert (state(house, message), len(box.taken)) == ("sent", 1)


@pytest.mark.both_databases
def test_no_way_out_makes_a_conversation_without_an_author_who_approved(
    app: App, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    for nobody in (SYSTEM, CONSOLE, Actor(name="token", permissions=frozenset({"feedback.answer"}))):
        for way in (
            lambda work: feedback.reply(work, item, "Dear customer"),
            lambda work: outbound.send(work, Wish(item, "Dear customer", at_once=True)),
        ):
            with pytest.raises(ForbiddenError), app.unit_of_work(nobody) as work:
                way(work)
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(OutboundMessage.id)) is None
        item_row = work.session.get_one(FeedbackItem, item)
        talk = item_row.conversation_id
    values = {
        "key": "k", "kind": "conversation", "author_user_id": advocate.user_id, "approved_at": app.clock.now(),
        "item_id": item, "conversation_id": talk, "channel": "email", "way": "by_hand", "text": "Hi",
        "state": "by_hand", "created_at": app.clock.now(),
    }  # fmt: skip
    for missing in ("author_user_id", "approved_at"):
        with pytest.raises(IntegrityError), app.database.begin() as connection:
            connection.execute(insert(OutboundMessage).values(**(values | {missing: None})))
    with app.database.begin() as connection:
        connection.execute(insert(OutboundMessage).values(**values))
    with pytest.raises(IntegrityError), app.database.begin() as connection:
        connection.execute(update(OutboundMessage).values(approved_at=None))


def test_what_the_gate_warns_of_goes_only_when_it_is_confirmed(house: App, advocate: Actor) -> None:
    one, two = hear(house), hear(house, natural_key="<q2@customer.example> 1")
    words = "Your parcel is late and we asked the depot for it. It comes tomorrow."
    send(house, advocate, one, words)
    with pytest.raises(GateError) as held, house.unit_of_work(advocate) as work:
        outbound.send(work, Wish(two, words))
    assert held.value.codes == ("canned",)
    message = send(house, advocate, two, words, confirmed=frozenset({"canned"}))
    with house.unit_of_work.reading() as work:
        row = outbound.get_message(work, message)
        assert (row.warned, row.canned, row.provenance) == (["canned"], 1.0, "typed")


def test_many_answers_by_mail_go_over_one_connection_each_by_a_bounded_number_of_statements(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    messages = [
        send(
            house, advocate,
            hear(house, natural_key=f"<m{number}@c.example> 1", author_email=f"m{number}@c.example", raw=None),
            f"It left us, number {number}.",
        )
        for number in range(10)
    ]  # fmt: skip
    statements: list[str] = []
    event.listen(house.database, "before_cursor_execute", lambda *args: statements.append(args[2]))
    sweep(house, clock)
    assert {state(house, each) for each in messages} == {"sent"}
    assert (len(box.taken), box.connections) == (10, 1)
    assert len(statements) / len(messages) <= 35


def test_a_mail_server_that_is_away_is_waited_for_once_in_a_sweep(
    house: App, clock: FixedClock, advocate: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def away(server: mail.Server) -> None:
        asked.append(server.host)
        raise TimeoutError("timed out")

    monkeypatch.setattr("bpm.mail.smtp._connect", away)
    items = [hear(house, natural_key=f"<m{number}@c.example> 1", raw=None) for number in range(5)]
    messages = [send(house, advocate, item, f"It left us, number {item}.") for item in items]
    sweep(house, clock)
    assert {state(house, each) for each in messages} == {"temporary_failure"}
    assert asked == ["127.0.0.1"]
