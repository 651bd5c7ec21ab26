"""Promises in our own words: who will do what until when, as English people write it; nothing is made by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.promises import propose

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 3, 4, 10, 30, tzinfo=BERLIN)
UNTIL = {
    "I'll call you by Friday.": "2026-03-06 23:59",
    "We will send it tomorrow.": "2026-03-05 23:59",
    "I will ring you tomorrow at 10.": "2026-03-05 10:00",
    "I'll be in touch by 5 pm.": "2026-03-04 17:00",
    "I'll get back to you by 9 am.": "2026-03-05 09:00",
    "We'll reply within 24 hours.": "2026-03-05 10:30",
    "You will receive your refund within 5 working days.": "2026-03-11 23:59",
    "You'll get it in 3 to 5 days.": "2026-03-09 23:59",
    "I am going to write to you this afternoon.": "2026-03-04 18:00",
    "We shall visit you on 12 March 2026 at 14:30.": "2026-03-12 14:30",
    "I'll check on March 3rd.": "2027-03-03 23:59",
    "We will repair it by 2026-04-01.": "2026-04-01 23:59",
    "I’ll phone you next Monday morning.": "2026-03-09 12:00",
    "We will know more by the end of the week.": "2026-03-06 23:59",
    "I'll write next week.": "2026-03-13 23:59",
    "A colleague will call you on Thursday before noon.": "2026-03-05 12:00",
    "Your parcel will arrive by the 10th.": "2026-03-10 23:59",
    "We'll settle it by the end of the month.": "2026-03-31 23:59",
    "I promise to look into it the day after tomorrow.": "2026-03-06 23:59",
    "I'll call you in half an hour.": "2026-03-04 11:00",
    "I'll answer by close of business.": "2026-03-04 17:00",
    "We will pay by 25/12.": "2026-12-25 23:59",
    "I'll be back to you on Wednesday.": "2026-03-11 23:59",
}
NO_TIME = ("I'll look into it.", "We will pay it back as soon as possible.", "We will call you on 5/12.")
NONE = (
    "Your parcel left on Friday.", "Shall I call you on Friday?", "I won't call you on Friday.",
    "We will not send it tomorrow.", "> I'll call you by Friday.", "I'll be honest: it is late.", "",
    "Call us by Friday!",
)  # fmt: skip


@pytest.mark.parametrize("text", UNTIL)
def test_the_time_that_a_promise_names_is_read(text: str) -> None:
    (found,) = propose(f"Thank you for telling us. {text} Best wishes, Maya", WEDNESDAY.astimezone(UTC), BERLIN)
    assert found.text == text
    assert found.until is not None
    assert f"{found.until.astimezone(BERLIN):%Y-%m-%d %H:%M}" == UNTIL[text]
    assert found.until.tzinfo is UTC
    assert found.said


@pytest.mark.parametrize("text", NO_TIME)
def test_a_promise_without_a_sure_time_asks_for_one(text: str) -> None:
    assert [(each.text, each.until) for each in propose(text, WEDNESDAY, BERLIN)] == [(text, None)]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_promise_of_ours_is_none(text: str) -> None:
    assert propose(text, WEDNESDAY, BERLIN) == ()


def test_several_promises_come_in_order_each_once() -> None:
    text = "I'll call you by Friday. We will send a new one tomorrow.\nI'll call you by Friday."
    assert [each.said for each in propose(text, WEDNESDAY, BERLIN)] == ["by Friday", "tomorrow"]


@pytest.mark.parametrize(
    ("written", "until"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN), datetime(2026, 3, 29, 21, 59, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN), datetime(2026, 10, 25, 22, 59, tzinfo=UTC)),
    ],
)
def test_tomorrow_ends_by_the_writers_clock_when_that_changes(written: datetime, until: datetime) -> None:
    assert propose("I'll call you tomorrow.", written, BERLIN)[0].until == until


@given(
    st.text(alphabet=st.sampled_from("I'll call you by at 5/12:0pm Friday within 24 hours MarchMay.?\n>"), max_size=300)
)
def test_any_words_are_read_without_an_error(words: str) -> None:
    for each in propose(f"I will {words}", WEDNESDAY, BERLIN):
        assert each.until is None or each.until > WEDNESDAY
