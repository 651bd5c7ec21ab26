"""Reads of triggers and of what they did, for screens. Frozen rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Trigger, TriggerFiring
from bpm.processes.status import FiringOutcome
from bpm.processes.triggers.conditions import Conditions, conditions_of, sentence


@dataclass(frozen=True)
class TriggerRow:
    """A trigger as a list and its form show it."""

    id: int
    name: str
    definition_key: str
    """Key under which the file of its process is deployed."""
    process_id: str
    """The process of that file that it starts; "" for the one that the file is about."""
    process_name: str
    action: str
    message: str
    key_field: str
    while_running: str
    conditions: Conditions
    fields: dict[str, Any]
    active: bool
    active_since: datetime | None
    fired: int
    failed: int

    @property
    def sentence(self) -> str:
        return sentence(self.conditions)


def list_triggers(work: Work, *, key: str | None = None) -> list[TriggerRow]:
    """All triggers, or those of one process, with how often they fired.

    By the key of a file those too whose process it has no more: there they can be given another one.
    """
    counts = (
        select(
            TriggerFiring.trigger_id,
            func.count().label("fired"),
            func.count().filter(TriggerFiring.outcome == FiringOutcome.FAILED).label("failed"),
        )
        .group_by(TriggerFiring.trigger_id)
        .subquery()
    )
    query = (
        select(Trigger, ProcessDefinition.name, counts.c.fired, counts.c.failed)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == Trigger.definition_key)
        .outerjoin(counts, counts.c.trigger_id == Trigger.id)
        .order_by(Trigger.definition_key, Trigger.id)
    )
    if key is not None:
        query = query.where(*_of_process(work, key))
    rows = work.session.execute(query).all()
    others = {row[0].process_id for row in rows} - {""}
    names = {each.key: each.name for each in engine_queries.list_processes(work)} if others else {}
    return [_trigger_row(t, names.get(t.process_id, t.process_id) or name, *counts) for t, name, *counts in rows]


def _of_process(work: Work, key: str) -> tuple[ColumnElement[bool], ...]:
    processes = [each for each in engine_queries.list_processes(work) if each.key == key or each.file_of == key]
    file_of = next((each.file_of for each in processes if each.key == key), "")
    if file_of:
        return Trigger.definition_key == file_of, Trigger.process_id == key
    return Trigger.definition_key == key, Trigger.process_id.not_in([each.key for each in processes if each.file_of])


def _trigger_row(trigger: Trigger, process_name: str | None, fired: int | None, failed: int | None) -> TriggerRow:
    return TriggerRow(
        id=trigger.id,
        name=trigger.name,
        definition_key=trigger.definition_key,
        process_id=trigger.process_id,
        process_name=process_name or trigger.definition_key,
        action=trigger.action,
        message=trigger.message,
        key_field=trigger.key_field,
        while_running=trigger.while_running,
        conditions=conditions_of(trigger.conditions),
        fields=dict(trigger.fields),
        active=trigger.active,
        active_since=trigger.active_since,
        fired=fired or 0,
        failed=failed or 0,
    )


@dataclass(frozen=True)
class FiringRow:
    """What a trigger did with one item."""

    id: int
    item_id: int
    text: str
    channel: str
    instance_id: int | None
    outcome: str
    reason: str
    fired_at: datetime


def list_firings(work: Work, trigger_id: int, *, before: int | None = None, limit: int = 50) -> list[FiringRow]:
    """The newest first; `before` is the id of the last row seen."""
    query = (
        select(TriggerFiring, func.substr(FeedbackItem.text, 1, 200), FeedbackItem.channel)
        .join(FeedbackItem, FeedbackItem.id == TriggerFiring.item_id)
        .where(TriggerFiring.trigger_id == trigger_id)
        .order_by(TriggerFiring.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(TriggerFiring.id < before)
    return [
        FiringRow(
            f.id, f.item_id, text, channel, f.instance_id, outcome=f.outcome, reason=f.reason, fired_at=f.fired_at
        )
        for f, text, channel in work.session.execute(query)
    ]
