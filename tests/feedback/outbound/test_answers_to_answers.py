"""What customers answer to our answer joins the conversation in which we said it."""

from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback.models import FeedbackItem, OutboundMessage
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
