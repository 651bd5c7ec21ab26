"""Logs read through the bounded child, so that nothing foreign is parsed in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from bpm.foundation.bounded_child import BoundedChild, ChildLostError
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.outside.rows import LogRow, from_plain

PATIENCE = 20.0
WAIT = 60.0
"""Seconds of the clock for one batch."""
ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "csv", ".xes": "xes", ".xml": "xes"}

reader = BoundedChild("bpm.processes.outside.reader_child")


@dataclass(frozen=True)
class LogOptions:
    """How a log writes its times: IANA name of the zone of those that tell none, order of day and month."""

    zone: str = ""
    order: str = ""
    """dmy, mdy, ymd or empty: found out from the file."""


def format_of(file_name: str) -> str:
    """csv or xes, by the file's name; InvalidInputError for another one."""
    endings = [ending.casefold() for ending in Path(file_name).suffixes if ending.casefold() != ".gz"]
    found = ENDINGS.get(endings[-1]) if endings else None
    if found is None:
        raise InvalidInputError(
            _("%(name)s is neither CSV nor XES by its name.") % {"name": file_name},
            place=file_name,
            remedy=_("Export the log as .csv or .xes (also .gz)."),
        )
    return found


def read_log(path: Path, form: str, options: LogOptions) -> Iterator[list[LogRow]]:
    """The rows of the file, batch by batch; InvalidInputError where it cannot be read any further."""
    request = {"path": str(path), "format": form, "zone": options.zone, "order": options.order}
    try:
        with reader.conversation(patience=PATIENCE) as talk:
            talk.send(orjson.dumps(request))
            problem: InvalidInputError | None = None
            while (answer := talk.receive(WAIT))[:1] != b"e":
                if answer[:1] == b"r":
                    yield [from_plain(each) for each in orjson.loads(answer[1:])]
                else:
                    told = orjson.loads(answer[1:])
                    problem = InvalidInputError(told["message"], remedy=told["remedy"], place=told["place"])
            talk.over = True
    except ChildLostError as lost:
        raise InvalidInputError(
            _("Reading stopped: the process that read it was ended (%(why)s).") % {"why": lost.why},
            remedy=_("What came before is kept. Take out what is odd behind it and import the file again."),
        ) from None
    if problem is not None:
        raise problem
