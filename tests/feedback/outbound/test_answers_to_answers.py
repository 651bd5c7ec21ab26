"""What customers answer to our answer joins the conversation in which we said it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound.kinds import message_kinds
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.feedback.outbound.test_outbox import box, hear, house, send, sweep  # noqa: F401 (fixtures)
from tests.mail.fake_server import Mailbox


def test_a_mail_that_names_our_answer_alone_joins_its_conversation(
    house: App,  # noqa: F811
    box: Mailbox,  # noqa: F811
    clock: FixedClock,
    advocate: Actor,
) -> None:
    asked = hear(house)
    send(house, advocate, asked)
    sweep(house, clock)
    with house.unit_of_work() as work:
        ours = work.session.scalars(select(OutboundMessage.remote_id)).one()
        assert ours == box.mails()[0]["Message-ID"]
        named = {"in_reply_to": ours, "thread_key": ours, "natural_key": "<q2@other.example> 1"}
        raw = feedback.RawItem("email", "other box", "Thanks.", author_email="jo.private@home.example", **named)
        answer = feedback.receive(work, raw).item_id
    with house.unit_of_work.reading() as work:
        talks = {work.session.get_one(FeedbackItem, each).conversation_id for each in (asked, answer)}
    assert len(talks) == 1


@pytest.mark.parametrize("kind", [name for name, each in message_kinds().items() if each.automatic])
def test_an_answer_to_an_automatic_mail_joins_its_conversation_and_another_person_is_not_its_customer(
    house: App,  # noqa: F811
    box: Mailbox,  # noqa: F811
    clock: FixedClock,
    kind: str,
) -> None:
    asked = hear(house)
    with house.unit_of_work() as work:
        feedback.outbound.send_automatic(work, asked, kind, "It is with us.", key=f"auto {kind}")
    sweep(house, clock)
    (mail,) = box.mails()
    assert mail["Auto-Submitted"] == "auto-generated"
    clock.advance(timedelta(hours=3))
    found = {
        who: answered(house, mail["Message-ID"], by=who, key=f"<{who}>")
        for who in ("jo@customer.example", "somebody.else@work.example")
    }
    with house.unit_of_work.reading() as work:
        first = work.session.get_one(FeedbackItem, asked)
        theirs, others = (work.session.get_one(FeedbackItem, each) for each in found.values())
        assert {theirs.conversation_id, others.conversation_id} == {first.conversation_id}
        assert theirs.customer_id == first.customer_id
        assert others.customer_id != first.customer_id
        assert work.session.scalars(select(OutboundMessage.kind)).all() == [kind]


def answered(house: App, message_id: str, *, by: str, key: str) -> int:  # noqa: F811
    with house.unit_of_work() as work:
        raw = feedback.RawItem(
            "email", "other box", "It still does not work.", author_email=by, in_reply_to=message_id,
            thread_key=message_id, natural_key=key,
        )  # fmt: skip
        return feedback.receive(work, raw).item_id
