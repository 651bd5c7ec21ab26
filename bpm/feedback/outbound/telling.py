"""The author of a message is told when it does not reach the customer, and told no more when that is settled."""

from bpm import notices
from bpm.feedback.models import OutboundMessage
from bpm.feedback.status import MessageState
from bpm.foundation.texts import _
from bpm.foundation.work import Work

KIND = "reply_failed"
_WORDS = {
    MessageState.TEMPORARY_FAILURE: _("Your answer to %(whom)s did not leave"),
    MessageState.PERMANENT_FAILURE: _("Your answer to %(whom)s was refused or came back"),
    MessageState.TECHNICAL_FAILURE: _("Your answer to %(whom)s could not be sent from here"),
    MessageState.PERHAPS_SENT: _("Your answer to %(whom)s has perhaps left: look before you send it again"),
}


def tell_author(work: Work, row: OutboundMessage, *, was_in_trouble: bool) -> None:
    """One notice while it stands there; tries that go on by themselves are none."""
    if row.author_user_id is None:
        return
    words = _WORDS.get(row.state)
    if words is None:
        if was_in_trouble:
            notices.mark_done(work, (KIND,), ("message", row.id))
    elif row.next_at is None:
        notices.raise_for(
            work, [row.author_user_id], KIND, words % {"whom": row.to_address or _("a customer")},
            f"/outbox/messages/{row.id}", about=("message", row.id), key=f"message:{row.id}",
        )  # fmt: skip
