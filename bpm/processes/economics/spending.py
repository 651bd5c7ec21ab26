"""Reads what was spent: work that people did on tasks, passes of elements, contacts of customers, gestures.

`Scope.until` is never later than now: a task that is still held costs up to now. What began more than `LONGEST` before
the period is not looked at.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select

from bpm import calendars
from bpm.engine import api as engine
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessVersion, WorkItem
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.economics.contacts import Homes, chunks, contacts, contacts_of, gestures
from bpm.processes.economics.entries import Entry, Place, What, rounded, time_entry
from bpm.processes.economics.plan import CostPlan
from bpm.processes.economics.plans import get_plan
from bpm.processes.economics.shared_time import Hold, shared
from bpm.processes.models import Gesture

Named = TypeVar("Named", bound=Hashable)

LONGEST = timedelta(days=180)
"""A task that was open for longer than that before the period began is not looked at."""
MOST_HOLDS = 200_000
BY_PEOPLE = ("userTask", "manualTask")


@dataclass(frozen=True)
class Spending:
    """Everything that was spent between two instants."""

    entries: tuple[Entry, ...]
    plan: CostPlan
    since: datetime
    until: datetime
    cut: bool
    """Whether there was more than is looked at; the newest counts."""


@dataclass(frozen=True)
class VersionLanes:
    """A version by its key and number, with the lane of each element."""

    key: str
    number: int
    lanes: Mapping[str, str]


def spent(work: Work, *, since: datetime, until: datetime, plan: CostPlan | None = None) -> Spending:
    """What was spent in [since, until): work clipped to it, passes that began in it, what was said and given in it."""
    plan = plan or get_plan(work)
    end = min(until, work.now())
    versions = lanes_of(work)
    homes = Homes(work)
    pieces, cut = work_done(work, versions, plan, since, end)
    entries = [time_entry(place, start, seconds, plan) for place, start, seconds in pieces]
    entries += _passes(work, versions, plan, ActivityInstance.opened_at >= since, ActivityInstance.opened_at < until)
    said = (FeedbackItem.placed_at >= since, FeedbackItem.placed_at < until)
    entries += contacts(work, homes, plan, *said)
    entries += gestures(work, homes, Gesture.at >= since, Gesture.at < until)
    return Spending(rounded(entries), plan, since, until, cut)


def spent_on_each(
    work: Work, sets: Mapping[Named, Collection[int]], *, since: datetime, plan: CostPlan | None = None
) -> dict[Named, tuple[Entry, ...]]:
    """Everything that these cases cost, from their beginning on; `since`: when the first of them began.

    Everybody's work is shared out once for all sets, and the cents of each sum up to its whole; a case is in one set at
    most.
    """
    plan, versions, homes = plan or get_plan(work), lanes_of(work), Homes(work)
    home = {case: name for name, cases in sets.items() for case in cases}
    found: dict[Named, list[Entry]] = {name: [] for name in sets}
    pieces, _cut = work_done(work, versions, plan, since, work.now())
    entries = [time_entry(place, at, seconds, plan) for place, at, seconds in pieces if place.case_id in home]
    for some in chunks(home):
        entries += _passes(work, versions, plan, ActivityInstance.instance_id.in_(some))
    entries += [each for each in contacts_of(work, homes, plan, set(home)) if each.place.case_id in home]
    for each in sorted(entries, key=_in_order):
        found[home[each.place.case_id or 0]].append(each)
    return {name: rounded(some) for name, some in found.items()}


def _in_order(entry: Entry) -> tuple[str, int, str, str, int, float]:
    """One order however they were read: a cent that is left over goes to the same entry each time."""
    at = entry.place
    return entry.what, at.case_id or 0, str(at.opened_at), at.element, entry.item_id or 0, entry.seconds


def lanes_of(work: Work) -> dict[int, VersionLanes]:
    rows = work.session.execute(
        select(ProcessVersion.id, ProcessVersion.number, ProcessDefinition.key, ProcessVersion.elements)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
    )  # fmt: skip
    return {
        row.id: VersionLanes(row.key, row.number, {e["id"]: e["lane"] for e in row.elements if e.get("lane")})
        for row in rows
    }


def work_done(
    work: Work, versions: Mapping[int, VersionLanes], plan: CostPlan, since: datetime, until: datetime
) -> tuple[list[tuple[Place, datetime, float]], bool]:
    """Of everybody's tasks, since who held others besides shares their hours; (pieces, whether there were more)."""
    rows = _held(work, versions, since, until)
    holds, places = [], []
    for row in rows[:MOST_HOLDS]:
        start, end = max(row.claimed_at, since), min(row.closed_at or until, until)
        if end <= start:
            continue
        place = _place(row, versions)
        holds.append(Hold(row.person, place.group, start, end))
        places.append(place)
    hours = {key: each for key, each in calendars.calendars_of(work, {h.group for h in holds}).items() if key}
    pieces = shared(holds, hours, cuts=[cut for cut in plan.cuts() if since < cut < until])
    flat = [(place, piece.start, piece.seconds) for place, some in zip(places, pieces, strict=True) for piece in some]
    return flat, len(rows) > MOST_HOLDS


def _held(work: Work, versions: Mapping[int, VersionLanes], since: datetime, until: datetime) -> Sequence[Any]:
    visit, item = ActivityInstance, WorkItem
    claimed = func.coalesce(visit.claimed_at, item.claimed_at)
    return work.session.execute(
        select(
            visit.instance_id, visit.version_id, visit.element, visit.opened_at, visit.closed_at, item.group_key,
            claimed.label("claimed_at"),
            func.coalesce(item.completed_by, visit.actor_id, item.assignee_id).label("person"),
        )
        .outerjoin(item, and_(item.instance_id == visit.instance_id, item.uid == visit.uid))
        .where(
            visit.version_id.in_(list(versions)), visit.opened_at >= since - LONGEST, visit.opened_at < until,
            visit.type.in_(BY_PEOPLE), claimed.is_not(None), claimed < until,
            or_(visit.closed_at.is_(None), visit.closed_at > since),
        )
        .order_by(visit.opened_at.desc())
        .limit(MOST_HOLDS + 1)
    ).all()  # fmt: skip


def _place(row: Any, versions: Mapping[int, VersionLanes], *, group: str | None = None) -> Place:
    version = versions[row.version_id]
    offered = group_of(row, versions) if group is None else group
    return Place(row.instance_id, version.key, version.number, row.element, offered, row.opened_at)


def group_of(row: Any, versions: Mapping[int, VersionLanes]) -> str:
    """The group that a visit's task was offered to, else the one that its lane names."""
    return row.group_key or key_of_lane(versions[row.version_id].lanes.get(row.element, ""))


def key_of_lane(lane: str) -> str:
    """The key of the group that a lane names; empty for none (as the engine makes it of the lane's words)."""
    return engine.group_key(lane) if lane.strip() else ""


def _passes(
    work: Work, versions: Mapping[int, VersionLanes], plan: CostPlan, *conditions: ColumnElement[bool]
) -> Iterator[Entry]:
    """Each visit of an element that costs something by itself."""
    priced = {each.element for each in plan.events if each.element}
    if not priced:
        return
    visit = ActivityInstance
    rows = work.session.execute(
        select(visit.instance_id, visit.version_id, visit.element, visit.opened_at)
        .where(visit.version_id.in_(list(versions)), visit.element.in_(priced), *conditions)
        .order_by(visit.id)
    )
    for row in rows:
        cost = plan.of_element(versions[row.version_id].key, row.element, row.opened_at.date())
        if cost is not None:
            yield Entry(What.EVENT, cost.cost, _place(row, versions, group=""), cost.side)
