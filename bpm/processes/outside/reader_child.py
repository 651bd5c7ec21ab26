"""The child process that reads logs: a file is opened by its path, its rows are sent batch by batch.

1. A request is one frame of JSON: path, format, zone, order. Every batch is one frame (`r`), the end is `e`.
2. `f` says why the file as a whole cannot be read any further. Each batch has its own bound of processor time.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from bpm.feedback.channels import reason_of
from bpm.feedback.channels.values.moments import Habit
from bpm.feedback.channels.values.zones import zone_of
from bpm.feedback.intake.decompress import DAMAGED, open_content
from bpm.feedback.limits import READ_MEMORY
from bpm.foundation.bounded_child import bound_cpu, bound_memory, frames, read_frame, write_frame
from bpm.foundation.errors import InvalidInputError
from bpm.processes.outside.csv_rows import csv_rows
from bpm.processes.outside.rows import LogRow, to_plain
from bpm.processes.outside.xes_rows import xes_rows

READERS: Mapping[str, Callable[[BinaryIO, Habit], Iterator[LogRow]]] = {"csv": csv_rows, "xes": xes_rows}
BATCH = 1_000
SECONDS = 20.0
"""Processor time of one batch."""


def main() -> None:
    """Serve requests until standard input ends."""
    bound_memory(READ_MEMORY)
    requests, answers = frames()
    while (frame := read_frame(requests)) is not None:
        request = orjson.loads(frame)
        try:
            _read(request, answers)
        except InvalidInputError as error:
            _say(answers, {"message": error.message, "remedy": error.remedy, "place": error.place})
        except DAMAGED as error:
            _say(answers, {"message": f"The file is damaged: {error}.", "remedy": "Save it again.", "place": ""})
        except Exception as error:  # noqa: BLE001 -- foreign bytes find faults that nobody foresaw
            _say(answers, {"message": reason_of(error), "remedy": "", "place": ""})
        finally:
            bound_cpu(0)
        write_frame(answers, b"e")


def _say(answers: BinaryIO, problem: Mapping[str, Any]) -> None:
    write_frame(answers, b"f" + orjson.dumps(problem))


def _read(request: Mapping[str, Any], answers: BinaryIO) -> None:
    habit = Habit(order=request["order"], zone=zone_of(request["zone"]) if request["zone"] else None)
    with Path(request["path"]).open("rb") as file:
        content, _done = open_content(file)
        rows = READERS[request["format"]](content, habit)
        bound_cpu(SECONDS)
        while batch := list(islice(rows, BATCH)):
            bound_cpu(0)
            write_frame(answers, b"r" + orjson.dumps([to_plain(row) for row in batch]))
            bound_cpu(SECONDS)


if __name__ == "__main__":
    main()
