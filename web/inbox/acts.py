"""What a person does in the inbox: engage, distribute, decide, correct a label."""

import math
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.feedback import OpenHandOverError, queries
from bpm.feedback.outbound.mentoring import Mentor
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import handing_over
from bpm.processes.handing_over import Order
from web.core.numbers import key_of
from web.core.rendering import go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox import words
from web.inbox.blueprint import blueprint
from web.inbox.items import page_of
from web.inbox.parts.hand_overs import takers_from
from web.outbox.acts import told_of
from web.outbox.engage import send_from_form
from web.outbox.mentoring import told_of_proposal
from web.promises.ticks import make_ticked, read_ticked
from web.ui.task_dates import read_moment


@blueprint.post("/<int:item_id>/reply")
@needs(Permission.ANSWER)
def reply(item_id: int) -> Response | tuple[str, int]:
    try:
        ticked = read_ticked(request.form)
        row = send_from_form(work(), item_id, ticked)
        if isinstance(row, Mentor):
            told_of_proposal(row.name)
            return go_back("inbox.item", item_id=item_id)
        promised = make_ticked(work(), row.reply_id or 0, ticked)
    except InvalidInputError as error:
        return render("inbox/items.html", page_of(item_id, engage=error)), 400
    told_of(row)
    if promised:
        say(promised)
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/replies/<int:reply_id>/sent")
@needs(Permission.ANSWER)
def mark_sent(reply_id: int) -> Response:
    row = feedback.mark_sent(work(), reply_id)
    say("Marked as sent.")
    return go_back("inbox.item", item_id=row.item_id)


@blueprint.post("/<int:item_id>/distribution")
@needs(Permission.ANSWER)
def distribute(item_id: int) -> Response | tuple[str, int]:
    """Hand it to groups, a person or a process; where others have it, the form has to say what becomes of that."""
    sent = request.form
    existing = sent.get("existing", "ask")
    chosen = sent.getlist("to") + [f"group:{key}" for key in sent.getlist("group_key")]
    try:
        order = Order(
            takers_from(work(), chosen),
            note=sent.get("note", ""),
            due_at=read_moment(sent.get("due", "")),
            override=sent.get("override", ""),
            existing="beside" if existing == "beside" else "instead" if existing == "instead" else "ask",
        )
        rows = handing_over.hand_over(work(), item_id, order)
    except InvalidInputError as error:
        return again(item_id, error, "note", "due")
    except OpenHandOverError as error:
        return _asked(item_id, error, "existing", "note", "due")
    names = ", ".join(row.group_key or row.process_key or "a person" for row in rows)
    say(f"Handed over to {names}.")
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/hand-overs/<int:distribution_id>/withdrawal")
@needs(Permission.ANSWER)
def take_back(distribution_id: int) -> Response:
    row = handing_over.take_back(work(), distribution_id, why=request.form.get("why", ""))
    say(_("Taken back: nobody has to do it any more."))
    return go_back("inbox.item", item_id=row.item_id)


@blueprint.post("/<int:item_id>/decision")
@needs(Permission.ANSWER)
def decide(item_id: int) -> Response | tuple[str, int]:
    decision, knowing = request.form.get("decision", ""), bool(request.form.get("knowing"))
    try:
        handing_over.decide(work(), item_id, decision, reason=request.form.get("reason", ""), knowing=knowing)
    except InvalidInputError as error:
        return again(item_id, error, "reason")
    except OpenHandOverError as error:
        return _asked(item_id, error, "knowing", "reason")
    say(f"Decided: {words.DECISIONS[decision].lower()}.")
    return go_back("inbox.item", item_id=item_id)


def _asked(item_id: int, error: OpenHandOverError, field: str, *kept: str) -> tuple[str, int]:
    """The page with the form, and what is open at the field that asks."""
    told = InvalidInputError(error.message, fields={field: f"{error.message} {error.remedy}"})
    page, _status = again(item_id, told, *kept)
    return page, 409


def again(item_id: int, error: InvalidInputError, *kept: str) -> tuple[str, int]:
    """The page with the form as it was written, its problems at the fields."""
    written = {name: request.form.get(name, "") for name in (*kept, "decision")}
    return render("inbox/items.html", page_of(item_id, errors=error.fields, written=written)), 400


@blueprint.post("/<int:item_id>/labels")
@needs(Permission.ANSWER)
def correct(item_id: int) -> Response:
    """Overrule the labels that are sent; the undo sends the former ones."""
    before = queries.get_item(work(), item_id).row
    given = request.values
    feedback.correct(
        work(),
        item_id,
        primary=given.get("primary") or None,
        sentiment=_number(given.get("sentiment"), "sentiment"),
        urgency=_whole(given.get("urgency"), "urgency"),
        topic=given.get("topic"),
    )
    former = {
        "primary": before.primary,
        "sentiment": before.sentiment,
        "urgency": before.urgency,
        "topic": before.topic or "",
    }
    undo: dict[str, Any] = {name: value for name, value in former.items() if name in given and value is not None}
    say("Corrected, and kept for training.", undo=url_for("inbox.correct", item_id=item_id, **undo) if undo else "")
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/split")
@needs(Permission.ANSWER)
def split(item_id: int) -> Response:
    before = queries.conversation_of(work(), item_id).conversation_id
    apart = feedback.split_off(work(), item_id, reason=request.form.get("reason", ""))
    say(
        "It stands in a conversation of its own now.",
        undo=url_for("inbox.merge", item_id=item_id, conversation=before) if apart != before else "",
    )
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/merge")
@needs(Permission.ANSWER)
def merge(item_id: int) -> Response:
    """Put the item's conversation together with another: that of the item `other`, or the one named outright."""
    given = request.values
    into, other = key_of(given.get("conversation", "")), key_of(given.get("other", "").strip().lstrip("#"))
    if into is None and other is not None:
        into = queries.conversation_of(work(), other).conversation_id
    if into is None:
        raise InvalidInputError(
            "No other item was named.", place="other", remedy="Give the number of one of its items."
        )
    here = queries.conversation_of(work(), item_id).conversation_id
    moved = feedback.merge_conversations(work(), here, into=into, reason=given.get("reason", ""))
    say(
        f"Put together: {moved} {'item' if moved == 1 else 'items'} moved.",
        undo=url_for("inbox.unmerge", item_id=item_id, conversation_id=here),
    )
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/unmerge/<int:conversation_id>")
@needs(Permission.ANSWER)
def unmerge(item_id: int, conversation_id: int) -> Response:
    feedback.unmerge(work(), conversation_id)
    say("The merge is undone; everything is where it was.")
    return go_back("inbox.item", item_id=item_id)


def _number(written: str | None, name: str) -> float | None:
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInputError(f"{written[:40]!r} is no number.", place=name, remedy="Choose one of the labels.")
    return number


def _whole(written: str | None, name: str) -> int | None:
    number = _number(written, name)
    if number is not None and number != int(number):
        raise InvalidInputError(f"{written!r} is no urgency.", place=name, remedy="Choose one of the labels.")
    return None if number is None else int(number)
