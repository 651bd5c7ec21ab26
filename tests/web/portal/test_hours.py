"""Talk to me when it suits me: hours that a customer names hold what goes to them, and the outbox says why."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound import Wish
from bpm.feedback.outbound.gate.quiet import next_allowed, quiet_of_wish
from bpm.feedback.status import MessageState
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.web.conftest import Browser
from tests.web.portal.conftest import Customer, act
from web import create_app

HOURS = st.integers(0, 24)


@given(start=HOURS, end=HOURS, minutes=st.integers(0, 3 * 24 * 60), zone=st.sampled_from(("UTC", "Asia/Kolkata")))
def test_what_is_held_goes_within_the_hours_that_were_named(start: int, end: int, minutes: int, zone: str) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    quiet = quiet_of_wish(start, end)
    if start % 24 == end % 24:
        assert quiet is None  # all day
        return
    at = next_allowed(now, [zone], quiet)
    assert now <= at <= now + timedelta(days=1)
    assert next_allowed(at, [zone], quiet) == at
    wall = at.astimezone(ZoneInfo(zone)).time()
    until = time(end % 24)
    inside = time(start % 24) <= wall and (end == 24 or end == 0 or wall < until)
    over_midnight = start % 24 > end % 24 and (time(start % 24) <= wall or wall < until)
    assert inside or over_midnight


def test_a_message_waits_for_the_hours_that_its_customer_named_and_says_so(
    app: App,
    clock: FixedClock,
    advocate: Browser,
    customer: Customer,
    hear: Callable[..., int],
    link: Callable[[int], str],
) -> None:
    item = hear("Where is my parcel?")
    path = link(item)
    assert customer.send(path, "Remember it", channel="email", from_hour="17", until_hour="20").status_code == 303
    with fake_server.running() as box:
        house = with_server(app, box.port, smtp_from="Shop <post@shop.example>")
        browser = Browser(create_app(house).test_client())
        browser.sign_in("maya")
        clock.advance(timedelta(hours=1))  # 10:00 and a little; nobody waits for it any more
        browser.post(f"/outbox/items/{item}/written", {"text": "It left our depot at noon."})
        assert "They like to be spoken to from 17:00 to 20:00" in browser.see(f"/inbox/{item}")
        said = browser.do(f"/inbox/{item}/reply", {"text": "It left our depot at noon."})
        assert "They named hours that suit them: it goes then." in said
        with house.unit_of_work.reading() as work:
            row = work.session.scalars(select(OutboundMessage)).one()
            number, at = row.id, row.next_at
        assert at == MONDAY.replace(hour=17, minute=0, second=0)
        page = browser.see(f"/outbox/messages/{number}")
        assert "They like to be spoken to from 17:00 to 20:00, and it is" in page
        clock.advance(timedelta(hours=1))
        assert outbound.sweep_outbound(house.unit_of_work) == 0
        customer.send(path, "Remember it", channel="email", from_hour="18", until_hour="20")
        clock.set(MONDAY.replace(hour=17, minute=1))
        outbound.sweep_outbound(house.unit_of_work)  # what they say now counts
        assert state_of(app, number) == (MessageState.HELD, "their_hours")
        clock.set(MONDAY.replace(hour=18, minute=1))
        outbound.sweep_outbound(house.unit_of_work)
        assert state_of(app, number)[0] == MessageState.SENT
    hint = act(app, outbound.look, Wish(item, "I will ring you.", place="by_hand")).verdict
    assert [each.code for each in hint.hints if each.code == "their_hours"] == []  # 18:01: that suits them
    clock.advance(timedelta(hours=3))
    hint = act(app, outbound.look, Wish(item, "I will ring you.", place="by_hand")).verdict
    assert "their_hours" in [each.code for each in hint.hints]


def state_of(app: App, number: int) -> tuple[MessageState, str]:
    with app.unit_of_work.reading() as work:
        row = work.session.get_one(OutboundMessage, number)
        return row.state, row.held_for
