"""What was spent, one entry for each piece of work, event, contact and gesture; every sum is one over entries. Pure."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.plan import CostPlan, Side

Key = TypeVar("Key", bound=Hashable)
_HOUR = Decimal(3600)


class What(StrEnum):
    """What money went for."""

    TIME = "time"
    EVENT = "event"
    CONTACT = "contact"
    GOODWILL = "goodwill"


@dataclass(frozen=True)
class Place:
    """Where in which case: `process` is the key, `version` its number; empty for what belongs to no case."""

    case_id: int | None = None
    process: str = ""
    version: int = 0
    element: str = ""
    group: str = ""
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """`amount` is exact; `cents` is its part of the rounded whole. `item_id` names the item for good."""

    what: What
    amount: Decimal
    place: Place
    side: Side
    seconds: float = 0.0
    channel: str = ""
    item_id: int | None = None
    unrated: bool = False
    """Work of a group without a rate: its hours are known, its cost is not."""
    cents: int = 0


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

    @property
    def hours(self) -> float:
        return self.seconds / 3600


def time_entry(place: Place, start: datetime, seconds: float, plan: CostPlan, channel: str = "") -> Entry:
    """Working time at the rate of its group on the day it began."""
    rate = plan.rate(place.group, start.date())
    exact = Decimal(round(seconds * 1000)) / 1000
    amount = exact * rate.per_hour / _HOUR if rate else Decimal(0)
    return Entry(What.TIME, amount, place, rate.side if rate else Side.SERVICE, seconds, channel, unrated=rate is None)


def rounded(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same with their cents, which sum up to the rounded whole."""
    cents = whole_cents([each.amount for each in entries])
    return tuple(replace(entry, cents=each) for entry, each in zip(entries, cents, strict=True))


def total(entries: Iterable[Entry]) -> Sum:
    """All of them together."""
    listed = list(entries)

    def of(what: What) -> int:
        return sum(each.cents for each in listed if each.what is what)

    return Sum(
        cents=sum(each.cents for each in listed),
        seconds=sum(each.seconds for each in listed),
        time=of(What.TIME),
        events=of(What.EVENT),
        contacts=of(What.CONTACT),
        goodwill=of(What.GOODWILL),
        entries=len(listed),
    )


def grouped(entries: Iterable[Entry], by: Callable[[Entry], Key]) -> dict[Key, Sum]:
    """Sums by what `by` says, the dearest first."""
    apart: dict[Key, list[Entry]] = {}
    for each in entries:
        apart.setdefault(by(each), []).append(each)
    sums = [(key, total(some)) for key, some in apart.items()]
    return dict(sorted(sums, key=lambda pair: (-pair[1].cents, str(pair[0]))))
