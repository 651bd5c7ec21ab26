"""A guest answers the customer of the one conversation they were pulled into: by the gate, and their host is told."""

from bpm import notices
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound.making import send
from bpm.feedback.outbound.wish import Wish
from bpm.feedback.people.guests import hosts_of
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Scope


def answer_as_guest(work: Work, wish: Wish, *, scope: Scope) -> OutboundMessage:
    """Send it in the guest's own name, like anybody's answer; who invited them reads what was said.

    ForbiddenError where they may only read; GateError as for `send`.
    """
    message = send(work, wish, on=scope)
    words = {"who": work.actor.display_name, "text": message.text}
    notices.raise_for(
        work, hosts_of(work, scope), "mentioned", _("%(who)s answered the customer as your guest: %(text)s") % words,
        f"/conversations/{message.conversation_id}", about=("conversation", message.conversation_id or 0),
        key=f"guest-answer:{message.id}",
    )  # fmt: skip
    return message
