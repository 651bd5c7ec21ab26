"""feedback.link_instance: ties further items to the instance, so that one cause has all its customers in one place."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bpm.engine.api import BpmnError, JobCall
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.models import Attribution
from bpm.processes.service_tasks.inputs import BAD_INPUT, read_number

LINK_AT_MOST = 2_000
ALIKE = 0.7
"""Confidence of a link that rests on kind and time alone."""


def link_instance(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: item_ids, or link_kind [, link_topic, link_hours = 24]. Out: linked_items, newly_linked. Links once each."""
    before = _count_linked(work, call.instance_id)
    items, evidence, confidence = _choose(work, call)
    for item in items:
        attribution.record(work, item, instance_id=call.instance_id, evidence=evidence, confidence=confidence)
    work.session.flush()
    linked = _count_linked(work, call.instance_id)
    return {"linked_items": linked, "newly_linked": linked - before}


def _choose(work: Work, call: JobCall) -> tuple[Sequence[FeedbackItem], str, float]:
    ids = call.payload.get("item_ids")
    if isinstance(ids, list) and ids:
        query = select(FeedbackItem).where(FeedbackItem.id.in_([int(i) for i in ids]))
        return work.session.scalars(query).all(), "Named by the process.", 1.0
    kind = call.payload.get("link_kind")
    if not kind:
        raise BpmnError(BAD_INPUT, "Give “item_ids” or “link_kind”: nothing says which items belong together.")
    hours = read_number(call.payload, "link_hours", default=24)
    query = (
        select(FeedbackItem)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(FeedbackItem.current, FeedbackItem.said_at >= work.now() - timedelta(hours=hours))
        .where(Classification.primary == str(kind), Classification.abstained.is_(False))
    )
    if call.payload.get("link_topic"):
        query = query.where(Classification.topic == str(call.payload["link_topic"]))
    items = work.session.scalars(query.order_by(FeedbackItem.said_at.desc()).limit(LINK_AT_MOST)).all()
    return items, f"Same kind ({kind}), said within {hours:g} hours of it.".replace("_", " "), ALIKE


def _count_linked(work: Work, instance_id: int) -> int:
    query = select(func.count()).where(Attribution.instance_id == instance_id, Attribution.valid_to.is_(None))
    return work.session.scalar(query) or 0
