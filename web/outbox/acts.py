"""What a person does with what they write and with what is under way: keep, look, take back, send again, say so."""

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import outbound
from bpm.feedback.items import get_current
from bpm.feedback.models import OutboundMessage
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go, go_back, is_htmx, render, say
from web.core.request_context import work
from web.core.security import needs
from web.outbox.blueprint import blueprint
from web.outbox.engage import engage_page


@blueprint.post("/items/<int:item_id>/written")
@needs(Permission.ANSWER)
def write(item_id: int) -> str | Response:
    """Keep what is in the form and say what the gate makes of it; `insert` puts the chosen template in."""
    given = dict(request.form.items())
    chosen = key_of(given.get("template", "")) if "insert" in given else None
    if chosen is not None:
        template = outbound.get_template(work(), chosen)
        item = get_current(work(), item_id)
        given["text"] = outbound.fill(template.text, item, work().actor)
        given["subject"] = outbound.fill(template.subject, item, work().actor) or given.get("subject", "")
    outbound.keep_written(work(), item_id, given)
    if not is_htmx():
        return go("inbox.item", item_id=item_id, engage=1, _anchor="engage")
    return render("outbox/engage.html", engage_page(work(), item_id, given=given))


@blueprint.post("/messages/<int:message_id>/back")
@needs(Permission.ANSWER)
def withdraw(message_id: int) -> Response:
    row = outbound.withdraw(work(), message_id)
    say(_("Taken back. Nobody got it; your words are in the form again."))
    return _back_to(row)


@blueprint.post("/messages/<int:message_id>/again")
@needs(Permission.ANSWER)
def again(message_id: int) -> Response:
    row = outbound.send_again(work(), message_id)
    say(_("It is sent now."))
    return _back_to(row)


@blueprint.post("/messages/<int:message_id>/said")
@needs(Permission.ANSWER)
def said(message_id: int) -> Response:
    row = outbound.say_it_was_said(work(), message_id)
    say(_("Marked as sent."))
    return _back_to(row)


def _back_to(row: OutboundMessage) -> Response:
    if row.item_id is None:
        return go_back("outbox.messages")
    return go_back("inbox.item", item_id=row.item_id)


def told_of(sent: OutboundMessage, *, back: str = "", by_hand: str = "") -> None:
    """Say what becomes of what was just sent, with a way back where there is one.

    `back`: where taking it back is posted, where that is not the outbox; `by_hand`: what is said where no channel of
    ours sends, where that is not the author's to do.
    """
    back = back or url_for("outbox.withdraw", message_id=sent.id)
    if sent.held_for == "undo":
        say(_("It goes in ten seconds."), undo=back)
    elif sent.held_for == "their_hours":
        say(_("They named hours that suit them: it goes then."), undo=back)
    elif sent.held_for == "quiet_hours":
        say(_("It is night where they are: it goes when quiet hours are over."), undo=back)
    elif sent.held_for == "later":
        say(_("It goes at the time that you named."), undo=back)
    else:
        told = _(
            "Kept as your reply, in your name. No channel of ours sends there: say it there, then mark it as sent."
        )
        say(by_hand or told)
