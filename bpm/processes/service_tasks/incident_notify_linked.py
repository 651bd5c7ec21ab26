"""incident.notify_linked: drafts one update per linked customer, for a named person to send (law 1)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine.api import BpmnError, JobCall
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, may
from bpm.identity.models import User
from bpm.processes.models import Attribution, ReplyDraft
from bpm.processes.service_tasks.inputs import BAD_INPUT, person_behind, read_text
from bpm.processes.status import DraftStatus


def prepare_updates(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: update_text [, notify_by]. Out: drafts_prepared, drafts_for. One draft a conversation, even if run twice."""
    text, person = read_text(call.payload, "update_text"), _sender(work, call)
    drafted = set(
        work.session.scalars(
            select(ReplyDraft.item_id).where(
                ReplyDraft.instance_id == call.instance_id, ReplyDraft.element == call.element
            )
        )
    )
    items = _one_per_conversation(work, call.instance_id)
    for item_id in items:
        if item_id not in drafted:
            work.session.add(
                ReplyDraft(
                    item_id=item_id,
                    instance_id=call.instance_id,
                    element=call.element,
                    user_id=person.id,
                    text=text,
                    status=DraftStatus.WAITING,
                    created_at=work.now(),
                )
            )
    return {"drafts_prepared": len(items), "drafts_for": person.display_name}


def _sender(work: Work, call: JobCall) -> User:
    username = call.payload.get("notify_by")
    if username:
        person = work.session.scalar(select(User).where(User.username == str(username), User.active))
    else:
        person = person_behind(work, call)
    if person is None:
        raise BpmnError(BAD_INPUT, "Nobody is named who would send the update: let a person write it in a work item.")
    if not may(actor_of(person), Permission.ANSWER):
        raise BpmnError(BAD_INPUT, f"{person.display_name} may not answer customers: name an advocate as “notify_by”.")
    return person


def _one_per_conversation(work: Work, instance_id: int) -> list[int]:
    """The newest item of each conversation linked to the instance: nobody is told twice."""
    rows = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.conversation_id)
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(Attribution.instance_id == instance_id, Attribution.valid_to.is_(None))
        .order_by(FeedbackItem.placed_at, FeedbackItem.id)
    )
    newest = {row.conversation_id if row.conversation_id is not None else -row.id: row.id for row in rows}
    return sorted(newest.values())
