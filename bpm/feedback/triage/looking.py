"""Who else has an item open, and who is writing an answer to it: so that two people do not answer one customer."""

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, and_, select, update
from sqlalchemy.exc import IntegrityError

from bpm.feedback.models import FeedbackItem, ItemLook, ReplyInWriting
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity.entry.presence import THERE_FOR, Colleague
from bpm.identity.models import User

LOOK = cast("Table", ItemLook.__table__)
WRITING_FOR = timedelta(seconds=60)
"""How long somebody counts as writing after their last word."""


def look_at(work: Work, item_id: int) -> tuple[Colleague, ...]:
    """Say that the person who acts has the item open; gives who else has, by name. NotFoundError for no item."""
    if work.session.scalar(select(FeedbackItem.id).where(FeedbackItem.id == item_id)) is None:
        raise NotFoundError(_("There is no item %(id)s.") % {"id": item_id})
    _note(work, item_id)
    now = work.now()
    writing = and_(ReplyInWriting.item_id == item_id, ReplyInWriting.user_id == ItemLook.user_id)
    rows = work.session.execute(
        select(User.display_name, ReplyInWriting.at)
        .join(ItemLook, ItemLook.user_id == User.id)
        .outerjoin(ReplyInWriting, writing)
        .where(ItemLook.item_id == item_id, ItemLook.at > now - THERE_FOR, User.id != work.actor.user_id)
        .order_by(User.display_name)
        .limit(10)
    )
    return tuple(Colleague(name, at is not None and at > now - WRITING_FOR) for name, at in rows)


def _note(work: Work, item_id: int) -> None:
    here = {"item_id": item_id, "at": work.now()}
    mine = update(LOOK).where(LOOK.c.user_id == work.actor.user_id).values(**here)
    if affected(work, mine):
        return
    try:
        with work.session.begin_nested():
            work.session.add(ItemLook(user_id=work.actor.user_id, **here))
    except IntegrityError:  # another page of the same person came first
        work.session.execute(mine)
