"""Which jobs could be taken now, in the order in which a worker should try them.

Two queries, ready-and-due and lost: one with OR would use neither index. Topics take turns, so that a long line of one
topic does not keep the others waiting.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, and_, or_, select, text

from bpm.engine.jobs.jobs import LONGEST_LEASE
from bpm.engine.models import WAITING_JOB, Job
from bpm.engine.status import JobStatus
from bpm.foundation.work import Work

JOB = cast("Table", Job.__table__)

JOBS_AT_ONCE = 20
"""Jobs that one round takes up at most, of those that are due."""


class Candidate(NamedTuple):
    """A job that could be taken: its id, the status it is taken from, its topic."""

    id: int
    status: JobStatus
    topic: str


_CANDIDATE = (JOB.c.id, JOB.c.status, JOB.c.topic)


def candidates_in(work: Work, instance_id: int, *, owner: str = "") -> list[Candidate]:
    """Jobs of one instance that could be taken now, the oldest first, however many jobs wait elsewhere."""
    now = work.now()
    free = or_(
        and_(JOB.c.status == JobStatus.READY, JOB.c.run_at <= now),
        and_(JOB.c.status == JobStatus.LEASED, _is_lost(now, owner)),
    )
    query = select(*_CANDIDATE).where(JOB.c.instance_id == instance_id, text(WAITING_JOB), free)
    return [Candidate(*row) for row in work.session.execute(query.order_by(JOB.c.id).limit(JOBS_AT_ONCE))]


def candidates(work: Work, *, overdue_by: timedelta = timedelta(0), owner: str = "") -> list[Candidate]:
    """Jobs that could be taken now: due ones topic by topic, then those whose lease ran out or that `owner` holds.

    Only what fell due so long ago, where that is asked for.
    """
    now = work.now()
    ready = (
        select(*_CANDIDATE)
        .where(JOB.c.status == JobStatus.READY, JOB.c.run_at <= now - overdue_by)
        .order_by(JOB.c.run_at, JOB.c.id)
        .limit(JOBS_AT_ONCE)
    )
    lost = (
        select(*_CANDIDATE)
        .where(JOB.c.status == JobStatus.LEASED, _is_lost(now, owner))
        .order_by(JOB.c.lease_until, JOB.c.id)
        .limit(JOBS_AT_ONCE)
    )
    due = [Candidate(*row) for row in work.session.execute(ready)]
    if len(due) == JOBS_AT_ONCE:
        behind = ready.where(JOB.c.topic.not_in({each.topic for each in due}))
        due += [Candidate(*row) for row in work.session.execute(behind)]
    return [*_in_turn(due), *(Candidate(*row) for row in work.session.execute(lost))]


def _is_lost(now: datetime, owner: str) -> ColumnElement[bool]:
    return or_(JOB.c.lease_until < now, JOB.c.lease_until > now + LONGEST_LEASE, JOB.c.lease_owner == owner)


def _in_turn(due: Iterable[Candidate]) -> Iterator[Candidate]:
    """The first of every topic, then the second of every topic, and so on."""
    lines: dict[str, list[Candidate]] = {}
    for each in due:
        lines.setdefault(each.topic, []).append(each)
    for row in zip_longest(*lines.values()):
        yield from (each for each in row if each is not None)
