"""Cases as the places that they passed, in order; read some at a time, so that a year of them needs no more memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.tones import is_negative
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.measures.process_of_a_file import get_part, instances_of
from bpm.processes.models import Attribution
from bpm.processes.outside.models import OutsideCase, OutsideVisit

MOST_CASES = 20_000
"""Cases that are looked at, the newest; a page says when there are more."""
AT_ONCE = 500
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway")


@dataclass(frozen=True)
class Step:
    """One visit; `began` is when somebody took it, else when it was opened."""

    element: str
    name: str
    type: str
    group: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Trace:
    """One case; `negative` of `read` things that its customer said of what was lived through are negative."""

    case: str
    """Number of a case of ours; of a log the key that it has there."""
    case_id: int
    steps: tuple[Step, ...]
    ended: bool
    negative: int = 0
    read: int = 0

    @property
    def took(self) -> timedelta | None:
        """From the first to the last visit's end; None while it runs."""
        ends = [each.ended for each in self.steps if each.ended is not None]
        if not self.ended or not ends:
            return None
        return max(ends) - self.steps[0].began


def read_traces(work: Work, key: str, version_id: int, *, since: datetime, until: datetime) -> Iterator[Trace]:
    """Cases of one version that were started in [since, until), the newest first, at most `MOST_CASES`."""
    part = get_part(work, key, version_id)
    lanes = {str(each["id"]): str(each.get("lane") or "") for each in part.elements}
    rows = work.session.execute(
        select(ProcessInstance.id, ProcessInstance.ended_at)
        .where(
            ProcessInstance.version_id == version_id, ProcessInstance.started_at >= since,
            ProcessInstance.started_at < until, *instances_of(part),
        )
        .order_by(ProcessInstance.id.desc())
        .limit(MOST_CASES)
    ).all()  # fmt: skip
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        ids = [row.id for row in some]
        visits = defaultdict(list)
        for visit in engine_queries.visits_of_instances(work, ids):
            visits[visit.instance_id].append(visit)
        said = _said(work, ids)
        for row in some:
            steps = tuple(
                Step(v.element, v.name or v.element, v.type, lanes.get(v.element, ""), v.claimed_at or v.opened_at,
                     v.closed_at)
                for v in visits[row.id]
                if v.version_id == version_id
            )  # fmt: skip
            if steps:
                negative, read = said.get(row.id, (0, 0))
                yield Trace(str(row.id), row.id, steps, row.ended_at is not None, negative, read)


def count_cases(work: Work, key: str, version_id: int, *, since: datetime, until: datetime) -> int:
    """How many there are, those beyond `MOST_CASES` too."""
    part = get_part(work, key, version_id)
    query = select(func.count()).where(
        ProcessInstance.version_id == version_id, ProcessInstance.started_at >= since,
        ProcessInstance.started_at < until, *instances_of(part),
    )  # fmt: skip
    return work.session.scalar(query) or 0


def _said(work: Work, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Case -> (negative, read) of what was said of what was lived through in it; an item counts once a case."""
    rows = work.session.execute(
        select(Attribution.instance_id, Attribution.item_id, Classification.sentiment)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(
            Attribution.instance_id.in_(ids), Attribution.valid_to.is_(None), Attribution.kind.in_(LIVED),
            FeedbackItem.current, Classification.abstained.is_(False), Classification.sentiment.is_not(None),
        )
        .distinct()
    )  # fmt: skip
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        negative, read = found.get(row.instance_id, (0, 0))
        found[row.instance_id] = negative + is_negative(row.sentiment), read + 1
    return found


def read_outside(work: Work, process_id: int, *, since: datetime, until: datetime) -> Iterator[Trace]:
    """Cases of a log with visits in [since, until), in the order they came in; open ones are those of an open visit."""
    rows = work.session.execute(
        select(
            OutsideVisit.case_id, OutsideCase.case_key, OutsideVisit.activity, OutsideVisit.lane,
            OutsideVisit.placed_at, OutsideVisit.started_at, OutsideVisit.completed_at,
        )
        .join(OutsideCase, OutsideCase.id == OutsideVisit.case_id)
        .where(OutsideVisit.process_id == process_id, OutsideVisit.placed_at >= since, OutsideVisit.placed_at < until)
        .order_by(OutsideVisit.case_id, OutsideVisit.placed_at, OutsideVisit.id)
        .execution_options(yield_per=5_000)
    )  # fmt: skip
    for number, (case_id, visits) in enumerate(groupby(rows, key=lambda row: row.case_id)):
        if number >= MOST_CASES:
            return
        yield _outside(case_id, list(visits))


def _outside(case_id: int, visits: Sequence[Any]) -> Trace:
    steps = tuple(
        Step(v.activity, v.activity, "task", v.lane, v.started_at or v.placed_at, v.completed_at) for v in visits
    )
    return Trace(visits[0].case_key, case_id, steps, all(each.ended is not None for each in steps))
