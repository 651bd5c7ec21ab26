"""The formats of a log, by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bpm.processes.event_log.csv_file import as_csv
from bpm.processes.event_log.ocel import as_ocel
from bpm.processes.event_log.visits import Cases
from bpm.processes.event_log.xes import as_xes


@dataclass(frozen=True)
class LogFormat:
    """How a log is written, chunk by chunk, and what its file is called."""

    written: Callable[[Cases], Iterator[bytes]]
    ending: str
    media_type: str


FORMATS: Mapping[str, LogFormat] = {
    "csv": LogFormat(as_csv, ".csv", "text/csv; charset=utf-8"),
    "xes": LogFormat(as_xes, ".xes", "application/xml"),
    "ocel": LogFormat(as_ocel, ".ocel.json", "application/json"),
}
