"""Gathers what guards go by, and only what those of the element ask for."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bpm.feedback import incidents
from bpm.feedback.models import Consent, ContactPoint, FeedbackItem, Promise
from bpm.feedback.outbound.gate import next_allowed
from bpm.feedback.outbound.gathering import quiet_for, zones_of
from bpm.feedback.status import Channel, PromiseStatus
from bpm.foundation.work import Work
from bpm.processes.guards.judging import GuardFacts
from bpm.processes.models import Attribution
from bpm.processes.status import GuardRule


def gather(work: Work, rules: Collection[GuardRule], task: Any) -> GuardFacts:
    """`task`: a row with instance_id, variables, local and created_at."""
    item = _item(work, task.instance_id) if set(rules) - {GuardRule.TRACKING, GuardRule.VARIABLE} else None
    customer = item.customer_id if item is not None else None
    said, hit, withdrawn, quiet, promise = None, None, False, None, None
    if customer is not None and GuardRule.SAID_SINCE in rules:
        said = _said_since(work, customer, task.created_at)
    if customer is not None and GuardRule.INCIDENT in rules:
        hit = incidents.is_hit(work, customer)
    if customer is not None and GuardRule.CONSENT in rules:
        withdrawn = _calls_withdrawn(work, customer)
    if customer is not None and GuardRule.PROMISE in rules:
        promise = _promise(work, customer)
    if item is not None and GuardRule.QUIET_HOURS in rules:
        allowed = next_allowed(work.now(), zones_of(work, item), quiet_for(work, item)[0])
        quiet = allowed if allowed > work.now() else None
    return GuardFacts(
        variables={**(task.variables or {}), **(task.local or {})},
        said_since=said,
        incident=hit[1] if hit else "",
        calls_withdrawn=withdrawn,
        quiet_until=quiet,
        promise=promise[0] if promise else "",
        promised_until=promise[1] if promise else None,
    )


def _item(work: Work, instance_id: int) -> FeedbackItem | None:
    return work.session.scalar(
        select(FeedbackItem)
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(Attribution.instance_id == instance_id, Attribution.valid_to.is_(None))
        .order_by(Attribution.id)
        .limit(1)
    )


def _said_since(work: Work, customer_id: int, since: datetime) -> datetime | None:
    return work.session.scalar(
        select(func.max(FeedbackItem.placed_at)).where(
            FeedbackItem.customer_id == customer_id, FeedbackItem.current, FeedbackItem.placed_at > since
        )
    )


def _calls_withdrawn(work: Work, customer_id: int) -> bool:
    rows = work.session.scalars(
        select(Consent)
        .join(ContactPoint, ContactPoint.id == Consent.contact_point_id)
        .where(ContactPoint.customer_id == customer_id, Consent.channel == Channel.CALL, Consent.purpose == "service")
        .order_by(Consent.id)
    ).all()
    return bool(rows) and rows[-1].withdrawn_at is not None


def _promise(work: Work, customer_id: int) -> tuple[str, datetime] | None:
    row = work.session.execute(
        select(Promise.text, Promise.until_at)
        .where(Promise.customer_id == customer_id, Promise.status == PromiseStatus.OPEN, Promise.until_at > work.now())
        .order_by(Promise.until_at)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None
