"""Which cases ran when something was said, of the same conversation or customer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union

from bpm.engine.models import ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution

SAME_CONVERSATION = 0.9
SAME_CUSTOMER = 0.6
"""Confidence that a later item of the same conversation, or only of the same customer, is about the running case."""


@dataclass(frozen=True)
class RunningCase:
    """An instance that ran when something was said, and how surely the two belong together."""

    instance_id: int
    version_id: int
    definition_key: str
    process_id: str
    """Which process of the file runs."""
    primary: bool
    """Whether that is the one that the file is about."""
    confidence: float
    evidence: str

    def is_of(self, definition_key: str, process_id: str) -> bool:
        """Whether it runs that process of that file; "" stands for the one that the file is about."""
        return definition_key == self.definition_key and (process_id == self.process_id if process_id else self.primary)


def running_cases(work: Work, item: FeedbackItem, *, at: datetime | None) -> list[RunningCase]:
    """Instances that ran at that instant (None: run now) and that another item of the conversation or customer is in.

    Of each process the newest one; one of the same conversation before one of the same customer.
    """
    related = _related_items(item)
    if related is None:
        return []
    rows = work.session.execute(
        select(Attribution, FeedbackItem.conversation_id, ProcessInstance.process_id, ProcessVersion.primary)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(Attribution.item_id.in_(related), Attribution.item_id != item.id, Attribution.valid_to.is_(None))
        .where(_ran(at))
        .order_by(Attribution.instance_id.desc())
    ).all()
    here = item.conversation_id
    newest: dict[tuple[str, str], RunningCase] = {}
    for link, talk, process_id, primary in sorted(rows, key=lambda row: here is None or row[1] != here):
        case = _case(link, process_id or primary, primary, same_conversation=here is not None and talk == here)
        newest.setdefault((case.definition_key, case.process_id), case)
    return list(newest.values())


def _ran(at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return ProcessInstance.ended_at.is_(None)
    return and_(
        ProcessInstance.started_at <= at, or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at > at)
    )


def _case(link: Attribution, process_id: str, primary: str, *, same_conversation: bool) -> RunningCase:
    confidence, of_whom = (SAME_CONVERSATION, "conversation") if same_conversation else (SAME_CUSTOMER, "customer")
    assert link.instance_id is not None  # noqa: S101 (the query joins on it)
    return RunningCase(
        instance_id=link.instance_id,
        version_id=link.version_id,
        definition_key=link.definition_key,
        process_id=process_id,
        primary=process_id == primary,
        confidence=min(confidence, link.confidence),
        evidence=f"Said by the same {of_whom} while this case was running.",
    )


def _related_items(item: FeedbackItem) -> CompoundSelect[int] | None:
    """Ids of all items of the conversation and of the customer: two index look-ups, never one with OR."""
    parts = []
    if item.conversation_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.conversation_id == item.conversation_id))
    if item.customer_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.customer_id == item.customer_id))
    return union(*parts) if parts else None
