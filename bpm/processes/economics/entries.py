"""What was spent, one entry for each work, pass, contact and gesture of a day, in columns; every sum is one over them.

Amounts are exact until they are rounded, all together, to whole cents. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import IntEnum
from functools import cached_property

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
        return replace(self, cents=share_remainders(self.floor, self.rest, WHOLE))

    @cached_property
    def on_cases(self) -> "Entries":
        """Those of cases."""
        return self.those(self.case > 0)


COLUMNS = tuple(each.name for each in fields(Entries))


NEEDED = frozenset(("case", "item", "floor", "rest"))
"""What tells the cents of cases and items; the other columns tell what they are for."""


def entries_of(count: int, **columns: Ints | int) -> Entries:
    """So many entries; columns that are not said are 0, one number stands for all."""
    return Entries(**{name: np.broadcast_to(np.asarray(columns.get(name, 0)), (count,)) for name in COLUMNS})


def together(parts: Sequence[Entries], names: Collection[str] = COLUMNS) -> Entries:
    """All of them, in this order; columns that are not among the names are 0."""
    return entries_of(
        sum(len(each) for each in parts),
        **{name: np.concatenate([getattr(each, name) for each in parts]) for name in names},
    )


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


def totals_at(place: Ints, column: Ints, count: int) -> Ints:
    """Sums of the numbers at each of so many places, exact up to 2^53."""
    return np.bincount(place, weights=column, minlength=count).astype(np.int64)


def sums_by(entries: Entries, key: Ints) -> dict[int, Sum]:
    """{key: sum of its entries}, the dearest first."""
    keys, place = distinct(key)
    kinds = totals_at(place * len(What) + entries.what, entries.cents, len(keys) * len(What)).reshape(-1, len(What))

    def total(column: Ints) -> list[int]:
        found: list[int] = totals_at(place, column, len(keys)).tolist()
        return found

    parts = [kinds[:, what].tolist() for what in What]
    columns = zip(kinds.sum(axis=1).tolist(), total(entries.ms), *parts, total(entries.times), strict=True)
    found = {
        int(each): Sum(cents, ms / 1000, time, events, contacts, goodwill, count)
        for each, (cents, ms, time, events, contacts, goodwill, count) in zip(keys, columns, strict=True)
    }
    return dict(sorted(found.items(), key=lambda pair: -pair[1].cents))
