"""One conversation as its guests see it, with what colleagues say of it; and who is pulled in, or let go."""

from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing
from bpm.feedback.people import guests
from bpm.feedback.people.guests import Guest, Note
from bpm.feedback.queries import Entry, stream_of
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.on_record.reads import note_read
from web.core.rendering import go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.blueprint import blueprint as inbox

blueprint = Blueprint("guests", __name__, url_prefix="/conversations")

SHOWN = ("item", "reply")
"""What a guest reads of a stream: what was said, to both sides."""


@dataclass(frozen=True)
class ConversationPage:
    """What inbox/conversation.html shows."""

    conversation_id: int
    entries: tuple[Entry, ...]
    older: int
    notes: tuple[Note, ...]
    guests: tuple[Guest, ...]
    """Whom the reader may let go."""
    item_id: int | None
    """An item of it, for who may open the inbox."""
    problem: str = ""


@blueprint.get("/<int:conversation_id>")
@needs(Permission.SIGNED_IN)
def conversation(conversation_id: int) -> str:
    page = _page(conversation_id)
    note_read("conversation.read", Thing("conversation", conversation_id, f"Conversation {conversation_id}"))
    return render("inbox/conversation.html", page)


@blueprint.post("/<int:conversation_id>/notes")
@needs(Permission.SIGNED_IN)
def write(conversation_id: int) -> Response | tuple[str, int]:
    try:
        guests.write_note(work(), conversation_id, request.form.get("text", ""))
    except InvalidInputError as error:
        return render("inbox/conversation.html", _page(conversation_id, problem=error.remedy)), 400
    say(_("Said to your colleagues; no customer reads it."))
    return go("guests.conversation", conversation_id=conversation_id)


@blueprint.post("/<int:conversation_id>/guests/<int:user_id>/end")
@needs(Permission.ANSWER)
def dismiss(conversation_id: int, user_id: int) -> Response:
    guests.dismiss_guest(work(), conversation_id, user_id)
    say(_("They do not see it any more."))
    return go_back("guests.conversation", conversation_id=conversation_id)


@inbox.post("/<int:item_id>/guests")
@needs(Permission.ANSWER)
def invite(item_id: int) -> Response:
    person = identity.find_user(work(), request.form.get("person", "").strip())
    guests.invite_guest(work(), item_id, person.id, why=request.form.get("why", ""))
    say(_("%(name)s sees this conversation for 14 days, and no other.") % {"name": person.display_name})
    return go_back("inbox.item", item_id=item_id)


def _page(conversation_id: int, *, problem: str = "") -> ConversationPage:
    guests.demand_seen(work(), conversation_id)
    stream = stream_of(work(), conversation_id)
    sees_all, answers = may(actor(), Permission.SEE_FEEDBACK), may(actor(), Permission.ANSWER)
    said = tuple(each for each in stream.entries if each.kind in SHOWN)
    items = [each.item_id for each in said if each.kind == "item"]
    return ConversationPage(
        conversation_id=conversation_id,
        entries=said,
        older=stream.older,
        notes=guests.notes_of(work(), conversation_id),
        guests=guests.guests_of(work(), conversation_id) if answers else (),
        item_id=items[-1] if items and sees_all else None,
        problem=problem,
    )
