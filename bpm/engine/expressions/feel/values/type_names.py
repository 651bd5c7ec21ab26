"""The types that columns and variables name, and texts of forms and messages read as such.

Source: OMG DMN 1.5 §7.3.2 (types); the names that Camunda and Flowable use beside FEEL's.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bpm.engine.expressions.feel.values.iso8601 import to_day_or_stamp
from bpm.engine.expressions.feel.values.values import DIGITS, tidy, to_datetime, to_duration, to_time


def typed(value: Any, type_ref: str) -> Any:
    """An input as its column says: texts that are numbers, yes or no, dates or durations in a form or message."""
    if not isinstance(value, str):
        return value
    kind = type_ref.rpartition(":")[2].rpartition("}")[2]
    read = _TYPES.get(kind)
    found = read(value) if read is not None else None
    return value if found is None else found


def to_number(text: str) -> int | Decimal | None:
    """`12` or `1.5e3`, exactly, or None."""
    text = text.strip()
    if len(text) > 60 or not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", text):
        return None
    return tidy(DIGITS.create_decimal(text))


_TYPES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("number", "integer", "long", "double", "decimal", "float", "short"), to_number),
    "boolean": {"true": True, "false": False}.get,
    "date": to_day_or_stamp,
    "dateTime": to_datetime,
    "date and time": to_datetime,
    "time": to_time,
    "duration": to_duration,
    "dayTimeDuration": to_duration,
    "yearMonthDuration": to_duration,
    "days and time duration": to_duration,
    "years and months duration": to_duration,
}
