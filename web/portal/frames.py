"""What stands around every page of a customer, and the page that tells nothing."""

from dataclasses import dataclass
from typing import Any

from flask import make_response, request, session, url_for
from werkzeug.wrappers import Response

from bpm.foundation.settings import Settings
from bpm.foundation.texts import _
from web.core.rendering import render
from web.core.request_context import product

THANKS = {
    "answer": _("Thank you. A person will read it."),
    "not_solved": _("We are sorry. It is open again, and a person will look at it."),
    "vent": _("Thank you for telling us. It stays between us; you need not expect an answer."),
    "person": _("A person will get in touch with you."),
    "wish": _("We will remember it."),
    "tied": _("It stands in your list now."),
    "comment": _("Thank you. It stands with the proposal for those who work on it."),
    "support": _("Thank you. Your support is counted."),
    "own_way": _("Thank you. We hold it against how we do it, and a person looks at it."),
}


@dataclass(frozen=True)
class Frame:
    """What every page of a customer shows around itself."""

    company: str
    person: str
    """Where the way to a person leads."""
    said: str = ""
    error: str = ""


@dataclass(frozen=True)
class GonePage:
    """What portal/gone.html shows: nothing that tells why."""

    frame: Frame
    text: str


def settings() -> Settings:
    return product().settings


def frame(person: str, *, error: str = "") -> Frame:
    """The frame of a page; what was done before it is said once."""
    return Frame(settings().company_name, person, THANKS.get(request.args.get("sent", ""), ""), error)


def page(template: str, shown: Any, status: int = 200) -> Response:
    """A page for customers."""
    return make_response(render(template, shown), status)


def gone(text: str = "", status: int = 404) -> Response:
    """What anybody sees who asks for what is not there, or not theirs."""
    words = text or _("This link does not lead anywhere. It may have expired: ask us for a new one.")
    return page("portal/gone.html", GonePage(frame(url_for("private.person")), words), status)


def keep_private(response: Response) -> Response:
    """See `_keep_to_themselves`; the board's pages go by it, too."""
    session.modified = False
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
