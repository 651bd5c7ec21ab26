"""Many items at once: labels corrected and decisions taken as one act, with one undo that touches nothing else.

Each item goes through the same command as alone, so triggers, episodes and the trail see no difference. The undo puts
back what stood before on each item that nobody has touched since.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from bpm import audit
from bpm.feedback.conversations.merge import merge_conversations, unmerge
from bpm.feedback.events import ItemDecided
from bpm.feedback.items import feedback_item
from bpm.feedback.models import Classification, Conversation, Correction, Decision, Episode, FeedbackItem
from bpm.feedback.triage.corrections import correct
from bpm.feedback.triage.replies import decide
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.search import Changed

MOST = 200


@dataclass(frozen=True)
class DoneTogether:
    """What one act changed: rows of corrections or decisions after `behind` up to `upto`, by this person."""

    items: int
    behind: int
    upto: int


def correct_many(
    work: Work,
    item_ids: Sequence[int],
    *,
    primary: str | None = None,
    urgency: int | None = None,
    topic: str | None = None,
) -> DoneTogether:
    """Overrule the labels that are given, on each item; InvalidInputError when nothing or nobody is chosen."""
    ids = _chosen(work, item_ids)
    if primary is None and urgency is None and topic is None:
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Choose a label to set."))
    behind = work.session.scalar(select(func.max(Correction.id))) or 0
    for item_id in ids:
        correct(work, item_id, primary=primary, urgency=urgency, topic=topic)
    return DoneTogether(len(ids), behind, work.session.scalar(select(func.max(Correction.id))) or behind)


def decide_many(work: Work, item_ids: Sequence[int], decision: str, *, reason: str) -> DoneTogether:
    """Take the same decision on each item, for the same reason; see `decide`."""
    ids = _chosen(work, item_ids)
    behind = work.session.scalar(select(func.max(Decision.id))) or 0
    for item_id in ids:
        decide(work, item_id, decision, reason=reason)
    return DoneTogether(len(ids), behind, work.session.scalar(select(func.max(Decision.id))) or behind)


def merge_many(work: Work, item_ids: Sequence[int], *, reason: str = "") -> tuple[int, ...]:
    """Put the conversations of these items together, into the oldest; gives those that were moved, for the undo."""
    ids = _chosen(work, item_ids)
    talk = FeedbackItem.conversation_id
    known = select(talk).where(FeedbackItem.id.in_(ids), talk.is_not(None)).group_by(talk).order_by(func.min(talk))
    talks = [each for each in work.session.scalars(known) if each is not None]
    if len(talks) < 2:
        said = _("They are in one conversation already.")
        raise InvalidInputError(_("Nothing was put together."), remedy=said, fields={"item": said})
    for each in talks[1:]:
        merge_conversations(work, each, into=talks[0], reason=reason)
    return tuple(talks[1:])


def undo_merges(work: Work, conversation_ids: Sequence[int]) -> int:
    """Take apart what one act put together; how many conversations. Those taken apart since are left."""
    demand(work.actor, Permission.ANSWER)
    merged = select(Conversation.id).where(
        Conversation.id.in_(list(conversation_ids)[:MOST]), Conversation.merged_into_id.is_not(None)
    )
    found = list(work.session.scalars(merged.order_by(Conversation.id.desc())))
    _refuse_nothing(found)
    for each in found:
        unmerge(work, each)
    return len(found)


def undo_corrections(work: Work, *, behind: int, upto: int) -> int:
    """Put back what this person's corrections of one act overruled; how many items. Those touched since are left."""
    demand(work.actor, Permission.ANSWER)
    mine = Correction.user_id == work.actor.user_id
    rows = list(work.session.scalars(select(Correction).where(Correction.id > behind, Correction.id <= upto, mine)))
    _refuse_nothing(rows)
    before: dict[int, dict[str, object]] = {}
    for row in rows:
        before.setdefault(row.item_id, {})[row.field] = row.before
    later = set(
        work.session.scalars(select(Correction.item_id).where(Correction.item_id.in_(before), Correction.id > upto))
    )
    done = {item_id for item_id in before if item_id not in later}
    for item_id in done:
        _put_back(work, item_id, before[item_id])
    for row in rows:
        if row.item_id in done:
            work.session.delete(row)
    work.session.flush()
    return len(done)


def _put_back(work: Work, item_id: int, before: dict[str, object]) -> None:
    """The reading that stood before the correction stands again; the correction teaches nothing."""
    newest = work.session.scalars(
        select(Classification).where(Classification.item_id == item_id).order_by(Classification.id.desc()).limit(2)
    ).all()
    if len(newest) == 2 and newest[0].current:
        newest[0].current = False
        work.session.flush()
        newest[1].current = True
    work.session.flush()
    audit.record(work, "feedback.undo_correct", feedback_item(item_id), before={}, after=before)
    work.publish(Changed("item", (item_id,)))
    work.nudge("feedback")


def undo_decisions(work: Work, *, behind: int, upto: int) -> int:
    """Take back this person's decisions of one act; how many items. Those decided anew since are left."""
    demand(work.actor, Permission.ANSWER)
    mine = Decision.user_id == work.actor.user_id
    rows = list(work.session.scalars(select(Decision).where(Decision.id > behind, Decision.id <= upto, mine)))
    _refuse_nothing(rows)
    done = 0
    for row in rows:
        standing = select(Decision).where(Decision.item_id == row.item_id).order_by(Decision.id.desc()).limit(2)
        newest = work.session.scalars(standing).all()
        if newest[0].id != row.id:
            continue
        former = newest[1].decision if len(newest) == 2 else None
        item = work.session.get_one(FeedbackItem, row.item_id)
        item.decision = former
        if former is None and item.episode_id is not None:
            work.session.execute(update(Episode).where(Episode.id == item.episode_id).values(closed_at=None))
        audit.record(
            work,
            "feedback.undo_decide",
            feedback_item(row.item_id),
            before={"decision": row.decision},
            after={"decision": former},
        )
        work.session.delete(row)
        work.publish(ItemDecided(row.item_id))
        work.publish(Changed("item", (row.item_id,)))
        done += 1
    work.session.flush()
    work.nudge("feedback")
    return done


def _chosen(work: Work, item_ids: Sequence[int]) -> list[int]:
    demand(work.actor, Permission.ANSWER)
    ids = list(dict.fromkeys(item_ids))
    if not ids or len(ids) > MOST:
        said = _("Choose 1 to %(most)s items.") % {"most": MOST}
        raise InvalidInputError(_("Nothing was done."), remedy=said, fields={"item": said})
    return ids


def _refuse_nothing(rows: Sequence[object]) -> None:
    if not rows:
        raise ConflictError(_("There is nothing to undo."), remedy=_("It was undone already, or somebody else did it."))
