"""Writing down what one heard oneself: three fields, for everybody who signs in."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.feedback import CHANNELS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.blueprint import blueprint
from web.ui.fields import Field

HEARD = {
    "phone": _("on the phone"), "counter": _("at the counter"), "meeting": _("in a meeting"), "chat": _("in a chat"),
}  # fmt: skip
"""Where somebody hears something, in words; the channels beside it are for what was written elsewhere."""
WRITTEN = tuple(each for each in CHANNELS if each not in ("call", "chat"))


@dataclass(frozen=True)
class CapturePage:
    """What inbox/capture.html shows."""

    fields: tuple[Field, ...]


@blueprint.app_template_global("heard_where")
def heard_where(where: str) -> str:
    """In words; empty for what is none of ours."""
    return HEARD.get(where, "")


@blueprint.get("/capture")
@needs(Permission.SIGNED_IN)
def capture() -> str:
    return render("inbox/capture.html", _page())


@blueprint.post("/capture")
@needs(Permission.SIGNED_IN)
def keep() -> Response | tuple[str, int]:
    sent = request.form
    try:
        got = feedback.capture(work(), sent.get("channel", ""), sent.get("text", ""), person=sent.get("person", ""))
    except InvalidInputError as error:
        return render("inbox/capture.html", _page(error)), 400
    say(_("Kept. It is read like any other item in a moment."))
    return go("inbox.item", item_id=got.item_id) if may(actor(), Permission.SEE_FEEDBACK) else go("inbox.capture")


def _page(error: InvalidInputError | None = None) -> CapturePage:
    sent = request.form

    def problem(field: str) -> str:
        return error.message if error and error.place == field else ""

    where = Field(
        "channel",
        _("Where was it said?"),
        "select",
        required=True,
        value=sent.get("channel", ""),
        options=[*HEARD.items(), *((each, each) for each in WRITTEN)],
        error=problem("channel"),
    )
    text = Field(
        "text",
        _("What was said?"),
        "area",
        _("In the customer's own words, as far as you remember them."),
        required=True,
        value=sent.get("text", ""),
        rows=6,
        error=problem("text"),
    )
    person = Field(
        "person",
        _("Who said it?"),
        "text",
        _("A name, an e-mail address or a phone number."),
        value=sent.get("person", ""),
    )
    return CapturePage((where, text, person))
