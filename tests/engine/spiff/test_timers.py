"""Timers: ISO 8601 text becomes instants of the clock that the engine is given."""

from datetime import UTC, datetime, timedelta

import pytest

from bpm.engine.expressions.times import cron, schedules
from bpm.engine.expressions.times.due import remaining
from bpm.engine.expressions.times.schedules import TimerKind
from bpm.foundation.errors import ExpressionError
from tests.engine.spiff.bench import NOON


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
    assert schedules.plan(TimerKind.DURATION, text, now=NOON) == {"due": due.isoformat(), "every": None, "left": 0}


def test_a_month_after_the_31st_is_the_last_day_of_the_next() -> None:
    assert schedules.duration("P1M").after(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)


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
    assert schedules.instant(schedules.plan(TimerKind.DATE, text, now=NOON)["due"]) == due


def firings(text: str, limit: int = 10, late: timedelta = timedelta()) -> list[datetime]:
    wait = schedules.plan(TimerKind.CYCLE, text, now=NOON)
    found = []
    while wait is not None and len(found) < limit:
        found.append(schedules.instant(wait["due"]))
        wait = schedules.following(wait, now=found[-1] + late)
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
        schedules.plan(schedules.kind_of(text), text, now=NOON)
    assert caught.value.message


@pytest.mark.parametrize("value", [None, True, [], {}])
def test_a_value_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ExpressionError, match="ISO 8601"):
        schedules.plan(TimerKind.DURATION, value, now=NOON)


def test_a_number_is_seconds() -> None:
    assert schedules.instant(schedules.plan(TimerKind.DURATION, 90, now=NOON)["due"]) == NOON + timedelta(seconds=90)


def test_a_cycle_that_stands_still_is_refused() -> None:
    with pytest.raises(ExpressionError, match="does not move"):
        schedules.following(schedules.plan(TimerKind.CYCLE, "R3/PT0S", now=NOON), now=NOON)


def test_a_calendar_cycle_fires_at_the_hours_of_working_days_without_end() -> None:
    friday = datetime(2026, 1, 2, 16, 30, tzinfo=UTC)
    wait = schedules.plan(TimerKind.CYCLE, "cron 0 0 9,17 * * MON-FRI", now=friday)
    assert wait["due"] == "2026-01-02T17:00:00+00:00"
    late = schedules.following(wait, now=friday + timedelta(minutes=31))
    assert late is not None
    assert late["due"] == "2026-01-05T09:00:00+00:00"


def test_a_calendar_cycle_does_not_catch_up_on_what_was_missed() -> None:
    wait = schedules.plan(TimerKind.CYCLE, "cron 0 0 9 * * *", now=NOON)
    late = schedules.following(wait, now=NOON + timedelta(days=30))
    assert late is not None
    assert schedules.instant(late["due"]) > NOON + timedelta(days=30)


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


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-15T12:00:00[Europe/Berlin]", "2026-01-15T11:00:00+00:00"),
        ("2026-07-15T12:00:00[Europe/Berlin]", "2026-07-15T10:00:00+00:00"),
        ("2026-07-15T12:00:00+02:00[Europe/Berlin]", "2026-07-15T10:00:00+00:00"),
        ("2026-07-15T12:00:00+05:00[Europe/Berlin]", "2026-07-15T07:00:00+00:00"),
        ("2026-07-15T12:00:00Z[Asia/Tokyo]", "2026-07-15T12:00:00+00:00"),
        ("2026-03-29T02:30:00[Europe/Berlin]", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T02:30:00[Europe/Berlin]", "2026-10-25T00:30:00+00:00"),
        ("20260715T120000Z", "2026-07-15T12:00:00+00:00"),
        ("2026-07-15t12:00:00z", "2026-07-15T12:00:00+00:00"),
        ("2026-W29-3", "2026-07-15T00:00:00+00:00"),
    ],
)
def test_an_instant_is_that_of_its_offset_or_else_of_its_zone(text: str, utc: str) -> None:
    assert schedules.instant(text).isoformat() == utc


@pytest.mark.parametrize("text", ["2026-01-15T12:00:00[Europe/Atlantis]", "2026-01-15T12:00:00[../../etc/passwd]"])
def test_a_zone_that_nobody_knows_is_an_expression_error(text: str) -> None:
    with pytest.raises(ExpressionError):
        schedules.instant(text)


def test_days_in_a_zone_keep_the_hour_of_its_wall_clock_over_a_change_of_the_clocks() -> None:
    assert [f"{at:%d %H:%M}" for at in firings("R3/2026-03-28T09:00:00[Europe/Berlin]/P1D")] == [
        "28 08:00",
        "29 07:00",
        "30 07:00",
    ]


def test_hours_in_a_zone_are_exact_over_a_change_of_the_clocks() -> None:
    assert [f"{at:%d %H:%M}" for at in firings("R2/2026-03-28T09:00:00[Europe/Berlin]/PT24H")] == [
        "28 08:00",
        "29 08:00",
    ]


def test_a_start_timer_keeps_its_zone_after_it_fired() -> None:
    first = datetime(2026, 3, 28, 8, tzinfo=UTC)
    left = remaining("R3/2026-03-28T09:00:00[Europe/Berlin]/P1D", fired=first, now=first)
    assert left is not None
    assert left[1] == datetime(2026, 3, 29, 7, tzinfo=UTC)
    last = remaining(left[0], fired=left[1], now=left[1])
    assert last is not None
    assert last[1] == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_calendar_cycle_goes_by_the_clock_of_its_zone() -> None:
    form = cron.normalised("0 0 9 * * ? [Europe/Berlin]", sunday=1)
    assert form == "cron 0 0 9 * * ?[Europe/Berlin]"
    assert [f"{at:%d %H:%M}" for at in firings(form, limit=2)] == ["02 08:00", "03 08:00"]


def test_a_zone_before_the_fields_of_a_calendar_cycle_is_read_too() -> None:
    assert cron.normalised("CRON_TZ=Europe/Berlin 0 9 * * *", sunday=0) == "cron 0 0 9 * * *[Europe/Berlin]"


def test_a_cycle_from_a_start_to_an_end_repeats_their_distance() -> None:
    begin = datetime(2026, 5, 1, tzinfo=UTC)
    assert firings("R3/2026-05-01T00:00:00Z/2026-05-01T06:30:00Z") == [
        begin + timedelta(hours=hours) for hours in (0, 6.5, 13)
    ]


def test_a_cycle_whose_end_lies_before_its_start_is_refused() -> None:
    with pytest.raises(ExpressionError, match="before it starts"):
        schedules.plan(TimerKind.CYCLE, "R2/2026-05-02T00:00:00Z/2026-05-01T00:00:00Z", now=NOON)


def test_a_cycle_may_fire_first_after_another_span_than_later() -> None:
    assert firings("R3/PT1H/PT5M") == [NOON + timedelta(minutes=minutes) for minutes in (60, 65, 70)]


def test_an_end_stops_a_cycle_that_has_firings_left() -> None:
    text = schedules.until("R10/PT1H", NOON + timedelta(hours=2, minutes=30))
    assert len(firings(text)) == 2
    left = remaining(text, fired=NOON + timedelta(hours=2), now=NOON + timedelta(hours=2))
    assert left is None


def test_a_cycle_whose_end_has_passed_never_fires_and_is_no_failure() -> None:
    text = schedules.until("R/PT1H", NOON - timedelta(days=1))
    assert schedules.instant(schedules.plan(TimerKind.CYCLE, text, now=NOON)["due"]) == schedules.NEVER


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT0,5S", 0.5), ("pt2h", 7200), ("-PT5M", -300), ("PT-5M", -300), ("+PT5M", 300), ("P1W2D", 777_600)],
)
def test_a_duration_is_read_in_every_spelling_of_the_standard(text: str, seconds: float) -> None:
    due = schedules.plan(TimerKind.DURATION, text, now=NOON)["due"]
    assert schedules.instant(due) == NOON + timedelta(seconds=seconds)
