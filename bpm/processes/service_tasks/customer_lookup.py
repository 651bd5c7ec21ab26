"""customer.lookup: what is known of the customer, so that nobody has to ask for it again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bpm.engine.api import JobCall
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.service_tasks.inputs import item_of

LOOK_BACK = timedelta(days=90)
READ_AT_MOST = 500


def look_up_customer(work: Work, call: JobCall) -> Mapping[str, Any]:
    """Out: customer_name, contacts_90_days, channels_used, last_contact_at, open_cases, unanswered, customer_facts."""
    item = item_of(work, call)
    said = _said(work, item)
    open_cases = _count_open_cases(work, [one.id for one in said], beside=call.instance_id)
    unanswered = sum(one.answered_at is None and one.decision is None for one in said)
    facts = {
        "customer_name": _name(work, item),
        "contacts_90_days": len(said),
        "channels_used": sorted({one.channel for one in said}),
        "last_contact_at": max(one.placed_at for one in said).isoformat(),
        "open_cases": open_cases,
        "unanswered": unanswered,
    }
    return {**facts, "customer_facts": _sentences(facts)}


def _said(work: Work, item: FeedbackItem) -> Sequence[FeedbackItem]:
    """Everything this customer said lately; of an unknown customer only the item itself is known."""
    if item.customer_id is None:
        return [item]
    query = (
        select(FeedbackItem)
        .where(FeedbackItem.customer_id == item.customer_id, FeedbackItem.current)
        .where(FeedbackItem.placed_at >= work.now() - LOOK_BACK)
        .order_by(FeedbackItem.placed_at.desc())
        .limit(READ_AT_MOST)
    )
    return work.session.scalars(query).all() or [item]


def _count_open_cases(work: Work, item_ids: list[int], *, beside: int) -> int:
    query = (
        select(func.count(ProcessInstance.id.distinct()))
        .join(Attribution, Attribution.instance_id == ProcessInstance.id)
        .where(Attribution.item_id.in_(item_ids), Attribution.valid_to.is_(None))
        .where(ProcessInstance.ended_at.is_(None), ProcessInstance.id != beside)
    )
    return work.session.scalar(query) or 0


def _name(work: Work, item: FeedbackItem) -> str:
    customer = work.session.get(Customer, item.customer_id) if item.customer_id is not None else None
    return (customer.name if customer else "") or item.author_name or item.author_handle


def _sentences(facts: Mapping[str, Any]) -> list[str]:
    times = facts["contacts_90_days"]
    lines = [f"Contact number {times} in 90 days, by {', '.join(facts['channels_used'])}."]
    if facts["unanswered"]:
        lines.append(f"{facts['unanswered']} of them without an answer or a decision so far.")
    if facts["open_cases"]:
        lines.append(f"{facts['open_cases']} other cases of theirs are running.")
    return lines
