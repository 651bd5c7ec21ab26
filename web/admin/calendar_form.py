"""A calendar as a form shows and sends it: hours of each weekday, holidays of a place, days of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from bpm import calendars
from bpm.calendars import Calendar, Week
from bpm.calendars.calendar import Intervals
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
MOST_WEEKS = 12
"""Weeks that hold from a date on."""
USUAL = ("09:00-17:00",) * 5 + ("", "")


@dataclass(frozen=True)
class WeekFields:
    """The hours of a week as written, Monday first, and the day from which they hold."""

    since: str
    days: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.since and not any(self.days)


@dataclass(frozen=True)
class CalendarFields:
    """What the form shows, readable or not."""

    name: str = ""
    zone: str = "UTC"
    country: str = ""
    region: str = ""
    weeks: tuple[WeekFields, ...] = (WeekFields("", USUAL),)
    own_days: str = ""
    groups: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)
    """{name of an input: what is wrong with it}"""


def fields_of(name: str, calendar: Calendar, groups: frozenset[str]) -> CalendarFields:
    """A calendar that is kept, to be changed."""
    weeks = tuple(
        WeekFields(
            "" if week.valid_from == date.min else f"{week.valid_from}", tuple(map(calendars.write_hours, week.days))
        )
        for week in calendar.weeks
    )
    own = {f"{day}": "" for day in calendar.closed} | {
        f"{day}": calendars.write_hours(hours) for day, hours in calendar.open
    }
    lines = "\n".join(f"{day} {hours}".strip() for day, hours in sorted(own.items()))
    return CalendarFields(name, calendar.zone, calendar.country, calendar.region, weeks, lines, groups)


def sent_fields(sent: MultiDict[str, str]) -> CalendarFields:
    """What came with the form, as it was written."""
    numbers = [number for number in range(MOST_WEEKS + 1) if f"week-{number}-0" in sent]
    weeks = tuple(
        WeekFields(
            sent.get(f"week-{number}-from", "").strip(),
            tuple(sent.get(f"week-{number}-{day}", "").strip() for day in range(7)),
        )
        for number in numbers
    )
    country = sent.get("country", "")
    regions = dict(calendars.region_names(country)) if country else {}
    region = sent.get("region", "")
    return CalendarFields(
        name=sent.get("name", ""), zone=sent.get("zone", ""), country=country,
        region=region if region in regions else "",
        weeks=tuple(each for number, each in enumerate(weeks) if number == 0 or not each.is_empty),
        own_days=sent.get("own_days", ""), groups=frozenset(sent.getlist("groups")),
    )  # fmt: skip


def read_calendar(fields: CalendarFields) -> tuple[Calendar, dict[str, str]]:
    """The calendar of the fields, and what of them cannot be read: {name of an input: what is wrong with it}."""
    errors: dict[str, str] = {}
    weeks = sorted(
        (_week(number, each, errors) for number, each in enumerate(fields.weeks)), key=lambda week: week.valid_from
    )
    closed, opened = _own_days(fields.own_days, errors)
    calendar = Calendar(
        zone=fields.zone, weeks=tuple(weeks), country=fields.country, region=fields.region,
        closed=frozenset(closed), open=tuple(sorted(opened.items())),
    )  # fmt: skip
    return calendar, errors


def _week(number: int, written: WeekFields, errors: dict[str, str]) -> Week:
    since = _day(written.since)
    if written.since and since is None:
        errors[f"week-{number}-from"] = _("Write the day as 2026-12-31.")
    if number and not written.since:
        errors[f"week-{number}-from"] = _("Say from which day on these hours hold.")
    days = [_shifts(f"week-{number}-{day}", text, errors) for day, text in enumerate(written.days)]
    try:
        return Week(calendars.with_nights(days), since or date.min)
    except InvalidInputError as error:
        errors[f"week-{number}-0"] = f"{error.message} {error.remedy}"
        return Week(tuple(own for own, _night in days), since or date.min)


def _shifts(name: str, text: str, errors: dict[str, str]) -> tuple[Intervals, Intervals]:
    try:
        return calendars.read_shifts(text)
    except InvalidInputError as error:
        errors[name] = f"{error.message} {error.remedy}"
        return (), ()


def _hours(name: str, text: str, errors: dict[str, str]) -> Intervals:
    try:
        return calendars.read_hours(text)
    except InvalidInputError as error:
        errors[name] = f"{error.message} {error.remedy}"
        return ()


def _own_days(text: str, errors: dict[str, str]) -> tuple[set[date], dict[date, Intervals]]:
    """(closed days, days with hours of their own), a day on each line; the first line that cannot be read is named."""
    closed, opened = set[date](), dict[date, Intervals]()
    for number, line in enumerate(text.splitlines(), 1):
        written, _space, hours = line.strip().partition(" ")
        if not written:
            continue
        day, wrong = _day(written), dict[str, str]()
        read = _hours("own_days", hours.strip(), wrong)
        if day is None:
            wrong["own_days"] = _("%(text)s is no day: write it as 2026-12-31.") % {"text": written}
        if wrong:
            errors.setdefault("own_days", _("Line %(number)s: %(why)s") % {"number": number, "why": wrong["own_days"]})
        elif read:
            opened[day or date.min] = read
        else:
            closed.add(day or date.min)
    return closed, opened


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
