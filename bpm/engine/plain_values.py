"""Which values can be kept as they are: JSON with finite numbers and text that every database takes."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import orjson

from bpm.foundation.errors import ExpressionError

_STRICT = json.JSONEncoder(allow_nan=False)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL character as JSON writes it, and not a backslash that happens to stand before `u0000`."""


def problem_of(value: Any) -> str:
    """Why `value` cannot be kept, in plain words and with the place in it; nothing if it can.

    orjson writes NaN and Infinity as null without a word: where it wrote one, numbers are looked at on their own.
    """
    try:
        text = orjson.dumps(value)
        if b"null" in text:
            _STRICT.encode(value)
    except TypeError as error:
        return f"it is no plain JSON: {error}"
    except ValueError:
        return _unfinite(value)
    except RecursionError:
        return "it is nested too deeply"
    return "a text in it holds a NUL character" if b"\\u0000" in text and _NUL.search(text) else ""


def is_finite(value: Any) -> bool:
    """Whether a value, itself and not what it may hold, is anything but NaN or an infinite number."""
    return not isinstance(value, float) or math.isfinite(value)


def _unfinite(value: Any) -> str:
    for place, number in _numbers(value, ""):
        return f"{_named(number)}{f' at {place}' if place else ''} is no number that can be kept"
    return "a number in it cannot be kept"


def _named(number: float) -> str:
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _numbers(value: Any, place: str) -> Iterator[tuple[str, float]]:
    """Every number in `value` that is not finite, with its place as `order.lines[2]`."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _numbers(each, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for position, each in enumerate(value):
            yield from _numbers(each, f"{place}[{position}]")
    elif not is_finite(value):
        yield place[:200], value


def storable(value: Any) -> None:
    """Raise ExpressionError for what could not be saved as it is: only JSON with finite numbers and text keys can."""
    if problem := problem_of(value):
        raise ExpressionError(
            f"A value cannot be stored: {problem}.",
            remedy="Keep to text, finite numbers, true/false, lists and named values.",
        )


def weight(value: Any, limit: int) -> int:
    """Items of a nested value, counted no further than `limit`; a long text counts as several."""
    total, waiting = 0, [value]
    while waiting and total <= limit:
        item = waiting.pop()
        total += 1
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list | tuple | set):
            waiting.extend(item)
        elif isinstance(item, str):
            total += len(item) // 64
    return total
