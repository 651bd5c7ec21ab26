"""What cases lived through, as an event log that other tools read: CSV, XES and OCEL 2.0."""

from bpm.processes.event_log.formats import FORMATS, LogFormat
from bpm.processes.event_log.visits import Cases, LoggedCase, read_cases

__all__ = ["FORMATS", "Cases", "LogFormat", "LoggedCase", "read_cases"]
