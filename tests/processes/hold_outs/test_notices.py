"""A notice goes to those whom chance did not hold out, in a person's name, and what it saved is counted by arm."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.feedback.models import OutboundMessage
from bpm.foundation.clock import FixedClock
from bpm.processes import hold_outs
from bpm.processes.hold_outs.models import NoticeCustomer
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser, signed_in, web

__all__ = ["signed_in", "web"]


def test_a_notice_is_prepared_sent_and_counted(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock,
    signed_in: Callable[..., Browser],
) -> None:  # fmt: skip
    go_live(CARE, "care")
    trigger(while_running="start")
    for number in range(50):
        say(f"My parcel {number} never came.")
    maya = signed_in("maya", "advocate")
    form = {"title": "Late parcels", "audience": "process:care", "text": "Your parcel is late, {{name}}. {{author}}"}
    form |= {"share": "50", "days": "7"}
    assert "Hold out 10 to 50 per cent." in maya.do("/outbox/ahead", {**form, "share": "90"})
    page = maya.do("/outbox/ahead", form)
    assert "Nothing was sent yet." in page
    assert "letters are under way" in maya.do("/outbox/ahead/1/sending")
    assert maya.post("/outbox/ahead/1/sending").status_code == 409
    with app.unit_of_work.reading() as work:
        rows = work.session.execute(select(NoticeCustomer.held, NoticeCustomer.item_id, NoticeCustomer.stayed)).all()
        held = [row.item_id for row in rows if row.held]
        written = set(work.session.scalars(select(OutboundMessage.item_id)))
        authors = set(work.session.scalars(select(OutboundMessage.author_user_id)))
    assert len(rows) == 50
    assert 11 <= len(held) <= 39
    assert not written & set(held)
    assert authors == {1}
    clock.advance(timedelta(days=1))
    for item in held[:10]:
        say("Where is my parcel?", author_email=f"customer{item}@example.org")
    page = signed_in("mira", "advocate").see("/outbox/ahead")
    assert "Of those told 0 got in touch, of those held out 10" in page
    with app.unit_of_work.reading() as work:
        (row,) = hold_outs.list_proactive(work)
        assert row.result.low > 0
    signed_in("otto", "operator").see("/outbox/ahead", status=403)
