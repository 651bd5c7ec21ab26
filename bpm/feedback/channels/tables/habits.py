"""How a column writes its dates, learned from its first rows: one column has one order and one zone."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo

from bpm.feedback.channels.values.dates import is_day_count, is_filler, read_date
from bpm.feedback.channels.values.day_numbers import order_of, possible_orders
from bpm.feedback.channels.values.moments import DateError, Habit
from bpm.feedback.channels.values.zones import AmbiguousZoneError, zone_of

_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?![\d/-])")
_IN_HEADING = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]\s*$|[\s_-](utc|gmt)$|(?<=[a-z])(UTC|Utc|GMT)$", re.IGNORECASE)


def learn(
    values: Iterable[str], said: Habit, *, zone: tzinfo | None, others: Sequence[str] = (), first_day: int = 0
) -> Habit:
    """The habit of a column with these values; `said` are the options, which win, `others` what other columns hold.

    `first_day` is the file's (see `Habit`).
    """
    cells = [cell for cell in values if not is_filler(cell)]
    counts = sum(1 for cell in cells if is_day_count(cell))
    order = said.order or order_in(cells) or order_in(others)
    serial = bool(counts) and counts + sum(1 for cell in cells if _is_date(cell)) >= len(cells) * 0.8
    return Habit(order, said.zone or zone, serial=serial, first_day=first_day)


def order_in(cells: Iterable[str]) -> str:
    """The order that the dates among these cells can only have; empty when they tell none, or two about as often."""
    votes: Counter[str] = Counter()
    years_first = []
    for cell in cells:
        for match in _NUMBERS.finditer(cell[:60]) if cell[:1].isdigit() or cell[-1:].isdigit() else ():
            parts, mark = (match[1], match[3], match[4]), match[2]
            if mark != "." and (order := order_of(parts, mark)) and len(set(parts[:2])) > 1:
                votes[order] += 1
            if "ymd" in possible_orders(parts, mark):
                years_first.append(parts)
    if len(years_first) > 1 and not votes["mdy"] and _years_come_first(years_first):
        return "ymd"
    [*best] = votes.most_common(2)
    if not best or (len(best) == 2 and best[1][1] * 10 > best[0][1]):
        return ""
    return best[0][0]


def _years_come_first(parts: Sequence[tuple[str, str, str]]) -> bool:
    """Two digits that stay the same in front of two that go through the month."""
    return len({first for first, _, _ in parts}) == 1 < len({last for _, _, last in parts})


def _is_date(cell: str) -> bool:
    try:
        read_date(cell, Habit(order="dmy"))
    except DateError:
        return False
    return True


def zone_in_heading(heading: str) -> tzinfo | None:
    """The zone that a heading tells: `Submit Date (UTC)`, `created_at_utc`, `Date (GMT+1)`."""
    match = _IN_HEADING.search(heading[-60:])
    if match is None:
        return None
    try:
        return zone_of(match[1] or match[2] or match[3])
    except AmbiguousZoneError:
        return None


def zone_named(name: str) -> tzinfo | None:
    """The zone of that name, None when it is none."""
    try:
        return zone_of(name) if name else None
    except AmbiguousZoneError:
        return None


def first_without_zone(cells: Sequence[str], habit: Habit) -> int | None:
    """Which of these cells is the first that tells a time and no zone; None when the column's zone is known."""
    if habit.zone is not None:
        return None
    for place, cell in enumerate(cells):
        try:
            found = read_date(cell, replace(habit, zone=None))
        except DateError:
            continue
        if found.timed and not found.zoned:
            return place
    return None
