"""What cases cost, from their first hour to their last: the figure behind cost per case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.foundation.work import Work
from bpm.processes.economics.entries import Entry, Sum, grouped
from bpm.processes.economics.spending import spent_on_each
from bpm.processes.measures.process_of_a_file import get_part, instances_of

MOST_CASES = 20_000


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

    At most the newest 20,000. NotFoundError where there is no such process; no row for a version it does not have.
    """
    return costs_of_versions(work, [(key, version)], since, until)[key, version]


def costs_of_versions(
    work: Work, wanted: Iterable[tuple[str, int | None]], since: datetime, until: datetime
) -> dict[tuple[str, int | None], list[CaseCost]]:
    """The same of several versions, each by process and number: work that many shared is read once for all of them."""
    rows = {each: list(_ended(work, *each, since, until)) for each in wanted}
    began = min((row.started_at for some in rows.values() for _number, row in some), default=None)
    if began is None:
        return {each: [] for each in rows}
    sets = {each: [row.id for _number, row in some] for each, some in rows.items()}
    spent = spent_on_each(work, sets, since=began)
    return {each: _costs(some, spent[each]) for each, some in rows.items()}


def _costs(rows: Iterable[tuple[int, Any]], entries: Iterable[Entry]) -> list[CaseCost]:
    sums = grouped(entries, lambda each: each.place.case_id)
    found = [_told(number, row, sums.get(row.id, Sum())) for number, row in rows]
    return sorted(found, key=lambda each: (each.ended_at, each.instance_id))


def _ended(work: Work, key: str, version: int | None, since: datetime, until: datetime) -> Iterable[tuple[int, Any]]:
    for each in engine_queries.list_versions(work, key):
        if version is not None and each.number != version:
            continue
        part = get_part(work, key, each.id)
        rows = work.session.execute(
            select(ProcessInstance.id, ProcessInstance.started_at, ProcessInstance.ended_at)
            .where(
                ProcessInstance.version_id == each.id, ProcessInstance.ended_at >= since,
                ProcessInstance.ended_at < until, *instances_of(part),
            )
            .order_by(ProcessInstance.ended_at.desc())
            .limit(MOST_CASES)
        )  # fmt: skip
        for row in rows:
            yield each.number, row


def _told(number: int, row: Any, found: Sum) -> CaseCost:
    return CaseCost(
        instance_id=row.id, version=number, ended_at=row.ended_at or row.started_at, cents=found.cents,
        hours=found.hours, time=found.time, events=found.events, contacts=found.contacts, goodwill=found.goodwill,
    )  # fmt: skip
