"""How service tasks read what a job hands them; what does not fit is the BPMN error `bad_input`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine.api import BpmnError, JobCall
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.models import Attribution

BAD_INPUT = "bad_input"


def read_text(payload: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    """The text under `name`; BpmnError when it is missing and there is no default."""
    value = payload.get(name)
    if value is None or not str(value).strip():
        if default is None:
            raise BpmnError(BAD_INPUT, f"The variable “{name}” is needed and is empty.")
        return default
    return str(value).strip()


def read_number(payload: Mapping[str, Any], name: str, *, default: float) -> float:
    value = payload.get(name)
    if value is None:
        return default
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BpmnError(BAD_INPUT, f"The variable “{name}” should be a number, not {value!r}.") from None


def find_item(work: Work, call: JobCall) -> FeedbackItem | None:
    """The item the instance is about, in its newest version: `item_id`, else the first one linked to the instance.

    None for a case that a person opened by hand, without anything a customer sent.
    """
    item_id = call.payload.get("item_id") or work.session.scalar(
        select(Attribution.item_id)
        .where(Attribution.instance_id == call.instance_id, Attribution.valid_to.is_(None))
        .order_by(Attribution.id)
        .limit(1)
    )
    item = work.session.get(FeedbackItem, int(str(item_id))) if str(item_id or "").isdecimal() else None
    return newest(work, item) if item is not None else None


def item_of(work: Work, call: JobCall) -> FeedbackItem:
    """The item the instance is about; BpmnError when there is none."""
    item = find_item(work, call)
    if item is None:
        raise BpmnError(BAD_INPUT, "The instance is linked to no item, and “item_id” names none.")
    return item


def newest(work: Work, item: FeedbackItem) -> FeedbackItem:
    """The current version of the thing that `item` is a version of."""
    while not item.current:
        successor = work.session.scalar(select(FeedbackItem).where(FeedbackItem.supersedes_id == item.id))
        if successor is None:
            return item
        item = successor
    return item


def person_behind(work: Work, call: JobCall) -> User | None:
    """Who completed the last work item of the instance: what the job does was decided by that person."""
    return work.session.scalar(
        select(User)
        .join(WorkItem, WorkItem.completed_by == User.id)
        .where(WorkItem.instance_id == call.instance_id, WorkItem.status == WorkItemStatus.COMPLETED)
        .order_by(WorkItem.completed_at.desc(), WorkItem.id.desc())
        .limit(1)
    )
