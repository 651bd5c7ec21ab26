"""The one question after a matter was closed: words first, a number second, one click to be left alone."""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import surveys
from bpm.processes.surveys import QUESTION, SCALE, Answer
from web.core.numbers import key_of
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.portal.coming_back import link_is_gone
from web.portal.frames import Frame, frame, gone, keep_private, page, settings

blueprint = Blueprint("survey", __name__, url_prefix="/my/survey")


@dataclass(frozen=True)
class SurveyPage:
    """What portal/survey.html shows: the question, or what follows it."""

    frame: Frame
    token: str
    question: str
    scale: tuple[tuple[int, str], ...]
    text: str
    state: str
    """ask | thanks | answered | stop | stopped"""
    share: str = ""
    """Where they may recommend us: after a good end only."""


def _page(token: str, state: str, *, error: str = "", share: str = "", status: int = 200) -> Response:
    around, text = frame(url_for("private.person"), error=error), request.form.get("text", "")
    return page("portal/survey.html", SurveyPage(around, token, QUESTION, SCALE, text, state, share), status)


@blueprint.after_request
def _keep_to_themselves(response: Response) -> Response:
    return keep_private(response)


@blueprint.get("/<token>")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def ask(token: str) -> Response:
    """The question; nothing is counted by looking at it."""
    try:
        with product().unit_of_work.reading() as work:
            found = surveys.find_invitation(work, token)
    except NotFoundError:
        return gone(_("There is nothing here."))
    return _page(token, "answered" if found.is_answered else "ask")


@blueprint.post("/<token>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def send(token: str) -> Response:
    """Take the answer in; only a good end is followed by the offer to tell others."""
    given = Answer(request.form.get("text", ""), key_of(request.form.get("number", "")))
    try:
        with product().unit_of_work() as work:
            thanks = surveys.answer(work, token, given)
    except NotFoundError:
        return link_is_gone(given.text)
    except ConflictError:
        return _page(token, "answered")
    except InvalidInputError as error:
        return _page(token, "ask", error=str(error.message), status=400)
    return _page(token, "thanks", share=settings().share_url if thanks.may_share else "")


@blueprint.get("/<token>/stop")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def stop(token: str) -> Response:
    """One button: machines that look at links in mails must not press it."""
    try:
        with product().unit_of_work.reading() as work:
            found = surveys.find_invitation(work, token)
    except NotFoundError:
        return gone(_("There is nothing here."))
    return _page(token, "stopped" if found.has_stopped else "stop")


@blueprint.post("/<token>/stop")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def stop_now(token: str) -> Response:
    """Never ask at this address again: by the button, or by the mail program (RFC 8058)."""
    try:
        with product().unit_of_work() as work:
            surveys.stop_asking(work, token)
    except NotFoundError:
        return gone(_("There is nothing here."))
    if request.form.get("List-Unsubscribe"):
        return make_response("", 200)
    return redirect(url_for("survey.stop", token=token), 303)
