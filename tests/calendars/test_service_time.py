"""Open time by a business calendar: over nights, holidays, changes of the clock, year ends and pauses."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.calendars import ALWAYS, Calendar, Week, add, between, from_plain, read_hours, to_plain
from bpm.calendars.calendar import demand_usable
from bpm.foundation.errors import InvalidInputError

BERLIN = ZoneInfo("Europe/Berlin")
DAY_SHIFT = read_hours("09:00-12:30, 13:30-17:00")


def office(zone: str = "Europe/Berlin", **more: object) -> Calendar:
    return Calendar(zone, (Week((*((read_hours("9-17"),) * 5), (), ())),), **more)  # type: ignore[arg-type]  # a test's short way


def at(text: str) -> datetime:
    """An instant by Berlin's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_four_hours_from_friday_afternoon_are_over_on_monday_at_noon() -> None:
    assert add(office(), at("2026-03-06T16:00"), hours(4)) == at("2026-03-09T12:00")


def test_several_intervals_a_day_leave_out_the_pause_at_noon() -> None:
    calendar = Calendar("Europe/Berlin", (Week((DAY_SHIFT,) * 7),))
    assert add(calendar, at("2026-03-02T12:00"), hours(1)) == at("2026-03-02T14:00")
    assert between(calendar, at("2026-03-02T08:00"), at("2026-03-02T18:00")) == hours(7)


def test_what_begins_at_night_counts_from_the_morning() -> None:
    assert add(office(), at("2026-03-02T03:00"), hours(1)) == at("2026-03-02T10:00")


def test_holidays_of_country_and_region_and_own_days_are_closed_and_open_days_are_open() -> None:
    bavarian = office(country="DE", region="BY", closed=frozenset({date(2026, 1, 7)}))
    # 6 January is a holiday in Bavaria alone.
    assert add(bavarian, at("2026-01-05T16:00"), hours(2)) == at("2026-01-08T10:00")
    assert add(office(country="DE"), at("2026-01-05T16:00"), hours(2)) == at("2026-01-06T10:00")
    opened = office(country="DE", open=((date(2026, 12, 26), read_hours("10-12")),))
    assert between(opened, at("2026-12-25T00:00"), at("2026-12-28T00:00")) == hours(2)


def test_hours_that_become_valid_later_hold_from_that_day_on() -> None:
    calendar = Calendar(
        "Europe/Berlin",
        (Week((read_hours("9-17"),) * 7), Week((read_hours("9-13"),) * 7, valid_from=date(2026, 4, 1))),
    )
    assert between(calendar, at("2026-03-31T00:00"), at("2026-04-02T00:00")) == hours(12)


def test_the_hour_that_spring_leaves_out_is_not_worked_and_the_one_that_autumn_doubles_is_worked_twice() -> None:
    night = Calendar("Europe/Berlin", (Week((read_hours("1:30-4:00"),) * 7),))
    assert between(night, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == hours(1.5)
    assert between(night, at("2026-10-25T00:00"), at("2026-10-25T12:00")) == hours(3.5)
    assert add(night, at("2026-03-29T01:30"), hours(1)) == at("2026-03-29T03:30")
    twice = Calendar("Europe/Berlin", (Week((read_hours("2:15-2:45"),) * 7),))
    assert between(twice, at("2026-10-25T00:00"), at("2026-10-25T12:00")) == hours(1)
    never = between(twice, at("2026-03-29T00:00"), at("2026-03-29T12:00"))
    assert never == hours(0)


def test_office_hours_are_the_same_length_on_both_sides_of_a_change_of_the_clock() -> None:
    assert add(office(), at("2026-03-27T16:00"), hours(4)) == at("2026-03-30T12:00")
    assert add(office(), at("2026-10-23T16:00"), hours(4)) == at("2026-10-26T12:00")


def test_the_year_ends_in_the_middle_of_it() -> None:
    assert add(office(country="DE"), at("2026-12-31T16:00"), hours(2)) == at("2027-01-04T10:00")


def test_zones_far_from_greenwich_and_with_half_hours_keep_their_own_days() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Australia/Lord_Howe"):
        local = ZoneInfo(zone)
        start = datetime(2026, 3, 6, 16, tzinfo=local).astimezone(UTC)
        assert add(office(zone), start, hours(4)) == datetime(2026, 3, 9, 12, tzinfo=local).astimezone(UTC)


def test_a_pause_does_not_count_however_often_it_is_told() -> None:
    pause = (at("2026-03-02T10:00"), at("2026-03-02T12:00"))
    other = (at("2026-03-02T11:00"), at("2026-03-03T10:00"))
    day = (at("2026-03-02T09:00"), at("2026-03-03T17:00"))
    assert between(office(), *day, pauses=[pause]) == hours(14)
    assert between(office(), *day, pauses=[other, pause, pause]) == hours(8)


def test_time_simply_passes_where_nothing_is_said() -> None:
    start = at("2026-03-28T23:00")
    assert add(ALWAYS, start, hours(30)) == start + hours(30)
    assert between(ALWAYS, start, start + hours(30)) == hours(30)


@pytest.mark.parametrize("text", ["9-8", "9-17, 16-18", "25-26", "nine", "9:75-10", "9-10-11", "22:00-06:00"])
def test_hours_that_cannot_be_are_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_hours(text)
    assert refused.value.remedy


def test_a_calendar_that_never_opens_is_refused_and_so_are_places_that_do_not_exist() -> None:
    for calendar in (
        Calendar("UTC", (Week(((),) * 7),)),
        office("Europe/Atlantis"),
        office(country="XX"),
        office(country="DE", region="XX"),
    ):
        with pytest.raises(InvalidInputError):
            demand_usable(calendar)


def test_what_is_more_than_ten_years_away_is_refused_instead_of_looked_for_without_end() -> None:
    closed = Calendar("UTC", (Week((((540, 541),), (), (), (), (), (), ())),))
    with pytest.raises(InvalidInputError, match="ten years"):
        add(closed, at("2026-03-02T00:00"), hours(1000))


def test_the_stored_form_gives_the_same_calendar() -> None:
    calendar = office(
        country="DE", region="BY", closed=frozenset({date(2026, 5, 4)}), open=((date(2026, 5, 2), DAY_SHIFT),)
    )
    assert from_plain(to_plain(calendar)) == calendar


_CALENDARS = st.builds(
    lambda zone, days, closed: Calendar(zone, (Week((*days[:6], days[6] or ((0, 60),))),), closed=frozenset(closed)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    st.lists(
        st.sampled_from(["", "9-17", "0-24", "1:30-2:30, 2:45-5", "8-12, 12-16", "22-24"]).map(read_hours),
        min_size=7,
        max_size=7,
    ),
    st.sets(st.dates(date(2026, 3, 20), date(2026, 4, 5)), max_size=3),
)
_INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001 (made UTC)
_DURATIONS = st.timedeltas(timedelta(0), timedelta(days=20))


@given(_CALENDARS, _INSTANTS, _DURATIONS)
def test_between_takes_back_what_add_has_added(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    end = add(calendar, start, duration)
    assert between(calendar, start, end) == duration
    assert between(calendar, end, start) == -duration


@given(_CALENDARS, _INSTANTS, _DURATIONS, _DURATIONS)
def test_more_time_never_ends_earlier(calendar: Calendar, start: datetime, one: timedelta, more: timedelta) -> None:
    assert add(calendar, start, one) <= add(calendar, start, one + more)
    assert add(calendar, start, one) <= add(calendar, start + more, one)


@given(_CALENDARS, st.lists(_INSTANTS, min_size=3, max_size=3))
def test_an_interval_cut_in_two_adds_up(calendar: Calendar, instants: list[datetime]) -> None:
    start, middle, end = sorted(instants)
    whole = between(calendar, start, end)
    assert between(calendar, start, middle) + between(calendar, middle, end) == whole
    assert between(calendar, start, end, pauses=[(middle, end)]) == between(calendar, start, middle)
