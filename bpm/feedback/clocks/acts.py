"""What people do about the clocks of items: say that the customer is asked, let them go on, snooze, bring back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bpm import audit
from bpm.feedback.clocks.settling import AT_ONCE, ITEM, unsettle
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import ClockPause, FeedbackItem
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, demand

LONGEST_SNOOZE = timedelta(days=366)


def wait_for_customer(work: Work, item_id: int) -> None:
    """Let the clocks of the item's conversation stand until the customer says something."""
    item = _item(work, item_id)
    if _open_pause(work, item) is not None:
        raise ConflictError(_("The clocks stand already."), remedy=_("Look at the item again."))
    pause = ClockPause(conversation_id=item.conversation_id, began_at=work.now(), user_id=work.actor.user_id)
    work.session.add(pause)
    _note(work, item, "feedback.wait_for_customer", before={"waits": False}, after={"waits": True})


def go_on(work: Work, item_id: int) -> None:
    """Let the clocks of the item's conversation go on, whatever made them stand."""
    item = _item(work, item_id)
    pause = _open_pause(work, item)
    if pause is not None:
        pause.ended_at = work.now()
    else:
        now = work.now()
        work.session.add(
            ClockPause(conversation_id=item.conversation_id, began_at=now, ended_at=now, user_id=work.actor.user_id)
        )
    _note(work, item, "feedback.go_on", before={"waits": True}, after={"waits": False})


def snooze(work: Work, item_id: int, until: datetime | None) -> FeedbackItem:
    """Put an item out of the way until then, or until the customer says something; InvalidInputError for no time."""
    item = _item(work, item_id)
    if until is None or not work.now() < until <= work.now() + LONGEST_SNOOZE:
        remedy = _("Choose a time to come, within a year.")
        raise InvalidInputError(_("The item was not snoozed."), remedy=remedy, fields={"until": remedy})
    before = {"until": item.snoozed_until.isoformat() if item.snoozed_until else None}
    item.snoozed_until = until
    _note(work, item, "feedback.snooze", before=before, after={"until": until.isoformat()})
    return item


def bring_back(work: Work, item_id: int) -> FeedbackItem:
    """Let a snoozed item be to do again."""
    item = _item(work, item_id)
    before = {"until": item.snoozed_until.isoformat() if item.snoozed_until else None}
    item.snoozed_until = None
    _note(work, item, "feedback.bring_back", before=before, after={"until": None})
    return item


def sweep_snoozed(unit_of_work: Transactions) -> int:
    """Bring back what was snoozed until now; how many items."""
    with unit_of_work.reading() as work:
        back = (ITEM.c.snoozed_until.is_not(None), ITEM.c.snoozed_until <= work.now())
        ids = list(work.session.scalars(select(ITEM.c.id).where(*back).limit(AT_ONCE)))
    if ids:
        with unit_of_work() as work:
            work.session.execute(update(ITEM).where(ITEM.c.id.in_(ids), *back).values(snoozed_until=None))
            work.nudge("feedback")
    return len(ids)


def _item(work: Work, item_id: int) -> FeedbackItem:
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a named person can do that."))
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    if item.conversation_id is None:
        raise ConflictError(_("The item is in no conversation yet."), remedy=_("Try again in a moment."))
    return item


def _open_pause(work: Work, item: FeedbackItem) -> ClockPause | None:
    return work.session.scalar(
        select(ClockPause).where(ClockPause.conversation_id == item.conversation_id, ClockPause.ended_at.is_(None))
    )


def _note(work: Work, item: FeedbackItem, verb: str, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    work.session.flush()
    audit.record(work, verb, feedback_item(item.id), before=before, after=after)
    theirs = select(ITEM.c.id).where(ITEM.c.conversation_id == item.conversation_id)
    unsettle(work, list(work.session.scalars(theirs.limit(AT_ONCE))))
    work.nudge("feedback")
