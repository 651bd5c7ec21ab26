"""The rules of clocks and queue without a database: thanks, questions, pauses, dues over changes of the clocks."""

import inspect
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.calendars import ALWAYS, Calendar, Week, between, read_hours
from bpm.feedback.clocks import SHIPPED, TargetKey, target_for
from bpm.feedback.clocks.asking import asks, pauses_of
from bpm.feedback.clocks.dues import Pause, due
from bpm.feedback.clocks.queue_order import Harm, harm_of, place
from bpm.feedback.status import ClockKind
from bpm.feedback.thanks import is_thanks

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Calendar("Europe/Berlin", (Week((read_hours("09:00-17:00"),) * 5 + ((), ())),), country="DE")
NIGHT = Calendar("Europe/Berlin", (Week((read_hours("00:00-04:00"),) * 7),))

THANKS = (
    "Thanks", "thank you so much!", "Thanks, Maya!", "Thanks, [name]!", "Thx 👍", "🙏",
    "Great, thanks a lot for your help.",
    "Ok thanks", "TY",
    "Danke schön", "Vielen Dank für die schnelle Antwort!", "Merci beaucoup", "Muchas gracias", "Grazie mille",
    "Obrigada!", "Hartelijk bedankt", "Tack så mycket", "Tusen takk", "Kiitos paljon", "Děkuji moc", "Dziękuję bardzo",
    "Большое спасибо", "ありがとうございます", "谢谢", "Çok teşekkürler", "Thank you.\nBest regards,\nAna",
)  # fmt: skip
MORE = (
    "Thanks, but it still leaks.", "No thanks", "Thanks for nothing", "Thanks. When will it come?",
    "Thank you, order 17",
    "Danke, aber es geht immer noch nicht", "Merci de me rappeler", "The parcel never came.", "", "ok",
    "Thanks to you I am late",
    "Gracias por nada", "Thanks Maya Vogel from the shop over there", "thank you please call me",
)  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_bare_thanks_are_known(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", MORE)
def test_thanks_that_say_more_are_none(text: str) -> None:
    assert not is_thanks(text)


def test_words_of_ours_ask_where_a_sentence_ends_in_a_question() -> None:
    assert asks("Sorry. Which order is it?")
    assert asks("Could you send a picture?\nBest, Maya")
    assert not asks("See https://example.org/?a=b for more.")
    assert not asks("> Where is it?\nIt left today.")


@pytest.mark.parametrize(
    ("calendar", "start", "target", "until"),
    [
        # the clocks go forward at 01:00 UTC on 29 March, back at 01:00 UTC on 25 October
        (ALWAYS, datetime(2026, 3, 29, 0, 30, tzinfo=UTC), HOUR, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (NIGHT, datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 3 * HOUR, datetime(2026, 3, 29, 2, 0, tzinfo=UTC)),
        (NIGHT, datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 4 * HOUR, datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),
        (NIGHT, datetime(2026, 10, 24, 22, 0, tzinfo=UTC), 5 * HOUR, datetime(2026, 10, 25, 3, 0, tzinfo=UTC)),
        (OFFICE, datetime(2026, 3, 27, 15, 0, tzinfo=UTC), 2 * HOUR, datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
        (OFFICE, datetime(2026, 10, 23, 14, 0, tzinfo=UTC), 2 * HOUR, datetime(2026, 10, 26, 9, 0, tzinfo=UTC)),
        # Good Friday and Easter Monday of 2026 are holidays in Germany
        (OFFICE, datetime(2026, 4, 2, 14, 0, tzinfo=UTC), 2 * HOUR, datetime(2026, 4, 7, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_due_time_counts_open_hours_over_changes_of_the_clocks_and_holidays(
    calendar: Calendar, start: datetime, target: timedelta, until: datetime
) -> None:
    assert due(calendar, start, target).at == until
    assert between(calendar, start, until) == target


def test_a_pause_puts_off_what_is_due_by_its_open_time_and_one_without_an_end_stops_the_clock() -> None:
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
    paused = Pause(start + 2 * HOUR, start + 26 * HOUR)
    assert due(OFFICE, start, 4 * HOUR, [paused]).at == start + 28 * HOUR
    still = due(OFFICE, start, 4 * HOUR, [paused, Pause(start + 27 * HOUR, None)])
    assert (still.at, still.near_at, still.paused_at) == (None, None, start + 27 * HOUR)
    late = due(OFFICE, start, HOUR, [Pause(start + 2 * HOUR, None)])
    assert late.at == start + HOUR  # it had gone by before the customer was asked


MOMENTS = st.integers(0, 400).map(lambda hours: datetime(2026, 3, 20, tzinfo=UTC) + hours * HOUR)


@given(MOMENTS, st.integers(1, 60), st.lists(st.tuples(MOMENTS, st.integers(0, 50)), max_size=4))
def test_what_is_due_has_its_open_time_outside_of_all_pauses(
    start: datetime, hours: int, told: list[tuple[datetime, int]]
) -> None:
    pauses = [Pause(begin, begin + length * HOUR) for begin, length in told]
    found = due(OFFICE, start, hours * HOUR, pauses)
    assert found.at is not None
    assert found.near_at is not None
    assert found.near_at <= found.at
    spans = [(pause.begin, pause.end) for pause in pauses if pause.end is not None]
    assert between(OFFICE, start, found.at, pauses=spans) == hours * HOUR


def test_the_customer_is_asked_until_they_say_something_or_a_colleague_says_so() -> None:
    asked, said = [NOON], [NOON - HOUR, NOON + 3 * HOUR]
    assert pauses_of(asked, said, ()) == (Pause(NOON, NOON + 3 * HOUR),)
    assert pauses_of(asked, said[:1], ()) == (Pause(NOON, None),)
    assert pauses_of(asked, (), [(NOON + HOUR, NOON + HOUR)]) == (Pause(NOON, NOON + HOUR),)
    assert pauses_of((), (), [(NOON, None)]) == (Pause(NOON, None),)
    assert pauses_of((), (), [(NOON, NOON + HOUR)]) == (Pause(NOON, NOON + HOUR),)


def test_the_target_that_says_most_holds() -> None:
    targets = {**SHIPPED, TargetKey(ClockKind.FIRST, group="it"): 30, TargetKey(ClockKind.FIRST, "chat", 3): 5,
               TargetKey(ClockKind.FIRST, "survey"): 0}  # fmt: skip

    def first(channel: str, urgency: int | None, group: str = "") -> timedelta | None:
        return target_for(targets, ClockKind.FIRST, channel=channel, urgency=urgency, group=group)

    assert [first("email", 1), first("email", 3), first("chat", 3), first("email", 3, "it"), first("survey", None)] == [
        timedelta(hours=8), HOUR, timedelta(minutes=5), timedelta(minutes=30), None,
    ]  # fmt: skip


def test_more_harm_comes_first_then_what_was_promised_then_what_is_due_then_what_waits() -> None:
    places = [
        place(harm_of("outage_report", 3), waiting_since=NOON),
        place(harm_of("complaint", 2), waiting_since=NOON, promised_until=NOON + 90 * HOUR),
        place(harm_of("complaint", 2), waiting_since=NOON, due_at=NOON + HOUR),
        place(harm_of("complaint", 2), waiting_since=NOON - HOUR),
        place(harm_of("complaint", 2), waiting_since=NOON),
        place(harm_of("complaint", 0), waiting_since=NOON),
        place(harm_of("question", 0), waiting_since=NOON),
        place(harm_of("praise", 0), waiting_since=NOON),
        place(harm_of("outage_report", 3), waiting_since=NOON, in_hand=True),
    ]
    order = [(each.rank, each.act_by) for each in places]
    assert order == sorted(order)
    assert harm_of(None, None) is Harm.MUCH


def test_how_many_people_listen_is_no_part_of_the_order() -> None:
    asked = {*inspect.signature(place).parameters, *inspect.signature(harm_of).parameters}
    assert asked == {"harm", "waiting_since", "promised_until", "due_at", "in_hand", "kind", "urgency"}


def test_easter_is_a_holiday_in_the_calendar_that_these_tests_use() -> None:
    assert between(OFFICE, datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)) == timedelta(0)
    assert date(2026, 4, 3).strftime("%A") == "Friday"
