"""One conversation as its guests see it, with what colleagues say of it; and who is pulled in, or let go."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing
from bpm.feedback import outbound
from bpm.feedback.outbound import GateError, Look, Wish
from bpm.feedback.people import guests
from bpm.feedback.people.guests import Guest, Note
from bpm.feedback.queries import Entry, stream_of
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission, Scope, may
from bpm.processes.guests_of_cases import scope_of
from web.core.on_record.reads import note_read
from web.core.rendering import go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.blueprint import blueprint as inbox
from web.outbox.acts import told_of

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
    reply: "ReplyForm | None" = None
    """For a guest who may speak with the customer."""
    problem: str = ""


@dataclass(frozen=True)
class ReplyForm:
    """What a guest is about to say, and what the gate makes of it."""

    item_id: int
    text: str
    look: Look
    confirmed: frozenset[str]
    problem: str

    @property
    def looked(self) -> bool:
        return bool(self.text.strip())


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
        here = scope_of(work(), conversation_id)
        guests.write_note(work(), conversation_id, request.form.get("text", ""), scope=here)
    except InvalidInputError as error:
        return render("inbox/conversation.html", _page(conversation_id, problem=error.remedy)), 400
    say(_("Said to your colleagues; no customer reads it."))
    return go("guests.conversation", conversation_id=conversation_id)


@blueprint.post("/<int:conversation_id>/reply")
@needs(Permission.SIGNED_IN)
def answer(conversation_id: int) -> Response | tuple[str, int]:
    """Send a guest's words to the customer, or show what the gate says of them."""
    scope = scope_of(work(), conversation_id)
    guests.demand_seen(work(), conversation_id, scope=scope)
    item_id = _newest(stream_of(work(), conversation_id).entries)
    if item_id is None:
        raise InvalidInputError(_("Nobody is here to be answered."), remedy=_("Write to your colleagues."))
    try:
        sent = outbound.answer_as_guest(work(), _wish(item_id), scope=scope)
    except InvalidInputError as error:
        seen = "" if isinstance(error, GateError) else next(iter(error.fields.values()), error.message)
        return render("inbox/conversation.html", _page(conversation_id, refused=seen)), 400
    back = url_for("guests.take_back", conversation_id=conversation_id, message_id=sent.id)
    by_hand = _("Kept as your reply, in your name. No channel of ours sends there: whoever invited you says it there.")
    told_of(sent, back=back, by_hand=by_hand)
    return go("guests.conversation", conversation_id=conversation_id)


@blueprint.post("/<int:conversation_id>/messages/<int:message_id>/back")
@needs(Permission.SIGNED_IN)
def take_back(conversation_id: int, message_id: int) -> Response:
    """Undo of a guest's own answer."""
    guests.demand_seen(work(), conversation_id, scope=scope_of(work(), conversation_id))
    row = outbound.get_message(work(), message_id)
    if row.conversation_id != conversation_id or row.author_user_id != actor().user_id:
        raise NotFoundError(_("There is no message %(id)s of yours here.") % {"id": message_id})
    outbound.withdraw(work(), message_id)
    say(_("Taken back. Nobody got it; your words are in the form again."))
    return go("guests.conversation", conversation_id=conversation_id)


def _newest(entries: Sequence[Entry]) -> int | None:
    return next((each.item_id for each in reversed(entries) if each.kind == "item"), None)


def _wish(item_id: int) -> Wish:
    sent = request.form
    return Wish(
        item_id,
        sent.get("text", "").replace("\r\n", "\n"),
        place=sent.get("place", ""),
        confirmed=frozenset(sent.getlist("confirmed")),
    )


def _reply_form(item_id: int | None, scope: Scope, refused: str | None) -> ReplyForm | None:
    """For guests alone: whoever answers everywhere does it in the inbox."""
    if item_id is None or may(actor(), Permission.ANSWER) or not may(actor(), Permission.ANSWER, on=scope):
        return None
    sent = refused is not None
    wish = _wish(item_id) if sent else Wish(item_id, outbound.written_by(work(), item_id).get("text", ""))
    seen = outbound.look(work(), wish, on=scope)
    return ReplyForm(item_id, wish.text, seen, wish.confirmed, refused or "")


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
    answers = "answers" in request.form
    guests.invite_guest(work(), item_id, person.id, why=request.form.get("why", ""), answers=answers)
    told = _("%(name)s sees this conversation for 14 days, and no other.")
    if answers:
        told = _("%(name)s sees this conversation for 14 days, and no other, and may answer the customer.")
    say(told % {"name": person.display_name})
    return go_back("inbox.item", item_id=item_id)


def _page(conversation_id: int, *, problem: str = "", refused: str | None = None) -> ConversationPage:
    """`refused`: why what was sent to the customer did not go; empty where the gate says it."""
    scope = scope_of(work(), conversation_id)
    guests.demand_seen(work(), conversation_id, scope=scope)
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
        reply=_reply_form(items[-1] if items else None, scope, refused),
        problem=problem,
    )
