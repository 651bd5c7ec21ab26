"""A finished case as its record tells it: what came from outside, when, at which element; and the path it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select

from bpm.engine.models import ActivityInstance, EventSubscription, ProcessInstance, StepRecord
from bpm.engine.status import InstanceStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
RECORD = cast("Table", StepRecord.__table__)
ACTIVITY = cast("Table", ActivityInstance.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
INTERVENTIONS = frozenset({"Skip", "Move", "Cancel", "migrate", "restart"})
"""Acts of operators that cannot be done again to another model."""


@dataclass(frozen=True)
class Happened:
    """One thing that came from outside."""

    at: datetime
    act: str
    """Name of the command, or start."""
    element: str = ""
    rank: int = 0
    """Which of the visits (or waits) of that element it came to, from 0."""
    event: str = ""
    """Name of the message or signal that was delivered."""
    brought: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """One visit of an element, and what became of it."""

    element: str
    name: str
    type: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Recorded:
    """One finished case; `why_not` says why it cannot be replayed, "" where it can."""

    instance_id: int
    process_id: str | None
    bindings: Mapping[str, Sequence[Any]]
    started_at: datetime
    ended_at: datetime
    happened: tuple[Happened, ...]
    path: tuple[Visit, ...]
    why_not: str = ""


def last_finished(work: Work, version_id: int, *, most: int) -> list[Recorded]:
    """The cases of the version that completed last, newest first, with all that is on record of them."""
    query = (
        select(INSTANCE.c.id, INSTANCE.c.process_id, INSTANCE.c.bindings, INSTANCE.c.started_at, INSTANCE.c.ended_at,
               INSTANCE.c.erased_at, INSTANCE.c.began_version_id)
        .where(INSTANCE.c.version_id == version_id, INSTANCE.c.status == InstanceStatus.COMPLETED)
        .order_by(INSTANCE.c.ended_at.desc(), INSTANCE.c.id.desc())
        .limit(most)
    )  # fmt: skip
    return [_read(work, row) for row in work.session.execute(query).all()]


def _read(work: Work, row: Any) -> Recorded:
    visits = work.session.execute(
        select(ACTIVITY.c.uid, ACTIVITY.c.element, ACTIVITY.c.name, ACTIVITY.c.type, ACTIVITY.c.status,
               ACTIVITY.c.opened_at)
        .where(ACTIVITY.c.instance_id == row.id)
        .order_by(ACTIVITY.c.id)
    ).all()  # fmt: skip
    steps = work.session.execute(
        select(RECORD.c.command, RECORD.c.at, RECORD.c.brought)
        .where(RECORD.c.instance_id == row.id)
        .order_by(RECORD.c.revision)
    ).all()
    waits = work.session.execute(
        select(SUBSCRIPTION.c.uid, SUBSCRIPTION.c.element, SUBSCRIPTION.c.event)
        .where(SUBSCRIPTION.c.instance_id == row.id)
        .order_by(SUBSCRIPTION.c.id)
    ).all()
    places = _places(visits, waits)
    events = {each.uid: each.event for each in waits}
    return Recorded(
        instance_id=row.id,
        process_id=row.process_id,
        bindings=row.bindings or {},
        started_at=row.started_at,
        ended_at=row.ended_at,
        happened=tuple(_happened(each, places, events) for each in steps if each.brought),
        path=tuple(Visit(each.element, each.name, each.type, each.status, each.opened_at) for each in visits),
        why_not=_why_not(row, steps),
    )


def _places(visits: Sequence[Any], waits: Sequence[Any]) -> dict[str, tuple[str, int]]:
    """uid -> element, and which of its visits; armed boundary events are no visits and are counted by themselves."""
    places: dict[str, tuple[str, int]] = {}
    for rows in (visits, waits):
        seen: Counter[str] = Counter()
        for each in rows:
            if each.uid not in places:
                places[each.uid] = (each.element, seen[each.element])
            seen[each.element] += 1
    return places


def _happened(step: Any, places: Mapping[str, tuple[str, int]], events: Mapping[str, str]) -> Happened:
    brought = step.brought
    uid = brought.get("uid", "")
    element, rank = places.get(uid, (brought.get("element") or "", 0))
    return Happened(step.at, brought["act"], element, rank, events.get(uid, ""), brought)


def _why_not(row: Any, steps: Sequence[Any]) -> str:
    if row.erased_at is not None:
        return _("It was erased: it ended longer ago than cases are kept.")
    if row.began_version_id is not None or any(step.command == "migrate" for step in steps):
        return _("It began on another version and was changed over.")
    if not steps or any(step.brought is None for step in steps if step.command not in {"suspend", "resume"}):
        return _("An earlier release kept no record of what came in.")
    done = {step.brought["act"] for step in steps if step.brought}
    if done & INTERVENTIONS:
        return _("An operator intervened, which cannot be done again.")
    return ""
