"""Timers: ISO 8601 text becomes instants of the clock that the engine is given."""

from datetime import UTC, datetime, timedelta

import pytest

from bpm.engine.due import remaining
from bpm.engine.spiff import cron, timers
from bpm.errors import ExpressionError
from tests.engine.run.bench import NOON


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT5M", NOON + timedelta(minutes=5)),
        ("P1DT12H", NOON + timedelta(days=1, hours=12)),
        ("P2W", NOON + timedelta(days=14)),
        ("PT0.5S", NOON + timedelta(milliseconds=500)),
        ("PT0S", NOON),
        ("P1M", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("P1Y2M", datetime(2027, 3, 1, 12, tzinfo=UTC)),
        ("-PT1H", NOON - timedelta(hours=1)),
    ],
)
def test_a_duration_counts_from_now(text: str, due: datetime) -> None:
    assert timers.plan("duration", text, now=NOON) == {"due": due.isoformat(), "every": None, "left": 0}


def test_a_month_after_the_31st_is_the_last_day_of_the_next() -> None:
    assert timers.duration("P1M").after(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2030-01-01T00:00:00Z", datetime(2030, 1, 1, tzinfo=UTC)),
        ("2030-01-01T02:00:00+02:00", datetime(2030, 1, 1, tzinfo=UTC)),
        ("2030-01-01T00:00:00", datetime(2030, 1, 1, tzinfo=UTC)),
        ("2030-01-01", datetime(2030, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_without_an_offset_is_utc(text: str, due: datetime) -> None:
    assert timers.instant(timers.plan("date", text, now=NOON)["due"]) == due


def firings(text: str, limit: int = 10, late: timedelta = timedelta()) -> list[datetime]:
    wait = timers.plan("cycle", text, now=NOON)
    found = []
    while wait is not None and len(found) < limit:
        found.append(timers.instant(wait["due"]))
        wait = timers.following(wait, now=found[-1] + late)
    return found


def test_a_counted_cycle_fires_that_often() -> None:
    assert firings("R3/PT10M") == [NOON + timedelta(minutes=m) for m in (10, 20, 30)]


def test_a_cycle_with_a_start_begins_there() -> None:
    begin = datetime(2026, 5, 1, tzinfo=UTC)
    assert firings("R2/2026-05-01T00:00:00Z/P1D") == [begin, begin + timedelta(days=1)]


def test_a_cycle_with_an_end_stops_before_it() -> None:
    assert len(firings("R/PT1H/2026-01-01T15:30:00Z")) == 3
    assert len(firings("R2/PT1H/2026-01-01T15:30:00Z")) == 2


def test_an_endless_cycle_does_not_catch_up_on_what_was_missed_and_keeps_its_beat() -> None:
    found = firings("R/PT1H", limit=3, late=timedelta(hours=5, minutes=10))
    assert found == [NOON + timedelta(hours=h) for h in (1, 7, 13)]


def test_a_counted_cycle_catches_up() -> None:
    assert len(firings("R4/PT1H", late=timedelta(days=1))) == 4


NO_TIMERS = [
    "", "soon", "P", "PT", "PT5", "R/PT", "R0/PT1S", "R-1/PT1S", "R3", "R3/a/b/c", "P99999999999D", "P9999Y",
    "0 0 * * *",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMERS)
def test_what_is_no_timer_is_an_expression_error_with_a_message(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        timers.plan("cycle" if text.startswith("R") else "duration", text, now=NOON)
    assert caught.value.message


@pytest.mark.parametrize("value", [None, True, [], {}])
def test_a_value_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ExpressionError, match="ISO 8601"):
        timers.plan("duration", value, now=NOON)


def test_a_number_is_seconds() -> None:
    assert timers.instant(timers.plan("duration", 90, now=NOON)["due"]) == NOON + timedelta(seconds=90)


def test_a_cycle_that_stands_still_is_refused() -> None:
    with pytest.raises(ExpressionError, match="does not move"):
        timers.following(timers.plan("cycle", "R3/PT0S", now=NOON), now=NOON)


def test_a_calendar_cycle_fires_at_the_hours_of_working_days_without_end() -> None:
    friday = datetime(2026, 1, 2, 16, 30, tzinfo=UTC)
    wait = timers.plan("cycle", "cron 0 0 9,17 * * MON-FRI", now=friday)
    assert wait["due"] == "2026-01-02T17:00:00+00:00"
    late = timers.following(wait, now=friday + timedelta(minutes=31))
    assert late is not None
    assert late["due"] == "2026-01-05T09:00:00+00:00"


def test_a_calendar_cycle_does_not_catch_up_on_what_was_missed() -> None:
    wait = timers.plan("cycle", "cron 0 0 9 * * *", now=NOON)
    late = timers.following(wait, now=NOON + timedelta(days=30))
    assert late is not None
    assert timers.instant(late["due"]) > NOON + timedelta(days=30)


def test_a_start_timer_by_the_calendar_stays_one_after_it_fired() -> None:
    left = remaining("cron 0 0 9 * * *", fired=NOON, now=NOON + timedelta(hours=1))
    assert left == ("cron 0 0 9 * * *", datetime(2026, 1, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "sunday", "form"),
    [
        ("0 0 12 ? * 2-6", 1, "cron 0 0 12 ? * MON-FRI"),
        ("0 0 12 ? * 1-5", 0, "cron 0 0 12 ? * MON-FRI"),
        ("0 0 12 ? * 6L", 1, "cron 0 0 12 ? * L5"),
        ("0 0 12 ? * 6#3", 1, "cron 0 0 12 ? * FRI#3"),
        ("0 0 12 ? * 0-7", 0, "cron 0 0 12 ? * *"),
        ("0 0 0 LW * ?", 1, None),
        ("1 2 3 4", 1, None),
    ],
)
def test_weekdays_are_counted_as_the_dialect_counts_them(text: str, sunday: int, form: str | None) -> None:
    assert cron.normalised(text, sunday=sunday) == form
