"""The service clock of work items: due by the target of their process, in the hours of their group; it can pause.

Dates of the model or of people stay where they are. A date that the target gave is worked out anew after a pause.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, literal, select, update

from bpm import calendars
from bpm.engine.definitions.service_targets import Targets, target_for
from bpm.engine.expressions.times.due import due_instant
from bpm.engine.models import ProcessDefinition, ProcessVersion, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work
from bpm.identity.groups import group_that_gets

ITEM = cast("Table", WorkItem.__table__)

_TARGETS = (
    select(ProcessDefinition.service_targets)
    .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
    .where(ProcessVersion.id == bindparam("version"))
)


def set_targets(work: Work, version_id: int, rows: Sequence[dict[str, Any]], *, targets: Targets | None = None) -> None:
    """Give the rows of new work items whose model says no due date that of the service target which holds for them.

    `targets`: empty for none; None where nobody read them yet.
    """
    open_ended = [row for row in rows if row["due_at"] is None]
    if open_ended and targets is None:
        targets = work.session.scalar(_TARGETS, {"version": version_id})
    if not open_ended or not targets:
        return
    groups = {key: _group(work, key) for key in {row["offered_to"] for row in open_ended}}
    hours = calendars.calendars_of(work, set(groups.values()))
    for row in open_ended:
        group = groups[row["offered_to"]]
        if target := target_for(targets, row["element"], group):
            row["target_seconds"] = seconds_of(target, now=work.now())
            row["due_at"] = _due(hours[group], work.now(), timedelta(seconds=row["target_seconds"]))


def _group(work: Work, offered_to: str | None) -> str | None:
    """The group that gets what a model offers under that name."""
    return work.session.scalar(select(group_that_gets(literal(offered_to)))) if offered_to else None


def seconds_of(target: str, *, now: datetime) -> int:
    """The open time that a service target (ISO 8601) means."""
    at = due_instant(target, now=now)
    return 0 if at is None else max(0, int((at - now).total_seconds()))


def _due(calendar: calendars.Calendar, start: datetime, left: timedelta) -> datetime | None:
    """None where that is too far away to be worked out: a target never stops a process."""
    try:
        return calendars.add(calendar, start, left)
    except InvalidInputError:
        return None


def pause_clocks(work: Work, instance_id: int) -> None:
    """Stop the clocks of the instance's open work items; one that stands already goes on standing since then."""
    standing = (ITEM.c.instance_id == instance_id, ITEM.c.status == WorkItemStatus.OPEN, ITEM.c.paused_at.is_(None))
    work.session.execute(update(ITEM).where(*standing).values(paused_at=work.now()))


def resume_clocks(work: Work, instance_id: int) -> None:
    """Let the clocks go on, and put off by the pause what the service target had made due."""
    paused = (ITEM.c.instance_id == instance_id, ITEM.c.paused_at.is_not(None))
    columns = (ITEM.c[name] for name in ("id", "group_key", "due_at", "target_seconds", "paused_at", "paused_seconds"))
    rows = work.session.execute(select(*columns).where(*paused)).mappings().all()
    hours = calendars.calendars_of(work, {row["group_key"] for row in rows}) if rows else {}
    for row in rows:
        values = _after_pause(row, hours[row["group_key"]], now=work.now())
        work.session.execute(update(ITEM).where(ITEM.c.id == row["id"]).values(values))


def _after_pause(row: Mapping[Any, Any], calendar: calendars.Calendar, *, now: datetime) -> dict[str, Any]:
    paused = calendars.between(calendar, row["paused_at"], now)
    values: dict[str, Any] = {"paused_at": None, "paused_seconds": row["paused_seconds"] + int(paused.total_seconds())}
    due: datetime | None = row["due_at"]
    if row["target_seconds"] is not None and due is not None and due > row["paused_at"]:
        values["due_at"] = _due(calendar, now, calendars.between(calendar, row["paused_at"], due))
    return values
