"""Measures of time, in seconds, from the visits of activities."""

from collections.abc import Iterator
from datetime import datetime

from bpm.engine.queries import VisitRow
from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.kinds import INSTANT
from bpm.processes.measures.observed.seen import Seen


def _spent(visit: VisitRow, since: datetime, until: datetime | None) -> Seen:
    seconds = max(0.0, (until - since).total_seconds()) if until is not None else 0.0
    return Seen(
        at=visit.opened_at, value=seconds, weight=int(until is not None), element=visit.element,
        case_id=visit.instance_id, running=until is None,
    )  # fmt: skip


def waiting(facts: Facts) -> Iterator[Seen]:
    for visit in facts.visits:
        if visit.type not in INSTANT:
            yield _spent(visit, visit.opened_at, visit.claimed_at or visit.closed_at)


def work(facts: Facts) -> Iterator[Seen]:
    for visit in facts.visits:
        if visit.claimed_at is not None:
            yield _spent(visit, visit.claimed_at, visit.closed_at)
