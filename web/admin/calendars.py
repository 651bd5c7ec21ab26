"""Business calendars: listed, made, changed, given to groups, and tried before they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import calendars, identity
from bpm.calendars import Calendar, NamedCalendar
from bpm.calendars.calendar import demand_usable
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.admin.blueprint import blueprint
from web.admin.calendar_form import WEEKDAYS, CalendarFields, WeekFields, fields_of, read_calendar, sent_fields
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs

ASKED_HOURS = "4"
"""Hours of work that the preview adds where nobody asks for others."""
MOST_HOURS = 10_000


@dataclass(frozen=True)
class CalendarRow:
    id: int
    name: str
    zone: str
    holidays: str
    """The place whose public holidays are free, in words."""
    hours: float
    """Open hours of a week as they hold now."""
    groups: tuple[str, ...]


@dataclass(frozen=True)
class CalendarsPage:
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True)
class Preview:
    """What the calendar would mean."""

    holidays: tuple[tuple[str, str], ...] = ()
    """(day with its weekday, name) of the next ones."""
    ends: str = ""
    """When the asked hours of work, beginning now, end by the calendar's clock."""
    problem: str = ""


@dataclass(frozen=True)
class CalendarPage:
    id: int | None
    fields: CalendarFields
    weeks: tuple[WeekFields, ...]
    """Those of the fields, and an empty one for hours from a later day on."""
    weekdays: tuple[str, ...]
    zones: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str, str], ...]
    """(key, name, name of the other calendar that it works by)"""
    asked: str
    preview: Preview
    problem: str = ""


@blueprint.get("/calendars", endpoint="calendars")
@needs(Permission.ADMIN)
def list_all() -> str:
    names = {calendars.EVERYBODY: _("all other groups"), **_group_names(work())}
    today = work().now().date()
    rows = tuple(_row(each, names, today) for each in calendars.list_calendars(work()))
    return render("admin/calendars.html", CalendarsPage(rows))


def _group_names(unit: Work) -> dict[str, str]:
    return {group.key: group.name for group in identity.list_groups(unit)}


def _row(each: NamedCalendar, names: Mapping[str, str], today: date) -> CalendarRow:
    calendar = each.calendar
    country = dict(calendars.country_names()).get(calendar.country, calendar.country)
    region = dict(calendars.region_names(calendar.country)).get(calendar.region, calendar.region)
    valid = [week for week in calendar.weeks if week.valid_from <= today] or [calendar.weeks[0]]
    minutes = sum(until - start for day in valid[-1].days for start, until in day)
    place = ", ".join(part for part in (country, region) if part)
    groups = tuple(names.get(key, key) for key in each.groups)
    return CalendarRow(each.id, each.name, calendar.zone, place, minutes / 60, groups)


@blueprint.get("/calendars/new")
@needs(Permission.ADMIN)
def new_calendar() -> str:
    return render("admin/calendar.html", _page(work(), None, CalendarFields()))


@blueprint.get("/calendars/<int:calendar_id>")
@needs(Permission.ADMIN)
def calendar(calendar_id: int) -> str:
    found = calendars.get_calendar(work(), calendar_id)
    fields = fields_of(found.name, found.calendar, frozenset(found.groups))
    return render("admin/calendar.html", _page(work(), calendar_id, fields))


@blueprint.post("/calendars/preview")
@blueprint.post("/calendars/<int:calendar_id>/preview")
@needs(Permission.ADMIN)
def try_calendar(calendar_id: int | None = None) -> str:
    """The page as it stands for what was entered so far; nothing is kept."""
    return render("admin/calendar.html", _page(work(), calendar_id, sent_fields(request.form)))


@blueprint.post("/calendars")
@blueprint.post("/calendars/<int:calendar_id>")
@needs(Permission.ADMIN, proof=True)
def save_calendar(calendar_id: int | None = None) -> Response:
    fields = sent_fields(request.form)
    read, errors = read_calendar(fields)
    problem = _("Some fields cannot be read.") if errors else ""
    if not errors:
        try:
            calendars.save_calendar(work(), fields.name, read, groups=fields.groups, calendar_id=calendar_id)
        except (InvalidInputError, ConflictError) as error:
            problem, errors = f"{error.message} {error.remedy}", dict(getattr(error, "fields", {}) or {})
    if problem:
        page = _page(work(), calendar_id, replace(fields, errors=errors))
        return make_response(render("admin/calendar.html", replace(page, problem=problem)), 400)
    say(_("Saved. Due dates that stand already stay."))
    return go("admin.calendars")


@blueprint.post("/calendars/<int:calendar_id>/removal")
@needs(Permission.ADMIN, proof=True)
def remove_calendar(calendar_id: int) -> Response:
    name = calendars.remove_calendar(work(), calendar_id)
    say(_("%(name)s is gone: its groups work by the calendar of all other groups.") % {"name": name})
    return go("admin.calendars")


def _page(unit: Work, calendar_id: int | None, fields: CalendarFields) -> CalendarPage:
    read, errors = read_calendar(fields)
    asked = request.form.get("hours", ASKED_HOURS).strip()
    given = {key: each.name for each in calendars.list_calendars(unit) if each.id != calendar_id for key in each.groups}
    names = {calendars.EVERYBODY: _("All other groups, and tasks offered to anybody"), **_group_names(unit)}
    return CalendarPage(
        id=calendar_id,
        fields=replace(fields, errors={**errors, **fields.errors}),
        weeks=(*fields.weeks, WeekFields("", ("",) * 7)),
        weekdays=tuple(map(_, WEEKDAYS)),
        zones=tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC")),
        countries=calendars.country_names(),
        regions=calendars.region_names(fields.country),
        groups=tuple((key, name, given.get(key, "")) for key, name in names.items()),
        asked=asked,
        preview=_preview(read, errors, asked, now=unit.now()),
    )


def _preview(calendar: Calendar, errors: Mapping[str, str], asked: str, *, now: datetime) -> Preview:
    try:
        demand_usable(calendar)
        ends = calendars.add(calendar, now, timedelta(hours=_hours(asked)))
    except InvalidInputError as error:
        return Preview(problem=f"{error.message} {error.remedy}")
    zone = ZoneInfo(calendar.zone)
    found = calendars.next_holidays(calendar.country, calendar.region, since=now.astimezone(zone).date())
    return Preview(
        tuple((_with_weekday(day), name) for day, name in found),
        ends="" if errors else f"{_with_weekday(ends.astimezone(zone).date())} {ends.astimezone(zone):%H:%M %Z}",
    )


def _hours(text: str) -> float:
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= MOST_HOURS:
        raise InvalidInputError(_("This is no number of hours."), remedy=_("Write for example 4 or 7.5."))
    return hours


def _with_weekday(day: date) -> str:
    return f"{_(WEEKDAYS[day.weekday()])}, {day}"
