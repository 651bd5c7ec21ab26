"""Business calendars: when people work, and how much of their time has gone by."""

from bpm.calendars.calendar import ALWAYS, Calendar, Week, from_plain, read_hours, to_plain, write_hours
from bpm.calendars.service_time import add, between

__all__ = ["ALWAYS", "Calendar", "Week", "add", "between", "from_plain", "read_hours", "to_plain", "write_hours"]
