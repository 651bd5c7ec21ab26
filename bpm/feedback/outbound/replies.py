"""The short way: answer an item where it was said, and say that a reply was said by hand."""

from collections.abc import Collection

from bpm.feedback.models import Reply
from bpm.feedback.outbound.acts import message_of, say_it_was_said
from bpm.feedback.outbound.making import send
from bpm.feedback.outbound.wish import Wish
from bpm.foundation.work import Work
from bpm.identity import Permission, demand


def reply(work: Work, item_id: int, text: str, *, confirmed: Collection[str] = (), drafted: str = "") -> Reply:
    """Answer an item in the name of the person who acts, where it was said; see `making.send` for what is refused."""
    row = send(work, Wish(item_id, text, confirmed=frozenset(confirmed), drafted=drafted))
    return work.session.get_one(Reply, row.reply_id)


def mark_sent(work: Work, reply_id: int) -> Reply:
    """Say that a reply was said by hand; a second time changes nothing."""
    demand(work.actor, Permission.ANSWER)
    row = message_of(work, reply_id)
    say_it_was_said(work, row.id)
    return work.session.get_one(Reply, reply_id)
