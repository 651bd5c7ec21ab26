"""What cases cost, from their first hour to their last: the figure behind cost per case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from bpm.engine import queries as engine_queries
from bpm.foundation.work import Work
from bpm.processes.daybook.columns import Ints, Table
from bpm.processes.daybook.gathering import EPOCH
from bpm.processes.economics.entries import Entries, Sum, entries_of, sums_by, together
from bpm.processes.economics.ledger import PerUnit, per_unit
from bpm.processes.economics.spending import Spender, days_of, spender
from bpm.processes.measures.process_of_a_file import get_part

Wanted = tuple[str, int | None]
"""(process, number of the version; None: each of them)"""


@dataclass(frozen=True)
class CaseCost:
    """One case that ended in the period with all it cost; amounts are whole cents and sum up over the cases.

    `version` is the number of the version that it ended in.
    """

    instance_id: int
    version: int
    ended_at: datetime
    cents: int
    hours: float
    time: int
    events: int
    contacts: int
    goodwill: int


def costs_of_cases(work: Work, key: str, version: int | None, since: datetime, until: datetime) -> list[CaseCost]:
    """Cases of the process (of the version of that number, or of each) that ended in [since, until), oldest first.

    NotFoundError where there is no such process; no row for a version it does not have.
    """
    return costs_of_versions(work, [(key, version)], since, until)[key, version]


def costs_of_versions(
    work: Work, wanted: Sequence[Wanted], since: datetime, until: datetime, spending: Spender | None = None
) -> dict[Wanted, list[CaseCost]]:
    """The same of several versions, each by process and number: the days that they took are read once for all."""
    spending = spending or spender(work)
    found = _entries_of(spending, wanted, since, until)
    return {each: _told(spending, entries, some) for each, (entries, some) in found.items()}


def each_case_of_versions(
    work: Work, wanted: Sequence[Wanted], since: datetime, until: datetime, spending: Spender | None = None
) -> dict[Wanted, PerUnit]:
    """What one of those cases costs, of each version."""
    spending = spending or spender(work)
    found = {}
    for each, (entries, some) in _entries_of(spending, wanted, since, until).items():
        sums = np.zeros(len(some["case"]), dtype=np.int64)
        order = np.argsort(some["case"])
        np.add.at(sums, np.searchsorted(some["case"], entries.case, sorter=order), entries.cents)
        found[each] = per_unit(sums.tolist())
    return found


def _entries_of(
    spending: Spender, wanted: Sequence[Wanted], since: datetime, until: datetime
) -> dict[Wanted, tuple[Entries, Table]]:
    """Everything that the cases of each cost, with its cents; and the cases."""
    first, last = days_of(since, until)
    ended = spending.book.read("ended", first, last)
    inside = (ended["ended"] >= _micros(since)) & (ended["ended"] < _micros(until))
    ended = {name: column[inside] for name, column in ended.items()}
    sets = {each: _ended(spending, ended, *each) for each in wanted}
    cases = np.unique(np.concatenate([ended["case"][:0], *(some["case"] for some in sets.values())]))
    if not len(cases):
        return {each: (entries_of(0), some) for each, some in sets.items()}
    entries = _lasting(spending, cases, spending.book.oldest(first, last))
    return {each: (entries.those(np.isin(entries.case, some["case"])).rounded(), some) for each, some in sets.items()}


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _ended(spending: Spender, ended: Table, key: str, version: int | None) -> Table:
    """Cases of that process among those that ended."""
    found, words = np.zeros(len(ended["case"]), dtype=np.bool_), spending.book.words
    for each in engine_queries.list_versions(spending.work, key):
        if version is not None and each.number != version:
            continue
        part = get_part(spending.work, key, each.id)
        mine = ended["version"] == each.id
        if not part.alone:
            named = ended["process"] == words.place(part.process_id)
            mine &= named | ((ended["process"] == words.place("")) & (part.primary == part.process_id))
        found |= mine
    return {name: column[found] for name, column in ended.items()}


def _lasting(spending: Spender, cases: Ints, oldest: date) -> Entries:
    """Everything that these cases cost, from their beginning on."""
    book, end = spending.book, spending.work.now().date() + timedelta(days=1)
    worked, home = book.read("worked", oldest, end), book.read("at_home", oldest, end)
    of_work = spending.of_work(_of(worked, cases))
    home = _of(home, cases)
    said = {name: column[home["given"] == 0] for name, column in home.items()}
    given = {name: column[home["given"] == 1] for name, column in home.items()}
    return together([*of_work, spending.of_contacts(_as_said(said)), spending.of_gifts(_as_said(given))])


def _of(table: Table, cases: Ints) -> Table:
    chosen = np.isin(table["case"], cases)
    return {name: column[chosen] for name, column in table.items()}


def _as_said(home: Table) -> Table:
    """Rows of what is at home in a case as those of the day that they are of."""
    none = np.zeros_like(home["case"])
    return {**home, "on": home["day"], **dict.fromkeys(("item", "conversation", "home_version", "home_element"), none)}


def _told(spending: Spender, entries: Entries, ended: Table) -> list[CaseCost]:
    sums = sums_by(entries, entries.case)
    rows = zip(ended["case"].tolist(), ended["version"].tolist(), ended["ended"].tolist(), strict=True)
    found = [_cost(case, spending.versions[version].number, at, sums.get(case, Sum())) for case, version, at in rows]
    return sorted(found, key=lambda each: (each.ended_at, each.instance_id))


def _cost(case: int, version: int, ended: int, found: Sum) -> CaseCost:
    return CaseCost(
        instance_id=case, version=version, ended_at=EPOCH + timedelta(microseconds=ended), cents=found.cents,
        hours=found.hours, time=found.time, events=found.events, contacts=found.contacts, goodwill=found.goodwill,
    )  # fmt: skip
