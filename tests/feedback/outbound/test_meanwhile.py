"""What comes up between press and sending counts, and who is not to be written to is not, by any address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import incidents, outbound, people
from bpm.feedback.models import BlockedSender, ContactPoint, FeedbackItem, IncidentTold
from bpm.feedback.outbound import GateError, Wish
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import CONSOLE, Actor
from bpm.notices.models import PersonNotice
from bpm.processes.erasure.erase import erase_person
from tests.feedback.outbound.test_outbox import box, hear, house, send, state, sweep
from tests.mail.fake_server import Mailbox

__all__ = ["box", "house"]  # fixtures

Meanwhile = Callable[[App, Actor, int], None]


def customer_of(house: App, item: int) -> int:
    with house.unit_of_work.reading() as work:
        customer = work.session.get_one(FeedbackItem, item).customer_id
    assert customer is not None
    return customer


def second_address(house: App, advocate: Actor, item: int) -> int:
    """Adds an address of the customer; gives its contact point."""
    with house.unit_of_work(advocate) as work:
        people.add_address(work, customer_of(house, item), "other@customer.example")
    with house.unit_of_work.reading() as work:
        return work.session.scalars(select(ContactPoint.id).where(ContactPoint.value == "other@customer.example")).one()


def block(house: App, advocate: Actor, item: int) -> None:
    with house.unit_of_work(advocate) as work:
        people.block_sender(work, customer_of(house, item))


def hold(house: App, advocate: Actor, item: int) -> None:
    with house.unit_of_work(advocate) as work:
        people.hold_item(work, item)


def erase(house: App, advocate: Actor, item: int) -> None:
    with house.unit_of_work(CONSOLE) as work:
        erase_person(work, customer_of(house, item), reason="They asked.", backups=[])


@pytest.mark.parametrize(
    ("meanwhile", "why"), [(block, "blocked"), (hold, "held apart as unwanted"), (erase, "was erased at their wish")]
)
def test_who_is_not_to_be_written_to_any_more_is_not_although_somebody_had_pressed_send(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor, meanwhile: Meanwhile, why: str
) -> None:
    item = hear(house)
    message = send(house, advocate, item, send_at=clock.now() + timedelta(hours=1))
    meanwhile(house, advocate, item)
    sweep(house, clock, timedelta(hours=2))
    assert (state(house, message), box.taken) == ("permanent_failure", [])
    with house.unit_of_work.reading(advocate) as work:
        assert why in outbound.get_message(work, message).last_error
        assert "reply_failed" in work.session.scalars(select(PersonNotice.kind)).all()


def test_a_consent_that_is_taken_back_after_the_press_counts(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    point = second_address(house, advocate, item)
    with house.unit_of_work(advocate) as work:
        given = people.give_consent(work, point, purpose="service", channel="email", given_by="a mail")
    message = send(house, advocate, item, place=f"mail {point}", confirmed=outbound.WARNINGS)
    with house.unit_of_work(advocate) as work:
        people.withdraw_consent(work, given)
    sweep(house, clock)
    assert (state(house, message), box.taken) == ("permanent_failure", [])


def test_an_address_that_turns_out_to_be_another_persons_gets_nothing(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    point = second_address(house, advocate, item)
    message = send(house, advocate, item, place=f"mail {point}", confirmed=outbound.WARNINGS)
    with house.unit_of_work(advocate) as work:
        people.end_address(work, point, reason="Somebody else reads it.")
    sweep(house, clock)
    assert (state(house, message), box.taken) == ("permanent_failure", [])


def test_a_customer_who_is_merged_while_an_answer_waits_still_gets_it_once(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    other = hear(house, author_email="jo2@customer.example", natural_key="<q2@customer.example> 2")
    message = send(house, advocate, item)
    with house.unit_of_work(advocate) as work:
        people.merge_customers(work, customer_of(house, item), into=customer_of(house, other))
    sweep(house, clock)
    assert (state(house, message), len(box.taken)) == ("sent", 1)


@pytest.mark.parametrize("place", ["", "by_hand"])
def test_a_blocked_sender_is_not_answered_however_their_address_is_written(
    house: App, advocate: Actor, place: str
) -> None:
    item = hear(house, raw={"headers": [["From", "Jo <Jo@CUSTOMER.example>"], ["Message-ID", "<q1@customer.example>"]]})
    block(house, advocate, item)
    with pytest.raises(GateError, match="blocked"):
        send(house, advocate, item, place=place)
    with house.unit_of_work(advocate) as work:
        people.lift_block(work, work.session.scalars(select(BlockedSender.id)).one())
    assert send(house, advocate, item, place=place)


def test_a_block_holds_for_the_address_that_it_names_and_for_no_other_of_the_customer(
    house: App, advocate: Actor
) -> None:
    item = hear(house)
    block(house, advocate, item)
    point = second_address(house, advocate, item)
    with house.unit_of_work.reading(advocate) as work:
        elsewhere = outbound.look(work, Wish(item, "It left today.", place=f"mail {point}")).verdict
        here = outbound.look(work, Wish(item, "It left today.")).verdict
    assert "blocked" in {each.code for each in here.refusals}
    assert "blocked" not in {each.code for each in elsewhere.refusals}


def test_whoever_was_blocked_gets_no_letter_and_no_update_and_is_named(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    other = hear(house, author_email="ann@customer.example", natural_key="<q2@customer.example> 2", raw=None,
                 author_name="Ann")  # fmt: skip
    with house.unit_of_work(advocate) as work:
        opened = incidents.open_incident(work, "Signing in fails", item_ids=[item, other]).id
        incidents.acknowledge(work, opened, "We know of it.", next_at=clock.now() + timedelta(hours=1))
    block(house, advocate, item)
    incidents.sweep_updates(house.unit_of_work)
    with house.unit_of_work(advocate) as work:
        sent = outbound.send_letters(work, [item, other], "All works again, {{name}}.", key="k",
                                     confirmed=outbound.WARNINGS)  # fmt: skip
        told = dict(work.session.execute(select(IncidentTold.item_id, IncidentTold.why)).all())
    assert "blocked" in told[item]
    assert told[other] == ""
    sweep(house, clock)
    assert {str(mail["To"]) for mail in box.mails()} == {"ann@customer.example"}
    assert {item_id for item_id, _why in sent.stayed} == {item}


def test_a_key_is_one_message_to_one_item(house: App, advocate: Actor) -> None:
    item = hear(house)
    other = hear(house, author_email="jo2@customer.example", natural_key="<q2@customer.example> 2")
    assert send(house, advocate, item, key="k") == send(house, advocate, item, "Pressed twice.", key="k")
    with pytest.raises(ConflictError):
        send(house, advocate, other, "For somebody else.", key="k")


@pytest.mark.parametrize("subject", ["Hi\r\nBcc: eve@evil.example", "Your\u2028order", "\x07Order\x00"])
def test_a_subject_of_several_lines_leaves_as_one(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor, subject: str
) -> None:
    mine = send(house, advocate, hear(house), subject=subject)
    theirs = send(house, advocate, hear(house, subject=subject, natural_key="<q2@customer.example> 2"), "It left us.")
    sweep(house, clock)
    assert [state(house, each) for each in (mine, theirs)] == ["sent", "sent"]
    assert all(mail["Bcc"] is None and "\n" not in mail["Subject"] for mail in box.mails())


@pytest.mark.parametrize("text", ["\u200b\u200b", " \u2060\u200e ", "\u00a0", "\x00"])
def test_words_that_nobody_can_see_are_none(house: App, advocate: Actor, text: str) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was written"):
        send(house, advocate, hear(house), text)


@pytest.mark.parametrize("text", ["😀" * 300, "مرحبا بك", ".\r\n.\r\nQUIT", "It left\ud800 us."])
def test_odd_words_leave_as_they_are(house: App, box: Mailbox, clock: FixedClock, advocate: Actor, text: str) -> None:
    message = send(house, advocate, hear(house), text)
    sweep(house, clock)
    assert state(house, message) == "sent"
    body = box.mails()[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().split("\n--")[0].replace("\r", "").strip() == text.replace("\r", "").replace("\ud800", "")


def test_an_address_that_no_mail_server_takes_is_named_before_anybody_presses_send(house: App, advocate: Actor) -> None:
    item = hear(house, author_email="jürgen@customer.example", raw={"headers": [["From", "jürgen@customer.example"]]})
    with pytest.raises(GateError, match="No mail server takes jürgen"):
        send(house, advocate, item)
    assert send(house, advocate, item, place="by_hand")


def test_marks_that_turn_a_line_leave_no_header_and_their_author_is_told(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    wish = Wish(item, "It left our depot today.", subject="Your order \u202egpj.exe")
    with house.unit_of_work.reading(advocate) as work:
        assert "turned" in {each.code for each in outbound.look(work, wish).verdict.changes}
    send(house, advocate, item, subject=wish.subject)
    sweep(house, clock)
    assert [str(mail["Subject"]) for mail in box.mails()] == ["Your order gpj.exe"]
