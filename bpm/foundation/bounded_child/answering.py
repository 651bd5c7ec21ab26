"""The child process behind `read_apart`: it imports the function that is named, calls it and sends what it gives."""

import importlib
from collections.abc import Callable
from typing import Any

import orjson

from bpm.foundation.bounded_child.inside import bound_cpu, bound_memory, frames, read_frame, write_frame
from bpm.foundation.errors import InvalidInputError, TooLargeError

MEMORY = 512 * 2**20
SECONDS = 5.0
"""Processor time of one reading."""


def main() -> None:
    """Serve requests until standard input ends: one frame says what is to be done, the next one is the file."""
    bound_memory(MEMORY)
    requests, answers = frames()
    while (frame := read_frame(requests)) is not None and (content := read_frame(requests)) is not None:
        request = orjson.loads(frame)
        reader = getattr(importlib.import_module(request["module"]), request["name"])
        bound_cpu(SECONDS)
        answer = _answer(reader, content, request)
        bound_cpu(0)
        write_frame(answers, answer)


def _answer(reader: Callable[..., Any], content: bytes, request: dict[str, Any]) -> bytes:
    try:
        return b"a" + orjson.dumps(reader(content, *request["args"], **request["kwargs"]))
    except InvalidInputError as error:
        told = {"message": error.message, "remedy": error.remedy, "place": error.place, "fields": error.fields}
        return (b"l" if isinstance(error, TooLargeError) else b"i") + orjson.dumps(told)
    except Exception as error:  # noqa: BLE001 -- foreign bytes find faults that nobody foresaw
        return b"w" + orjson.dumps(f"{type(error).__name__}: {str(error)[:200]}".rstrip(": "))


if __name__ == "__main__":
    main()
