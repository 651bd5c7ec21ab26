"""Days on which calendars go wrong: each answer was worked out by hand, and is the same forwards and backwards."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpm.calendars import Calendar, Week, add, between, read_hours, read_shifts, with_nights
from bpm.foundation.errors import InvalidInputError

OFFICE = ("9-17",) * 5 + ("", "")
LUNCH = ("9-12:30, 13:30-17",) * 5 + ("", "")
DAILY = ("9-17",) * 7
NIGHTS = ("22:00-06:00",) * 7
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"


@dataclass(frozen=True)
class Case:
    """From `start`, `hours` of open time are over at `end`, by the clock of the zone ("+": its second time)."""

    what: str
    start: str
    hours: float
    end: str
    zone: str = BERLIN
    week: tuple[str, ...] = OFFICE
    place: tuple[str, str] = ("", "")
    half: dict[str, str] = field(default_factory=dict)
    """Days with hours of their own."""
    later: tuple[str, tuple[str, ...]] | None = None
    """Hours that hold from a day on."""

    def calendar(self) -> Calendar:
        weeks = [Week(with_nights([read_shifts(day) for day in self.week]))]
        if self.later:
            day, hours = self.later
            weeks.append(Week(with_nights([read_shifts(each) for each in hours]), date.fromisoformat(day)))
        own = tuple((date.fromisoformat(day), read_hours(text)) for day, text in sorted(self.half.items()))
        return Calendar(self.zone, tuple(weeks), *self.place, open=own)

    def at(self, text: str) -> datetime:
        local = datetime.fromisoformat(text.rstrip("+")).replace(tzinfo=ZoneInfo(self.zone), fold=text.endswith("+"))
        return local.astimezone(UTC)


CASES = (
    Case("a lunch between, and on to the next day", "2026-03-05T12:15", 4, "2026-03-06T09:15", week=LUNCH),
    Case("three intervals a day", "2026-03-05T09:00", 6, "2026-03-06T07:00", week=("6-10, 12-14, 20-22",) * 7),
    Case("intervals that touch", "2026-03-05T11:30", 1, "2026-03-05T12:30", week=("8-12, 12-16",) * 7),
    Case("over exactly when the office closes", "2026-03-06T16:00", 1, "2026-03-06T17:00"),
    Case("begun at the very closing", "2026-03-06T17:00", 0.5, "2026-03-09T09:30"),
    Case("begun on a day without hours", "2026-03-07T12:00", 8.5, "2026-03-10T09:30"),
    Case("spring night in New York", "2026-03-08T00:00", 4, "2026-03-08T05:00", NEW_YORK, ("0-6",) * 7),
    Case("autumn night in New York", "2026-11-01T00:00", 4, "2026-11-01T03:00", NEW_YORK, ("0-6",) * 7),
    Case("autumn, over in the second hour", "2026-11-01T00:00", 2.5, "2026-11-01T01:30+", NEW_YORK, ("0-6",) * 7),
    Case("a whole day of 23 hours", "2026-03-08T00:00", 23, "2026-03-09T00:00", NEW_YORK, ("0-24",) * 7),
    Case("a whole day of 25 hours", "2026-11-01T00:00", 25, "2026-11-02T00:00", NEW_YORK, ("0-24",) * 7),
    Case("half an hour back", "2026-04-05T00:00", 4, "2026-04-05T03:30", LORD_HOWE, ("0-4",) * 7),
    Case("half an hour forward", "2026-10-04T00:00", 3, "2026-10-04T03:30", LORD_HOWE, ("0-4",) * 7),
    Case("a quarter hour off", "2026-03-06T16:45", 1, "2026-03-09T09:45", "Asia/Kathmandu"),
    Case("Chatham, an hour back at 3:45", "2026-04-05T02:00", 4, "2026-04-05T05:00", "Pacific/Chatham", ("2-5",) * 7),
    Case("two hours forward", "2026-03-29T00:00", 2, "2026-03-29T04:00", "Antarctica/Troll", ("0-4",) * 7),
    Case("no midnight in Cairo", "2026-04-23T23:00", 2, "2026-04-24T02:00", "Africa/Cairo", ("0-24",) * 7),
    Case("eleven at night twice", "2026-10-29T22:00", 3, "2026-10-30T00:00", "Africa/Cairo", ("22-24",) * 7),
    Case("a day that never was", "2011-12-29T09:00", 10, "2011-12-31T11:00", "Pacific/Apia", DAILY),
    Case("a leap day", "2028-02-28T16:00", 9, "2028-02-29T17:00"),
    Case("India, Republic Day", "2026-01-23T16:30", 1, "2026-01-27T09:30", "Asia/Kolkata", place=("IN", "")),
    Case("half of Christmas Eve", "2026-12-23T16:00", 5, "2026-12-28T10:00", place=("DE", ""),
         half={"2026-12-24": "9-12"}),
    Case("half a day before the year ends", "2026-12-31T12:00", 2, "2027-01-04T10:00", place=("DE", ""),
         half={"2026-12-31": "9-13"}),
    Case("half a holiday that is open all the same", "2026-05-01T08:00", 3, "2026-05-04T10:00", place=("DE", ""),
         half={"2026-05-01": "10-12"}),
    Case("a holiday on Saturday is kept on Friday", "2026-07-02T16:00", 2, "2026-07-06T10:00", NEW_YORK,
         place=("US", "")),
    Case("New Year's Day kept in the year before", "2021-12-30T16:00", 2, "2022-01-03T10:00", NEW_YORK,
         place=("US", "")),
    Case("England works on 2 January", "2025-12-31T16:00", 2, "2026-01-02T10:00", "Europe/London", place=("GB", "ENG")),
    Case("Scotland does not", "2025-12-31T16:00", 2, "2026-01-05T10:00", "Europe/London", place=("GB", "SCT")),
    Case("Boxing Day on Saturday is kept on Monday", "2026-12-24T16:00", 2, "2026-12-29T10:00", "Europe/London",
         place=("GB", "ENG")),
    Case("Austria, Ascension", "2026-05-13T16:00", 2, "2026-05-15T10:00", "Europe/Vienna", place=("AT", "")),
    Case("Zurich, Easter", "2026-04-02T16:00", 2, "2026-04-07T10:00", "Europe/Zurich", place=("CH", "ZH")),
    Case("Ticino works on Good Friday", "2026-04-02T16:00", 2, "2026-04-03T10:00", "Europe/Zurich",
         place=("CH", "TI")),
    Case("Saxony, a Wednesday in November", "2026-11-17T16:00", 2, "2026-11-19T10:00", place=("DE", "SN")),
    Case("Berlin works on it", "2026-11-17T16:00", 2, "2026-11-18T10:00", place=("DE", "BE")),
    Case("Japan, four days in a row", "2026-05-01T16:00", 2, "2026-05-07T10:00", "Asia/Tokyo", place=("JP", "")),
    Case("a night shift", "2026-03-05T23:00", 4, "2026-03-06T03:00", week=NIGHTS),
    Case("a night shift in spring has seven hours", "2026-03-28T22:00", 7, "2026-03-29T06:00", week=NIGHTS),
    Case("and in autumn nine", "2026-10-24T22:00", 9, "2026-10-25T06:00", week=NIGHTS),
    Case("one night a week", "2026-03-06T12:00", 10, "2026-03-14T00:00",
         week=("", "", "", "", "22:00-06:00", "", "")),
    Case("the night from Sunday is Monday's morning", "2026-03-08T21:00", 7, "2026-03-09T05:00",
         week=("", "", "", "", "", "", "22:00-06:00")),
    Case("a night into a holiday ends at midnight", "2026-12-31T22:00", 3, "2027-01-01T23:00", week=NIGHTS,
         place=("DE", ""), half={"2027-01-01": "22-24"}),
    Case("other hours from the new year on", "2026-12-31T16:00", 3, "2027-01-01T12:00", week=DAILY,
         later=("2027-01-01", ("10-14",) * 7)),
    Case("a due date far over the year's end", "2026-12-30T09:00", 40, "2027-01-08T13:00", week=OFFICE,
         place=("DE", "BY"), half={"2026-12-31": "9-13"}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_answer_worked_out_by_hand(case: Case) -> None:
    calendar, start, end = case.calendar(), case.at(case.start), case.at(case.end)
    assert add(calendar, start, timedelta(hours=case.hours)) == end
    assert between(calendar, start, end) == timedelta(hours=case.hours)
    assert between(calendar, end, start) == -timedelta(hours=case.hours)


def test_pauses_over_lunch_night_and_a_change_of_the_clock_count_once_and_only_where_it_is_open() -> None:
    case = Case("", "", 0, "", week=LUNCH)
    day = case.at("2026-03-02T08:00"), case.at("2026-03-03T12:00")
    pause = case.at("2026-03-02T12:00"), case.at("2026-03-02T14:00")
    night = case.at("2026-03-02T16:00"), case.at("2026-03-03T10:00")
    # 9-12, 14-16 of Monday, 10-12 of Tuesday.
    assert between(case.calendar(), *day, pauses=[night, pause, pause]) == timedelta(hours=7)
    whole = Case("", "", 0, "", week=("0-24",) * 7)
    spring = whole.at("2026-03-29T00:00"), whole.at("2026-03-30T00:00")
    over_the_change = whole.at("2026-03-29T01:00"), whole.at("2026-03-29T04:00")
    assert between(whole.calendar(), *spring, pauses=[over_the_change]) == timedelta(hours=21)


@pytest.mark.parametrize("text", ["9-8", "17:00-09:00", "10:00-10:00", "22-6, 5-7, 23-24", "8-24, 22-2"])
def test_shifts_that_were_meant_otherwise_or_overlap_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        with_nights([read_shifts(text)] * 7)
    assert refused.value.remedy
