"""Reads for screens: where an item went, whose words are behind a case, triggers and their firings. Frozen rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.attribution import LIVED
from bpm.processes.measures.follow_up import BLACK_HOLE_AFTER, MOST_COUNTED, count_black_holes, list_black_holes
from bpm.processes.measures.listening import (
    REFERENCE,
    REFERENCE_SOURCE,
    ChannelCoverage,
    HeardItem,
    PeriodShare,
    coverage,
    end_of_day,
    follow_up,
    follow_up_by_week,
    list_heard,
)
from bpm.processes.measures.negative_by_week import NegativeByWeek, NegativeWeek, items_of_week, negative_by_week
from bpm.processes.measures.performance import ElementMeasures, ProcessMeasures, process_measures
from bpm.processes.measures.process_of_a_file import get_part, linked_to
from bpm.processes.measures.space_between import SpaceBetween, list_between, space_between, space_between_by_week
from bpm.processes.measures.undated import came_in_undated, count_undated, list_undated
from bpm.processes.models import Attribution, ReplyDraft, Trigger, TriggerFiring
from bpm.processes.opened_cases import OpenedCase, cases_opened_by, cases_opened_with
from bpm.processes.status import DraftStatus, FiringOutcome, LinkKind
from bpm.processes.triggers.conditions import Conditions, conditions_of, sentence
from bpm.statistics import PERCENTILES_FROM, SHOWN_FROM, Durations, Share

__all__ = [
    "BLACK_HOLE_AFTER",
    "MOST_COUNTED",
    "PERCENTILES_FROM",
    "REFERENCE",
    "REFERENCE_SOURCE",
    "SHOWN_FROM",
    "ChannelCoverage",
    "DraftRow",
    "Durations",
    "ElementMeasures",
    "FiringRow",
    "HeardItem",
    "ItemLink",
    "NegativeByWeek",
    "NegativeWeek",
    "OpenedCase",
    "PeriodShare",
    "ProcessMeasures",
    "Share",
    "SpaceBetween",
    "TriggerRow",
    "cases_opened_by",
    "cases_opened_with",
    "count_black_holes",
    "count_drafts",
    "count_undated",
    "coverage",
    "end_of_day",
    "find_item_of_instance",
    "follow_up",
    "follow_up_by_week",
    "item_links",
    "items_at",
    "items_of_instance",
    "items_of_week",
    "list_between",
    "list_black_holes",
    "list_drafts",
    "list_firings",
    "list_triggers",
    "list_undated",
    "negative_by_week",
    "process_measures",
    "space_between",
    "space_between_by_week",
]


@dataclass(frozen=True)
class ItemLink:
    """One place an item went: a process version, mostly an instance of it, an element, and how sure that is."""

    attribution_id: int
    definition_key: str
    process_name: str
    version_id: int
    number: int
    instance_id: int | None
    instance_status: str
    element: str
    element_name: str
    kind: str
    method: str
    confidence: float
    evidence: str
    author: str
    since: datetime


def item_links(work: Work, item_id: int) -> list[ItemLink]:
    """The current links of an item, oldest first; empty: it is in the space between."""
    rows = work.session.execute(
        select(Attribution, ProcessDefinition.name, ProcessVersion, ProcessInstance.status)
        .join(ProcessVersion, ProcessVersion.id == Attribution.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .where(Attribution.item_id == item_id, Attribution.valid_to.is_(None))
        .order_by(Attribution.id)
    ).all()
    return [_item_link(link, name, version, status) for link, name, version, status in rows]


def _item_link(link: Attribution, name: str, version: ProcessVersion, status: str | None) -> ItemLink:
    names = {element["id"]: element["name"] for element in version.elements}
    return ItemLink(
        attribution_id=link.id,
        definition_key=link.definition_key,
        process_name=name,
        version_id=link.version_id,
        number=version.number,
        instance_id=link.instance_id,
        instance_status=status or "",
        element=link.element,
        element_name=names.get(link.element) or link.element,
        kind=link.kind,
        method=link.method,
        confidence=link.confidence,
        evidence=link.evidence,
        author=link.author,
        since=link.valid_from,
    )


def items_of_instance(work: Work, instance_id: int, *, limit: int = 50) -> list[HeardItem]:
    """What customers said that this instance is about, oldest first."""
    # The links first, by their index: EXISTS would let a database look at every item there is.
    linked = select(Attribution.item_id).where(Attribution.instance_id == instance_id, Attribution.valid_to.is_(None))
    return list_heard(work, [FeedbackItem.current, FeedbackItem.id.in_(linked)], oldest_first=True, limit=limit)


_FIRST_ITEM = (
    select(Attribution.item_id)
    .where(Attribution.instance_id == bindparam("instance"), Attribution.valid_to.is_(None))
    .order_by(Attribution.id)
    .limit(1)
)


def find_item_of_instance(work: Work, instance_id: int) -> int | None:
    """The first item linked to the instance, for a link to its conversation."""
    return work.session.scalar(_FIRST_ITEM, {"instance": instance_id})


def items_at(
    work: Work, key: str, version_id: int, *, since: datetime, until: datetime, element: str | None = None,
    kinds: Sequence[LinkKind] = LIVED, undated: bool = False, limit: int = 200,
) -> list[HeardItem]:  # fmt: skip
    """The rows behind a figure: items of that process of the version (at the element, if given) said in the period,
    with links of these kinds, newest first; `undated`: those instead that came in then and nobody knows when they
    were said."""
    linked = exists().where(
        Attribution.item_id == FeedbackItem.id,
        Attribution.version_id == version_id,
        Attribution.valid_to.is_(None),
        Attribution.kind.in_(kinds),
        *linked_to(get_part(work, key, version_id)),
        *([Attribution.element == element] if element is not None else []),
    )
    said = and_(FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    period = [came_in_undated(since, until) if undated else said]
    return list_heard(work, [FeedbackItem.current, *period, linked], limit=limit)


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


@dataclass(frozen=True)
class DraftRow:
    """Words prepared for a named person to send or drop."""

    id: int
    item_id: int
    instance_id: int
    said: str
    customer: str
    channel: str
    text: str
    for_whom: str
    created_at: datetime


_COUNT_DRAFTS = select(func.count(ReplyDraft.id)).where(
    ReplyDraft.status == DraftStatus.WAITING, ReplyDraft.user_id == bindparam("person")
)


def count_drafts(work: Work, *, user_id: int | None) -> int:
    """How many drafts wait for that person."""
    return work.session.scalar(_COUNT_DRAFTS, {"person": user_id}) or 0


def list_drafts(
    work: Work, *, user_id: int | None = None, item_id: int | None = None, limit: int = 100
) -> list[DraftRow]:
    """Drafts that wait, of one person or about one item, oldest first."""
    query = (
        select(ReplyDraft, FeedbackItem, User.display_name)
        .join(FeedbackItem, FeedbackItem.id == ReplyDraft.item_id)
        .join(User, User.id == ReplyDraft.user_id)
        .where(ReplyDraft.status == DraftStatus.WAITING)
        .order_by(ReplyDraft.id)
        .limit(limit)
    )
    if user_id is not None:
        query = query.where(ReplyDraft.user_id == user_id)
    if item_id is not None:
        query = query.where(ReplyDraft.item_id == item_id)
    return [
        DraftRow(
            draft.id,
            draft.item_id,
            draft.instance_id,
            said=item.text[:200],
            customer=item.author_name or item.author_handle,
            channel=item.channel,
            text=draft.text,
            for_whom=name,
            created_at=draft.created_at,
        )
        for draft, item, name in work.session.execute(query)
    ]
