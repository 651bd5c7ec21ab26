"""What is unwanted: items marked as spam and senders who are blocked; held apart, listed, let in again.

A held item is kept as it is and not `current`: lists, triggers, clocks and figures read current items only.
"""

from collections.abc import Sequence

from sqlalchemy import select, update

from bpm import audit
from bpm.feedback.customers import Address, held_because
from bpm.feedback.events import ItemReceived
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import BlockedSender, ContactPoint, FeedbackItem
from bpm.feedback.people.telling_apart import get_customer
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.search import Changed

SPAM = "marked as unwanted"


def hold_item(work: Work, item_id: int) -> None:
    """Set an item apart as unwanted; cases that it has started run on. ConflictError when it is held already."""
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    if item.held_at is not None:
        raise ConflictError(_("It is held apart already."), remedy=_("Look under Held apart."))
    if item.answered_at is not None or item.decision is not None:
        raise InvalidInputError(
            _("Somebody has answered it or decided on it."), remedy=_("What people did stays: leave it in the inbox.")
        )
    audit.record(work, "feedback.hold", feedback_item(item.id), before={"held": False}, after={"held": SPAM})
    item.current, item.held_at, item.held_because = False, work.now(), SPAM
    work.publish(Changed("item", (item.id,)))
    work.nudge("feedback")


def release_item(work: Work, item_id: int) -> None:
    """Let a held item in as if it had come now; ConflictError when it is not held."""
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    if item.held_at is None:
        raise ConflictError(_("It is not held apart."), remedy=_("Look at the list again."))
    audit.record(
        work, "feedback.release", feedback_item(item.id), before={"held": item.held_because}, after={"held": False}
    )
    _release(work, [item.id])


def block_sender(work: Work, customer_id: int, *, reason: str = "") -> int:
    """Hold apart what comes from all addresses of a customer, and what is open of theirs; how many items that is."""
    demand(work.actor, Permission.ANSWER)
    customer = get_customer(work, customer_id)
    points = work.session.scalars(
        select(ContactPoint).where(ContactPoint.customer_id == customer.id, ContactPoint.ended_at.is_(None))
    ).all()
    known = {
        Address(row.kind, row.scope, row.value)
        for row in work.session.scalars(select(BlockedSender).where(BlockedSender.lifted_at.is_(None)))
    }
    rows = [
        BlockedSender(
            kind=point.kind, scope=point.scope, value=point.value, reason=reason.strip()[:2000], at=work.now(),
            user_id=work.actor.user_id,
        )
        for point in points
        if Address(point.kind, point.scope, point.value) not in known
    ]  # fmt: skip
    if not rows:
        raise ConflictError(_("This sender is blocked already."), remedy=_("Look under Held apart."))
    work.session.add_all(rows)
    work.session.flush()
    thing = audit.Thing("customer", customer.id, f"Customer {customer.id}")
    audit.record(work, "customer.block", thing, after={"addresses": len(rows)}, reason=reason)
    held = work.session.scalars(
        update(FeedbackItem)
        .where(
            FeedbackItem.customer_id == customer.id,
            FeedbackItem.current,
            FeedbackItem.decision.is_(None),
            FeedbackItem.answered_at.is_(None),
        )
        .values(current=False, held_at=work.now(), held_because=held_because(rows[0].id))
        .returning(FeedbackItem.id)
    ).all()
    work.publish(Changed("item", tuple(held)))
    work.nudge("feedback")
    return len(held)


def lift_block(work: Work, block_id: int) -> int:
    """Take what comes from a sender as before, and let in what is held for it; how many items that is."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(BlockedSender, block_id)
    if row is None:
        raise NotFoundError(_("There is no block %(block_id)s.") % {"block_id": block_id})
    if row.lifted_at is not None:
        raise ConflictError(_("This is lifted already."), remedy=_("Look at the list again."))
    row.lifted_at = work.now()
    thing = audit.Thing("block", row.id, f"Blocked sender {row.id}")
    audit.record(work, "customer.lift_block", thing, before={"blocked": True}, after={"blocked": False})
    held = work.session.scalars(
        select(FeedbackItem.id).where(
            FeedbackItem.held_because == held_because(row.id), FeedbackItem.held_at.is_not(None)
        )
    ).all()
    _release(work, held)
    return len(held)


def _release(work: Work, item_ids: Sequence[int]) -> None:
    """The newest version of each is current again."""
    superseded = select(FeedbackItem.supersedes_id).where(FeedbackItem.supersedes_id.is_not(None))
    for start in range(0, len(item_ids), 500):
        part = item_ids[start : start + 500]
        of_them = FeedbackItem.id.in_(part)
        work.session.execute(
            update(FeedbackItem).where(of_them, FeedbackItem.id.not_in(superseded)).values(current=True)
        )
        work.session.execute(update(FeedbackItem).where(of_them).values(held_at=None, held_because=""))
        for item_id in part:
            work.publish(ItemReceived(item_id))
        work.publish(Changed("item", tuple(part)))
    work.session.expire_all()
    work.nudge("feedback")
