"""Conversations put together and taken apart by people; every move is a link that is ended, so it can be undone.

A merge leaves a pointer on the conversation that was merged, so that later replies in its threads follow it, and on
each moved item a link that says where it came from. Undoing it ends those links and brings each item back to where it
was; what was said in between stays where it is.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from bpm import audit
from bpm.feedback.conversations.participants import Part, note_parts
from bpm.feedback.items import get_current
from bpm.feedback.models import Conversation, ConversationLink, ConversationPerson, FeedbackItem
from bpm.feedback.status import Role
from bpm.foundation.db import lock_in_order
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MERGED, SPLIT, BACK, JOINED = "merged by hand", "split by hand", "merge undone", "thread joined"


def join_threads(work: Work, conversation_id: int, *, into: int, key: str) -> None:
    """Put a conversation of replies together with that of what they answer, which came later under the name `key`."""
    gone, kept = _get_both(work, conversation_id, into)
    if gone.id == kept.id or gone.merged_into_id is not None or kept.merged_into_id is not None:
        return
    ids = list(work.session.scalars(select(FeedbackItem.id).where(FeedbackItem.conversation_id == gone.id)))
    gone.merged_into_id = kept.id
    kept.started_at, kept.last_at = min(kept.started_at, gone.started_at), max(kept.last_at, gone.last_at)
    _move(work, ids, kept.id, method=JOINED, evidence={"from": gone.id, "key": key})


def merge_conversations(work: Work, conversation_id: int, *, into: int, reason: str = "") -> int:
    """Move everything said in one conversation into another; how many items moved. `unmerge` undoes it.

    ConflictError when it was merged already, InvalidInputError when both are the same.
    """
    demand(work.actor, Permission.ANSWER)
    gone, kept = _get_both(work, conversation_id, into)
    if gone.id == kept.id:
        raise InvalidInputError("This is the same conversation.", remedy="Choose another item.")
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        raise ConflictError("One of them was merged already.", remedy="Undo that merge first.")
    ids = list(work.session.scalars(select(FeedbackItem.id).where(FeedbackItem.conversation_id == gone.id)))
    gone.merged_into_id = kept.id
    kept.started_at, kept.last_at = min(kept.started_at, gone.started_at), max(kept.last_at, gone.last_at)
    _move(work, ids, kept.id, method=MERGED, evidence={"from": gone.id}, note=reason)
    _note(
        work, "merge", gone.id, {"conversation": gone.id}, {"conversation": kept.id, "items": len(ids)}, reason=reason
    )
    return len(ids)


def unmerge(work: Work, conversation_id: int) -> int:
    """Undo the merge of a conversation; how many items came back. ConflictError when it is not merged."""
    demand(work.actor, Permission.ANSWER)
    gone, _kept = _get_both(work, conversation_id, _get(work, conversation_id).merged_into_id or conversation_id)
    if gone.merged_into_id is None:
        raise ConflictError("This conversation is not merged.", remedy="Look again: somebody may have undone it.")
    links = work.session.execute(
        select(ConversationLink.item_id, ConversationLink.evidence).where(
            ConversationLink.conversation_id == gone.merged_into_id,
            ConversationLink.method.in_((MERGED, JOINED)),
            ConversationLink.valid_to.is_(None),
        )
    )
    ids = [item_id for item_id, evidence in links if evidence.get("from") == gone.id]
    kept = _get(work, gone.merged_into_id)
    gone.merged_into_id = None
    _move(work, ids, gone.id, method=BACK, evidence={"from": kept.id})
    _note(work, "unmerge", gone.id, {"conversation": kept.id}, {"conversation": gone.id, "items": len(ids)})
    _set_ends(work, kept)
    return len(ids)


def split_off(work: Work, item_id: int, *, reason: str = "") -> int:
    """Take one item (with all its versions) out into a conversation of its own; the new conversation's id."""
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    versions = list(
        work.session.scalars(
            select(FeedbackItem.id).where(
                FeedbackItem.source == item.source, FeedbackItem.natural_key == item.natural_key
            )
        )
    )
    before = _get(work, item.conversation_id or 0)
    fresh = Conversation(customer_id=item.customer_id, started_at=item.placed_at, last_at=item.placed_at)
    work.session.add(fresh)
    work.session.flush()
    _move(work, versions, fresh.id, method=SPLIT, evidence={"from": before.id}, note=reason)
    after = {"conversation": fresh.id, "item": item_id}
    _note(work, "split", before.id, {"conversation": before.id}, after, reason=reason)
    _set_ends(work, before)
    _part_people(work, item, before.id, fresh.id)
    return fresh.id


def _part_people(work: Work, item: FeedbackItem, before_id: int, fresh_id: int) -> None:
    """The author of what was taken out takes part there, and here only while words of theirs are left."""
    if item.customer_id is None:
        return
    of_theirs = ConversationPerson.customer_id == item.customer_id, ConversationPerson.role == Role.AUTHOR
    here = work.session.scalars(
        select(ConversationPerson).where(ConversationPerson.conversation_id == before_id, *of_theirs)
    ).all()
    note_parts(work, [Part(fresh_id, Role.AUTHOR, item.placed_at, row.home_id, row.customer_id) for row in here])
    left = select(FeedbackItem.id).where(
        FeedbackItem.conversation_id == before_id, FeedbackItem.customer_id == item.customer_id
    )
    if work.session.scalar(left.limit(1)) is None:
        work.session.execute(
            delete(ConversationPerson).where(ConversationPerson.conversation_id == before_id, *of_theirs)
        )


def _note(
    work: Work, verb: str, conversation_id: int, before: dict[str, Any], after: dict[str, Any], *, reason: str = ""
) -> None:
    thing = audit.Thing("conversation", conversation_id, "", f"conversation {conversation_id}")
    audit.record(work, f"conversation.{verb}", thing, before=before, after=after, reason=reason)


def _get(work: Work, conversation_id: int) -> Conversation:
    found = work.session.get(Conversation, conversation_id)
    if found is None:
        raise NotFoundError(f"There is no conversation {conversation_id}.")
    return found


def _get_both(work: Work, one_id: int, other_id: int) -> tuple[Conversation, Conversation]:
    """Two conversations, held until the transaction ends: of two people at one instant the second sees the first."""
    lock_in_order(work.session, Conversation, (one_id, other_id))
    return _get(work, one_id), _get(work, other_id)


def _move(
    work: Work, item_ids: Sequence[int], to: int, *, method: str, evidence: dict[str, Any], note: str = ""
) -> None:
    """End the items' links and add new ones; the pointer on the item follows."""
    now = work.now()
    for start in range(0, len(item_ids), 500):
        part = item_ids[start : start + 500]
        work.session.execute(
            update(ConversationLink)
            .where(ConversationLink.item_id.in_(part), ConversationLink.valid_to.is_(None))
            .values(valid_to=now)
        )
        shared = {"conversation_id": to, "method": method, "confidence": 1.0, "author": work.actor.name}
        shared |= {"evidence": evidence, "note": note.strip()[:2000], "valid_from": now, "valid_to": None}
        work.session.execute(insert(ConversationLink), [{"item_id": each} | shared for each in part])
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(part)).values(conversation_id=to))
    work.nudge("feedback")


def _set_ends(work: Work, conversation: Conversation) -> None:
    """First and last word of what is left; unchanged when nothing is."""
    said = list(
        work.session.scalars(
            select(FeedbackItem.placed_at)
            .where(FeedbackItem.conversation_id == conversation.id)
            .order_by(FeedbackItem.placed_at)
        )
    )
    if said:
        conversation.started_at, conversation.last_at = said[0], said[-1]
