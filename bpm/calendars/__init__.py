"""Business calendars: when people work, and how much of their time has gone by."""

from bpm.calendars.calendar import (
    ALWAYS,
    Calendar,
    Week,
    from_plain,
    read_hours,
    read_shifts,
    to_plain,
    with_nights,
    write_hours,
)
from bpm.calendars.places import country_names, region_names
from bpm.calendars.public_holidays import countries, next_holidays
from bpm.calendars.service_time import add, between, open_spans
from bpm.calendars.store import (
    EVERYBODY,
    NamedCalendar,
    calendars_of,
    company_calendar,
    get_calendar,
    list_calendars,
    remove_calendar,
    save_calendar,
)

__all__ = [
    "ALWAYS",
    "EVERYBODY",
    "Calendar",
    "NamedCalendar",
    "Week",
    "add",
    "between",
    "calendars_of",
    "company_calendar",
    "countries",
    "country_names",
    "from_plain",
    "get_calendar",
    "list_calendars",
    "next_holidays",
    "open_spans",
    "read_hours",
    "read_shifts",
    "region_names",
    "remove_calendar",
    "save_calendar",
    "to_plain",
    "with_nights",
    "write_hours",
]
