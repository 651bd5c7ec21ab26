"""Reads who worked on what, and for how long: each open hour of a person counts once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, union_all

from bpm import calendars
from bpm.engine import api as engine
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import RUNNING
from bpm.foundation.work import Work
from bpm.processes.changes.held import BY_PEOPLE, CLAIMED_AT, OF_VISIT, PERSON
from bpm.processes.daybook.shared_time import Hold, shared

LONGEST = timedelta(days=180)
"""A task that was opened longer than that before a day is not looked at that day."""

RECENT = timedelta(days=10)
"""So far back fewer cases have ended since than tasks were opened in `LONGEST`."""


@dataclass(frozen=True)
class VersionLanes:
    """A version by its key and number, with the lane of each element."""

    key: str
    number: int
    lanes: Mapping[str, str]


@dataclass(frozen=True)
class Worked:
    """So many seconds of a stretch of time on one task."""

    case_id: int
    version_id: int
    element: str
    group: str
    seconds: float
    is_taken: bool
    """Whether nobody held it before that stretch."""


def lanes_of(work: Work) -> dict[int, VersionLanes]:
    """Of every version."""
    rows = work.session.execute(
        select(ProcessVersion.id, ProcessVersion.number, ProcessDefinition.key, ProcessVersion.elements)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
    )  # fmt: skip
    return {
        row.id: VersionLanes(row.key, row.number, {e["id"]: e["lane"] for e in row.elements if e.get("lane")})
        for row in rows
    }


def held_in(work: Work, versions: Mapping[int, VersionLanes], since: datetime, until: datetime) -> Sequence[Any]:
    """Tasks that somebody held in [since, until), the newest first.

    Of the last days they are found by the cases that still ran then, which are few; else by when they were opened.
    """
    visit, case = ActivityInstance, ProcessInstance
    claimed, closed = CLAIMED_AT, func.coalesce(visit.closed_at, case.ended_at)
    query = (
        select(
            visit.instance_id, visit.version_id, visit.element, visit.opened_at, closed.label("closed_at"),
            WorkItem.group_key, claimed.label("claimed_at"), PERSON.label("person"),
        )
        .select_from(visit)
        .join(case, case.id == visit.instance_id)
        .outerjoin(WorkItem, OF_VISIT)
        .where(
            visit.opened_at >= since - LONGEST, visit.opened_at < until, visit.type.in_(BY_PEOPLE),
            claimed.is_not(None), claimed < until, or_(closed.is_(None), closed > since),
        )
        .order_by(visit.opened_at.desc(), visit.id)
    )  # fmt: skip
    if since >= work.now() - RECENT:
        ran = union_all(
            select(case.id).where(case.ended_at >= since), select(case.id).where(case.status.in_(RUNNING))
        ).subquery()
        return work.session.execute(query.where(visit.instance_id.in_(select(ran.c.id)))).all()
    return work.session.execute(query.where(visit.version_id.in_(list(versions)))).all()


def share_held(
    work: Work, rows: Sequence[Any], versions: Mapping[int, VersionLanes], since: datetime, until: datetime
) -> Iterator[Worked]:
    """What of those tasks lies in [since, until), since who held others besides shares their hours."""
    holds, places = [], []
    for row in rows:
        start, end = max(row.claimed_at, since), min(row.closed_at or until, until)
        if end > start and row.opened_at >= since - LONGEST:
            holds.append(Hold(row.person, group_of(row, versions), start, end))
            places.append(row)
    hours = {key: each for key, each in calendars.calendars_of(work, {h.group for h in holds}).items() if key}
    for row, hold, pieces in zip(places, holds, shared(holds, hours), strict=True):
        seconds = sum(piece.seconds for piece in pieces)
        yield Worked(row.instance_id, row.version_id, row.element, hold.group, seconds, row.claimed_at >= since)


def group_of(row: Any, versions: Mapping[int, VersionLanes]) -> str:
    """The group that a visit's task was offered to, else the one that its lane names."""
    return row.group_key or key_of_lane(versions[row.version_id].lanes.get(row.element, ""))


def key_of_lane(lane: str) -> str:
    """The key of the group that a lane names; empty for none (as the engine makes it of the lane's words)."""
    return engine.group_key(lane) if lane.strip() else ""
