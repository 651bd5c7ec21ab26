"""FEEL's types: whether a value is of one, and values made to fit where the standard converts them.

Source: OMG DMN 1.5 §10.3.2.9 (type system, conversions), §7.3.2 and §7.3.3 (item definitions).
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bpm.engine.expressions.feel.tree import Type
from bpm.engine.expressions.feel.values.iso8601 import Stamp
from bpm.engine.expressions.feel.values.type_names import typed
from bpm.engine.expressions.feel.values.values import Months, Range, is_number

SIMPLE = frozenset(
    ["number", "string", "boolean", "date", "time", "date and time", "days and time duration",
     "years and months duration", "Any", "Null", "list", "context", "range", "function"]
)  # fmt: skip
_OTHER_NAMES = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration", "integer": "number", "double": "number", "long": "number",
    **dict.fromkeys(("decimal", "float", "short", "int"), "number"), "any": "Any", "null": "Null",
}  # fmt: skip


def is_type(name: str) -> bool:
    return name in SIMPLE or name in _OTHER_NAMES


def fits(value: Any, kind: Type, known: Mapping[str, Type]) -> bool:
    """Whether a value conforms to a type; null conforms to every type but to be one it must be Null."""
    name = _OTHER_NAMES.get(kind.name, kind.name)
    if name not in SIMPLE:
        return name in known and fits(value, known[name], known)
    if value is None:
        return name == "Null"
    return name == "Any" or (_is_simple(value, name) and _has_parts(value, kind, known))


def _is_simple(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, datetime):
        return name == "date and time" or (name == "date" and isinstance(value, Stamp))
    if name == "number":
        return is_number(value)
    if name == "function":
        return callable(getattr(value, "call", None))
    return isinstance(value, _KINDS.get(name, ()))


_KINDS: dict[str, Any] = {
    "string": str, "date": date, "time": time, "days and time duration": timedelta,
    "years and months duration": Months, "list": list, "context": dict, "range": Range,
}  # fmt: skip


def _has_parts(value: Any, kind: Type, known: Mapping[str, Type]) -> bool:
    def inner(part: Any, of: Type) -> bool:
        return part is None or fits(part, of, known)

    if not kind.parts:
        return True
    if isinstance(value, list):
        return all(inner(item, kind.parts[0]) for item in value)
    if isinstance(value, Range):
        return all(inner(bound, kind.parts[0]) for bound in (value.low, value.high))
    if isinstance(value, dict):
        return all(name in value and inner(value[name], of) for name, of in zip(kind.names, kind.parts, strict=False))
    if kind.name == "function" and hasattr(value, "parameters"):
        return len(value.parameters) == len(kind.parts) - 1
    return True


def read_as(value: Any, kind: Type, known: Mapping[str, Type]) -> Any:
    """A JSON value as a type says: texts of forms that are numbers, dates or durations become such, at any depth."""
    for _step in range(10):
        if kind.name not in known:
            break
        kind = known[kind.name]
    if isinstance(value, list) and kind.name == "list" and kind.parts:
        return [read_as(item, kind.parts[0], known) for item in value]
    if isinstance(value, dict) and kind.parts and kind.name == "context":
        parts = dict(zip(kind.names, kind.parts, strict=True))
        return {name: read_as(item, parts[name], known) if name in parts else item for name, item in value.items()}
    return typed(value, kind.name)


def coerced(value: Any, kind: Type, known: Mapping[str, Type]) -> Any:
    """The value where it conforms: a list of one as the one, one as a list of it, a date as its midnight; else null."""
    if value is None or fits(value, kind, known):
        return value
    resolved = kind
    for _step in range(10):
        if resolved.name not in known:
            break
        resolved = known[resolved.name]
    name = _OTHER_NAMES.get(resolved.name, resolved.name)
    if name not in SIMPLE:
        return value  # Nobody said what such a value is.
    if name == "list" and not isinstance(value, list):
        return [value] if fits([value], resolved, known) else None
    if isinstance(value, list) and len(value) == 1 and name != "list":
        return coerced(value[0], kind, known)
    if name == "date and time" and type(value) is date:
        return datetime.combine(value, time())
    return None
