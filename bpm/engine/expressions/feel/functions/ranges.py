"""FEEL's functions of ranges and points: how they lie to each other.

Source: OMG DMN 1.5 §10.3.4.9 (table 78), after Allen's interval algebra; `range("[1..3]")` is of §10.3.4.1.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bpm.engine.expressions.feel.functions.texts_and_numbers import Function
from bpm.engine.expressions.feel.values.type_names import to_number
from bpm.engine.expressions.feel.values.values import Range, alike, to_date, to_datetime, to_duration, to_time


def _order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None where the two cannot be compared."""
    pair = alike(left, right)
    if pair is None or isinstance(pair[0], bool | list | dict):
        return None
    return bool(pair[0] > pair[1]) - bool(pair[0] < pair[1])


class _Incomparable(Exception):  # noqa: N818 -- never leaves this file
    pass


def _than(left: Any, right: Any) -> int:
    order = _order(left, right)
    if order is None:
        raise _Incomparable
    return order


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value, low_included=True, high_included=True)


def _before(left: Range, right: Range) -> bool:
    order = _than(left.high, right.low)
    return order < 0 or (order == 0 and not (left.high_included and right.low_included))


def _meets(left: Range, right: Range) -> bool:
    return left.high_included and right.low_included and _than(left.high, right.low) == 0


def _overlaps(left: Range, right: Range) -> bool:
    return not _before(left, right) and not _before(right, left)


def _starts_earlier(left: Range, right: Range) -> bool:
    order = _than(left.low, right.low)
    return order < 0 or (order == 0 and left.low_included and not right.low_included)


def _ends_earlier(left: Range, right: Range) -> bool:
    order = _than(left.high, right.high)
    return order < 0 or (order == 0 and not left.high_included and right.high_included)


def _same_start(left: Range, right: Range) -> bool:
    return _than(left.low, right.low) == 0 and left.low_included is right.low_included


def _same_end(left: Range, right: Range) -> bool:
    return _than(left.high, right.high) == 0 and left.high_included is right.high_included


def _overlaps_before(left: Range, right: Range) -> bool:
    return _starts_earlier(left, right) and _overlaps(left, right) and not _ends_earlier(right, left)


def _overlaps_after(left: Range, right: Range) -> bool:
    return _ends_earlier(right, left) and _overlaps(left, right) and not _starts_earlier(left, right)


def _includes(left: Range, right: Range) -> bool:
    return not _starts_earlier(right, left) and not _ends_earlier(left, right)


def _starts(left: Range, right: Range) -> bool:
    return _same_start(left, right) and not _ends_earlier(right, left)


def _finishes(left: Range, right: Range) -> bool:
    return _same_end(left, right) and not _starts_earlier(left, right)


def _related(holds: Callable[[Range, Range], bool], *, ranges: tuple[bool, bool] = (False, False)) -> Function:
    """`ranges` says which of the two must be a range; null where one is none, or they cannot be compared."""

    def related(left: Any, right: Any) -> bool | None:
        if any(needed and not isinstance(each, Range) for needed, each in zip(ranges, (left, right), strict=True)):
            return None
        if left is None or right is None:
            return None
        try:
            return holds(_as_range(left), _as_range(right))
        except _Incomparable:
            return None

    return related


def _swapped(holds: Callable[[Range, Range], bool]) -> Callable[[Range, Range], bool]:
    return lambda left, right: holds(right, left)


_BOTH = (True, True)
_FIRST = (True, False)
_SECOND = (False, True)
_WRITTEN = re.compile(r"""\s*([\[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\[\])])\s*""", re.DOTALL)


def _range(text: Any) -> Range | None:
    """`[1..3]`, `("a".."c"]`, `[2026-01-01..2026-01-31]` and `[date("2026-01-01")..date("2026-01-31")]` as texts."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    low, high = _bound(found[2]), _bound(found[3])
    if (low is None and found[2]) or (high is None and found[3]) or low is high is None:
        return None
    if low is not None and high is not None and _order(low, high) not in (-1, 0):
        return None
    if (low is None and found[1] == "[") or (high is None and found[4] == "]"):
        return None
    return Range(low, high, low_included=found[1] == "[", high_included=found[4] == "]")


_CALLED = re.compile(r"""(?:date|time|date and time|duration)\s*\(\s*"([^"]*)"\s*\)|@"([^"]*)\"""")


def _bound(text: str) -> Any:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if called := _CALLED.fullmatch(text):
        text = called[1] or called[2] or ""
    for read in (to_number, to_date, to_datetime, to_time, to_duration):
        if (value := read(text)) is not None:
            return value
    return None


RANGES: Mapping[str, Function] = {
    "range": _range,
    "before": _related(_before),
    "after": _related(_swapped(_before)),
    "meets": _related(_meets, ranges=_BOTH),
    "met_by": _related(_swapped(_meets), ranges=_BOTH),
    "overlaps": _related(_overlaps, ranges=_BOTH),
    "overlaps_before": _related(_overlaps_before, ranges=_BOTH),
    "overlaps_after": _related(_overlaps_after, ranges=_BOTH),
    "finishes": _related(_finishes, ranges=_SECOND),
    "finished_by": _related(_swapped(_finishes), ranges=_FIRST),
    "includes": _related(_includes, ranges=_FIRST),
    "during": _related(_swapped(_includes), ranges=_SECOND),
    "starts": _related(_starts, ranges=_SECOND),
    "started_by": _related(_swapped(_starts), ranges=_FIRST),
    "coincides": _related(lambda left, right: _same_start(left, right) and _same_end(left, right)),
}
