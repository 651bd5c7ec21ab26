"""The author of a message is told when it does not reach the customer, and told no more when that is settled.

Whoever is switched off hears nothing: their colleagues of the same groups who may answer do, else the administrators.
"""

from bpm import identity, notices
from bpm.feedback.models import OutboundMessage
from bpm.feedback.status import MessageState
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User

KIND = "reply_failed"
_WORDS = {
    MessageState.TEMPORARY_FAILURE: _("Your answer to %(whom)s did not leave"),
    MessageState.PERMANENT_FAILURE: _("Your answer to %(whom)s was refused or came back"),
    MessageState.TECHNICAL_FAILURE: _("Your answer to %(whom)s could not be sent from here"),
    MessageState.PERHAPS_SENT: _("Your answer to %(whom)s has perhaps left: look before you send it again"),
}

_OF_A_LEAVER = _("An answer of %(who)s to %(whom)s waits for somebody: %(who)s is switched off")


def tell_author(work: Work, row: OutboundMessage, *, was_in_trouble: bool) -> None:
    """One notice while it stands there; tries that go on by themselves are none."""
    if row.author_user_id is None:
        return
    words = _WORDS.get(row.state)
    if words is None:
        if was_in_trouble:
            notices.mark_done(work, (KIND,), ("message", row.id))
    elif row.next_at is None:
        author = identity.get_user(work, row.author_user_id)
        told = {"whom": row.to_address or _("a customer"), "who": author.display_name}
        notices.raise_for(
            work, {author.id} if author.active else stand_ins(work, author), KIND,
            (words if author.active else _OF_A_LEAVER) % told, f"/outbox/messages/{row.id}", about=("message", row.id),
            key=f"message:{row.id}",
        )  # fmt: skip


def stand_ins(work: Work, author: User) -> set[int]:
    """Who sees to what somebody left behind: those of their groups who may answer, else the administrators."""
    actors = [actor for number, actor in identity.find_actors(work).items() if number != author.id]
    mine = {group.key for group in author.groups}
    colleagues = {each.user_id for each in actors if each.groups & mine and may(each, Permission.ANSWER)}
    administrators = {each.user_id for each in actors if may(each, Permission.ADMIN)}
    return {number for number in colleagues or administrators if number is not None}
