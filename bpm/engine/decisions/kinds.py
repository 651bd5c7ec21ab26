"""The types that columns, variables and `instance of` name, and texts of forms and messages read as such.

Source: OMG DMN 1.5 §7.3.2 (types), §10.3.2.9 (instance of); the names that Camunda and Flowable use beside FEEL's.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpm.engine.decisions.values import DIGITS, Months, Range, tidy, to_datetime, to_duration, to_time
from bpm.engine.expressions.feel.iso8601 import to_day_or_stamp


def instance_of(value: Any, kind: str) -> bool:
    """Whether a value is of one of FEEL's simple types."""
    if isinstance(value, bool | datetime):
        return kind == ("boolean" if isinstance(value, bool) else "date and time")
    return isinstance(value, KINDS[kind])


KINDS: dict[str, Any] = {
    "number": int | float | Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "date and time": datetime,
    "time": time,
    "days and time duration": timedelta,
    "years and months duration": Months,
    "context": dict,
    "list": list,
    "range": Range,
}


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
