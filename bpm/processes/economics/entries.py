"""What was spent, one entry for each work, pass, contact and gesture of a day, in columns; every sum is one over them.

Amounts are exact until they are rounded, all together, to whole cents. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bpm.processes.daybook.columns import Ints, distinct

UNITS = 100
"""Units of money in a cent: amounts have at most four decimals."""
MS_OF_HOUR = 3_600_000
WHOLE = UNITS * MS_OF_HOUR
"""Parts of a cent that remainders are counted in."""


class What(IntEnum):
    """What money went for."""

    TIME = 0
    EVENT = 1
    CONTACT = 2
    GOODWILL = 3


@dataclass(frozen=True)
class Entries:
    """Columns of equal length; words by their place in those of the daybook, 0 for no case and no item.

    `floor` are whole cents, `rest` is what is left of the exact amount in parts of a cent (`WHOLE`); `cents` are its
    part of the rounded whole.
    """

    what: Ints
    case: Ints
    version: Ints
    element: Ints
    group: Ints
    side: Ints
    channel: Ints
    item: Ints
    conversation: Ints
    """That of the item."""
    ms: Ints
    times: Ints
    rated: Ints
    """0: work of a group without a rate; its hours are known, its cost is not."""
    floor: Ints
    rest: Ints
    cents: Ints

    def __len__(self) -> int:
        return len(self.what)

    def those(self, chosen: npt.NDArray[np.bool_] | Ints) -> "Entries":
        """Only the chosen ones, in that order."""
        return Entries(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def rounded(self) -> "Entries":
        """The same with their cents, which sum up to the rounded whole (see `cents.whole_cents`)."""
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        return Entries(**{**columns, "cents": share_remainders(self.floor, self.rest, WHOLE)})


COLUMNS = tuple(each.name for each in fields(Entries))


def entries_of(count: int, **columns: Ints | int) -> Entries:
    """So many entries; columns that are not said are 0, one number stands for all."""
    return Entries(**{name: np.zeros(count, dtype=np.int64) + columns.get(name, 0) for name in COLUMNS})


def together(parts: Sequence[Entries]) -> Entries:
    """All of them, in this order."""
    return Entries(*(np.concatenate([getattr(each, name) for each in parts]) for name in COLUMNS))


def share_remainders(floor: Ints, rest: Ints, whole: int) -> Ints:
    """Floors and remainders in parts of `whole`, rounded so that the sum is the rounded exact sum (Hamilton)."""
    left = int(rest.sum())
    missing = (2 * left + whole) // (2 * whole)
    found = floor.copy()
    if missing:
        least = np.partition(rest, len(rest) - missing)[len(rest) - missing]
        above = rest > least
        found[above] += 1
        found[np.flatnonzero(rest == least)[: missing - int(above.sum())]] += 1
    return found


def of_time(ms: Ints, units: Ints) -> tuple[Ints, Ints]:
    """(floor, rest) of milliseconds at so many units an hour; exact for any amount that a plan may hold."""
    hours, over = ms // MS_OF_HOUR, ms % MS_OF_HOUR
    small = over * units
    exact = hours * units + small // MS_OF_HOUR
    return exact // UNITS, exact % UNITS * MS_OF_HOUR + small % MS_OF_HOUR


def of_units(units: Ints) -> tuple[Ints, Ints]:
    """(floor, rest) of an amount."""
    return units // UNITS, units % UNITS * MS_OF_HOUR


def units_of(amount: Decimal) -> int:
    return int(amount * 100 * UNITS)


@dataclass(frozen=True)
class Sum:
    """Entries together; amounts are whole cents."""

    cents: int = 0
    seconds: float = 0.0
    time: int = 0
    events: int = 0
    contacts: int = 0
    goodwill: int = 0
    entries: int = 0
    """A task counts once for each day that it was worked on."""

    @property
    def hours(self) -> float:
        return self.seconds / 3600


def sums_by(entries: Entries, key: Ints) -> dict[int, Sum]:
    """{key: sum of its entries}, the dearest first."""
    keys, place = distinct(key)

    def total(column: Ints) -> list[int]:
        sums = np.zeros(len(keys), dtype=np.int64)
        np.add.at(sums, place, column)
        return [int(each) for each in sums]

    parts = [total(np.where(entries.what == what, entries.cents, 0)) for what in What]
    columns = zip(total(entries.cents), total(entries.ms), *parts, total(entries.times), strict=True)
    found = {
        int(each): Sum(cents, ms / 1000, time, events, contacts, goodwill, count)
        for each, (cents, ms, time, events, contacts, goodwill, count) in zip(keys, columns, strict=True)
    }
    return dict(sorted(found.items(), key=lambda pair: -pair[1].cents))
