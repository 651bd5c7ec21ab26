"""Lays the plan of costs over the daybook: what work, passes, contacts and gestures of a period cost."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bpm.foundation.work import Work
from bpm.processes.changes.marks import day_of
from bpm.processes.daybook.at_home import PUBLIC
from bpm.processes.daybook.columns import Ints, Table, distinct
from bpm.processes.daybook.keeping import Daybook
from bpm.processes.daybook.work_done import VersionLanes, lanes_of
from bpm.processes.economics.entries import COLUMNS, Entries, What, entries_of, of_time, of_units, together, units_of
from bpm.processes.economics.plan import CostPlan, EventCost, Side
from bpm.processes.economics.plans import get_plan

SIDES = tuple(Side)
PRICED_BY = ("version", "element", "group", "ms", "tasks", "passes")
"""What prices of work are told by."""
FREE, UNRATED = (0, SIDES.index(Side.SERVICE), 0), (0, SIDES.index(Side.SERVICE), 0)
"""(units, side, whether there is a price) of what has none."""


@dataclass
class Spender:
    """Reads the daybook at the prices of a plan, for as many periods as are asked for in one piece of work."""

    work: Work
    plan: CostPlan
    book: Daybook

    @cached_property
    def versions(self) -> dict[int, VersionLanes]:
        return lanes_of(self.work)

    def words(self, places: Ints) -> list[str]:
        """The words that those places stand for."""
        listed = self.book.words.listed
        return [listed[each] for each in places.tolist()]

    def spent(self, since: datetime, until: datetime, names: Collection[str] = COLUMNS) -> Entries:
        """What was spent in [since, until): whole days in UTC; with its cents.

        `names`: the columns that are asked for, `NEEDED` at least; the others are 0.
        """
        first, last = days_of(since, until)
        said = self.book.read("said", first, last)
        worked = self.book.read("worked", first, last, {*names, *PRICED_BY})
        return together(
            [*self.of_work(worked, names), self.of_contacts(said), self.of_gifts(self.book.read("given", first, last))],
            names,
        ).rounded()

    def of_work(self, worked: Table, names: Collection[str] = COLUMNS) -> tuple[Entries, Entries]:
        """Hours, and passes of elements that cost something by themselves; with the columns that are asked for."""
        return self._hours(worked, names), self._events(worked, names)

    def _hours(self, worked: Table, names: Collection[str]) -> Entries:
        held = _those(worked, worked["tasks"] > 0, {*names, "group", "on", "ms", "tasks"})
        units, side, rated = self._priced(held["group"], held["on"], self._rate)
        floor, rest = of_time(held["ms"], units)
        return entries_of(
            len(floor), what=What.TIME, **_case(held), group=held["group"], side=side, ms=held["ms"],
            times=held["tasks"], rated=rated, floor=floor, rest=rest,
        )  # fmt: skip

    def _events(self, worked: Table, names: Collection[str]) -> Entries:
        if not any(each.element for each in self.plan.events):
            return entries_of(0)
        place = worked["version"] * len(self.book.words.listed) + worked["element"]
        units, side, rated = self._priced(place, worked["on"], self._pass)
        chosen = (worked["passes"] > 0) & (rated > 0)
        passed = _those(worked, chosen, {*names, "passes"})
        floor, rest = of_units(units[chosen] * passed["passes"])
        return entries_of(
            len(floor), what=What.EVENT, **_case(passed), side=side[chosen], times=passed["passes"], rated=1,
            floor=floor, rest=rest, group=self.book.words.place(""),
        )  # fmt: skip

    def of_contacts(self, said: Table) -> Entries:
        """Each contact, by what one by its channel costs; those of channels without a cost, too, at nothing."""
        units, side, _rated = self._priced(said["channel"], said["on"], self._channel)
        floor, rest = of_units(units)
        return entries_of(len(floor), what=What.CONTACT, **_home(said), side=side, floor=floor, rest=rest)

    def of_gifts(self, given: Table) -> Entries:
        """Each gesture, at its full cost."""
        side = self.side_of_gift(given["side"])
        return entries_of(len(side), what=What.GOODWILL, **_home(given), side=side, floor=given["cents"])

    def side_of_gift(self, side: Ints) -> Ints:
        public, marketing, service = self.book.words.place(PUBLIC), Side.MARKETING, Side.SERVICE
        return np.where(side == public, SIDES.index(marketing), SIDES.index(service)).astype(np.int64)

    def _rate(self, group: int, day: date) -> tuple[int, int, int]:
        rate = self.plan.rate(self.book.words.listed[group], day)
        return (units_of(rate.per_hour), SIDES.index(rate.side), 1) if rate else UNRATED

    def _pass(self, place: int, day: date) -> tuple[int, int, int]:
        version, element = divmod(place, len(self.book.words.listed))
        lanes = self.versions.get(version)
        return _told(self.plan.of_element(lanes.key if lanes else "", self.book.words.listed[element], day))

    def _channel(self, channel: int, day: date) -> tuple[int, int, int]:
        return _told(self.plan.of_channel(self.book.words.listed[channel], day))

    def _priced(
        self, key: Ints, on: Ints, price: Callable[[int, date], tuple[int, int, int]]
    ) -> tuple[Ints, Ints, Ints]:
        """(units, side, whether there is a price) of each: asked once for each key and stretch of one plan."""
        begins = [each.valid_from for each in self.plan.rates] + [each.valid_from for each in self.plan.events]
        days = sorted({each.toordinal() for each in begins} | {1})
        if len(days) > 1:
            key = key * len(days) + np.searchsorted(np.array(days), on, side="right") - 1
        pairs, place = distinct(key)
        told = [
            price(int(pair) // len(days), date.fromordinal(days[int(pair) % len(days)])) for pair in pairs
        ]  # fmt: skip
        table = np.array(told or [FREE], dtype=np.int64)
        return table[place, 0], table[place, 1], table[place, 2]


def _told(cost: EventCost | None) -> tuple[int, int, int]:
    return (units_of(cost.cost), SIDES.index(cost.side), 1) if cost else FREE


def _those(table: Table, chosen: npt.NDArray[np.bool_], names: Collection[str]) -> Table:
    """The chosen rows of some columns."""
    every = bool(chosen.all())
    return {name: column if every else column[chosen] for name, column in table.items() if name in names}


def _case(table: Table) -> dict[str, Ints]:
    return {name: table[name] for name in ("case", "version", "element") if name in table}


def _home(table: Table) -> dict[str, Ints | int]:
    same = {name: table[name] for name in ("case", "channel", "item", "conversation")}
    return {**same, "version": table["home_version"], "element": table["home_element"], "times": 1, "rated": 1}


def spender(work: Work, plan: CostPlan | None = None) -> Spender:
    """Over the daybook as it is now, at the prices of the plan that holds."""
    return Spender(work, plan or get_plan(work), Daybook(work))


def days_of(since: datetime, until: datetime) -> tuple[date, date]:
    """The days [first, last) that a period touches."""
    last = day_of(until)
    whole = until.astimezone(UTC).time() == time()
    return day_of(since), last if whole else last + timedelta(days=1)
