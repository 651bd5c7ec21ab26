"""What people do with promises: make, keep, withdraw, take over, and take such a step back."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from bpm import audit, notices
from bpm.calendars import company_calendar
from bpm.feedback.clocks import unsettle
from bpm.feedback.limits import is_blank
from bpm.feedback.models import Customer, FeedbackItem, Promise, Reply
from bpm.feedback.promises.alerts import KINDS, first_alert
from bpm.feedback.status import PromiseOrigin, PromiseStatus
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

LONGEST = 2_000
"""Characters of what is promised, and of a note."""
FARTHEST = timedelta(days=5 * 366)
UNSETTLED = frozenset({PromiseStatus.OPEN, PromiseStatus.BROKEN})
"""What is still to be kept, in time or late."""


def make_promise(
    work: Work,
    text: str,
    until: datetime | None,
    *,
    item_id: int | None = None,
    customer_id: int | None = None,
    reply_id: int | None = None,
) -> Promise:
    """Promise something in the name of the person who acts: to who said the item, or to a customer.

    ForbiddenError unless a person who may answer acts: nothing promises by itself. InvalidInputError names the field.
    """
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a named person can promise something."), remedy=_("Propose it and let one do so."))
    demand(work.actor, Permission.ANSWER)
    words, until = _words(text, "promise_text"), _until(work, until)
    item = _item(work, item_id, reply_id)
    if item is None and (customer_id is None or work.session.get(Customer, customer_id) is None):
        raise NotFoundError(_("There is no customer %(id)s.") % {"id": customer_id})
    row = Promise(
        customer_id=item.customer_id if item else customer_id,
        item_id=item.id if item else None,
        reply_id=reply_id,
        origin=_origin(item, reply_id),
        text=words,
        until_at=until,
        made_by=work.actor.user_id,
        made_at=work.now(),
        changed_at=work.now(),
        owner_id=work.actor.user_id,
        alert_at=first_alert(work.now(), until, company_calendar(work)),
    )
    work.session.add(row)
    work.session.flush()
    made = {"promise": row.id, "until": until.isoformat(), "characters": len(words), "origin": row.origin}
    audit.record(work, "promise.make", _thing(row), before={"promise": None}, after=made)
    _in_the_queue(work, row)
    return row


def _item(work: Work, item_id: int | None, reply_id: int | None) -> FeedbackItem | None:
    if reply_id is not None:
        reply = work.session.get(Reply, reply_id)
        if reply is None:
            raise NotFoundError(_("There is no reply %(id)s.") % {"id": reply_id})
        item_id = reply.item_id
    if item_id is None:
        return None
    item = work.session.get(FeedbackItem, item_id)
    if item is None:
        raise NotFoundError(_("There is no item %(id)s.") % {"id": item_id})
    return item


def _origin(item: FeedbackItem | None, reply_id: int | None) -> PromiseOrigin:
    if reply_id is not None:
        return PromiseOrigin.REPLY
    return PromiseOrigin.CALL if item is not None and item.channel == "call" else PromiseOrigin.HAND


def keep_promise(work: Work, promise_id: int, note: str = "") -> Promise:
    """Say that it was kept; ConflictError where it was settled already."""
    return _settle(work, promise_id, PromiseStatus.KEPT, note)


def withdraw_promise(work: Work, promise_id: int, note: str) -> Promise:
    """Say that it does not hold any more, and why; InvalidInputError without a reason."""
    return _settle(work, promise_id, PromiseStatus.WITHDRAWN, _words(note, "note"))


def _settle(work: Work, promise_id: int, status: PromiseStatus, note: str) -> Promise:
    row = _mine_to_change(work, promise_id)
    if row.status not in UNSETTLED:
        raise ConflictError(_("This promise is settled already."), remedy=_("Look at it again."))
    before = {"status": row.status}
    row.status, row.note = status, note.strip()[:LONGEST]
    row.settled_at, row.settled_by, row.alert_at = work.now(), work.actor.user_id, None
    row.changed_at = work.now()
    audit.record(work, f"promise.{status}", _thing(row), before=before, after={"status": status, "note": row.note})
    notices.mark_done(work, KINDS, ("promise", row.id))
    _in_the_queue(work, row)
    return row


def reopen_promise(work: Work, promise_id: int) -> Promise:
    """Take back that it was kept or withdrawn."""
    row = _mine_to_change(work, promise_id)
    if row.status in UNSETTLED:
        raise ConflictError(_("This promise is still to be kept."), remedy=_("Look at it again."))
    if row.status == PromiseStatus.ERASED:
        raise ConflictError(_("Whom it was made to was erased at their wish."), remedy=_("Nothing is left to keep."))
    before = {"status": row.status, "note": row.note}
    row.status = PromiseStatus.BROKEN if row.broken_at else PromiseStatus.OPEN
    row.settled_at, row.settled_by, row.note, row.changed_at = None, None, "", work.now()
    row.alert_at = None if row.broken_at else first_alert(work.now(), row.until_at, company_calendar(work))
    audit.record(work, "promise.reopen", _thing(row), before=before, after={"status": row.status})
    _in_the_queue(work, row)
    return row


def drop_promises_of(work: Work, reply_id: int) -> None:
    """A reply was taken back before it left: what was promised in it does not hold, and the reply can go."""
    for row in work.session.scalars(select(Promise).where(Promise.reply_id == reply_id)).all():
        if row.status in UNSETTLED:
            _settle(work, row.id, PromiseStatus.WITHDRAWN, _("The reply was taken back before it left."))
        row.reply_id = None
    work.session.flush()


def erase_promises_to(work: Work, theirs: ColumnElement[bool]) -> None:
    """Whom they were made to is erased: what was still to be kept is so no more; what was late stays so in figures."""
    for row in work.session.scalars(select(Promise).where(theirs, Promise.status.in_(sorted(UNSETTLED)))).all():
        row.status, row.settled_at, row.settled_by, row.alert_at = PromiseStatus.ERASED, work.now(), None, None
        row.changed_at = work.now()
        notices.mark_done(work, KINDS, ("promise", row.id))
        _in_the_queue(work, row)


def take_over_promise(work: Work, promise_id: int) -> Promise:
    """Keep it instead of who had it: its alerts come to the person who acts from now on."""
    row = _mine_to_change(work, promise_id)
    before = {"owner": row.owner_id}
    row.owner_id = work.actor.user_id or row.owner_id
    audit.record(work, "promise.take_over", _thing(row), before=before, after={"owner": row.owner_id})
    notices.mark_done(work, KINDS, ("promise", row.id))
    return row


def _in_the_queue(work: Work, row: Promise) -> None:
    """What was promised comes before what was not."""
    if row.item_id is not None:
        work.session.flush()
        unsettle(work, [row.item_id])


def _mine_to_change(work: Work, promise_id: int) -> Promise:
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a named person can say what became of a promise."))
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(Promise, promise_id)
    if row is None:
        raise NotFoundError(_("There is no promise %(id)s.") % {"id": promise_id})
    return row


def _words(text: str, field: str) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if is_blank(words):
        remedy = _("Write what is promised.") if field == "promise_text" else _("Say why.")
        raise InvalidInputError(_("Nothing was written."), remedy=remedy, fields={field: remedy})
    if len(words) > LONGEST:
        too_long = _("At most %(most)s characters.") % {"most": LONGEST}
        raise InvalidInputError(_("It is too long."), remedy=too_long, fields={field: too_long})
    return words


def _until(work: Work, until: datetime | None) -> datetime:
    remedy = ""
    if until is None:
        remedy = _("Say until when.")
    elif until <= work.now():
        remedy = _("Choose a time to come.")
    elif until > work.now() + FARTHEST:
        remedy = _("Choose a time within five years.")
    if remedy or until is None:
        raise InvalidInputError(_("The promise was not made."), remedy=remedy, fields={"until": remedy})
    return until


def _thing(row: Promise) -> audit.Thing:
    about = f"item {row.item_id}" if row.item_id else f"customer {row.customer_id}"
    return audit.Thing("promise", row.id, f"Promise {row.id}", about)
