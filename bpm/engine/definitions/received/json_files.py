"""JSON as people write it: what cannot be read is told with its line, and a name that stands twice with its place."""

import json
from typing import Any

import orjson

from bpm.engine.definitions.received.problems import ProblemError, problem
from bpm.foundation.texts import _

LARGEST = 2_000_000
"""Bytes."""


def read_json(path: str, content: bytes) -> Any:
    """The value of a file; ProblemError says in which line it is no JSON."""
    if len(content) > LARGEST:
        message = _("It has %(number)s bytes; the limit is %(most)s.") % {"number": len(content), "most": LARGEST}
        raise ProblemError(problem(path, "json-too-large", message, _("Send a smaller file.")))
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = _("This is no JSON: line %(line)s, column %(column)s: %(why)s.") % {
            "line": error.lineno, "column": error.colno, "why": error.msg,
        }  # fmt: skip
        raise ProblemError(problem(path, "json-unreadable", message, _("Mend the file."), line=error.lineno)) from error
    if b"\\u0000" in content:
        message = _("A text in it holds a NUL character.")
        raise ProblemError(problem(path, "json-unreadable", message, _("Take it out.")))
    _check_names(path, content)
    return value


def _check_names(path: str, content: bytes) -> None:
    """A name that an object has twice would lose its first value without a word."""

    def look(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                message = _("The name %(name)r stands twice in one object.") % {"name": name[:100]}
                raise ProblemError(problem(path, "json-name-twice", message, _("Take one of them out.")))
            seen.add(name)

    try:
        json.loads(content, object_pairs_hook=look, parse_int=len, parse_float=len)
    except RecursionError as error:
        message = _("It is nested too deeply.")
        raise ProblemError(problem(path, "json-too-deep", message, _("Make it flatter."))) from error
