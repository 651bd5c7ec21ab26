"""Business calendars: when people work, and how much of their time has gone by."""

from bpm.calendars.calendar import ALWAYS, Calendar, Week, from_plain, read_hours, to_plain, write_hours
from bpm.calendars.public_holidays import countries
from bpm.calendars.service_time import add, between
from bpm.calendars.store import (
    EVERYBODY,
    NamedCalendar,
    calendars_of,
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
    "countries",
    "from_plain",
    "get_calendar",
    "list_calendars",
    "read_hours",
    "remove_calendar",
    "save_calendar",
    "to_plain",
    "write_hours",
]
