"""Answers before one asks: what customers may read of what we know; only "that answered it" counts as deflected."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import knowledge
from bpm.feedback.knowledge import ArticleRow
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.portal.frames import Frame, frame, gone, keep_private, page

blueprint = Blueprint("answers", __name__, url_prefix="/my/answers")


@dataclass(frozen=True)
class AnswersPage:
    """What portal/answers.html shows; `solved` once somebody said that it was answered."""

    frame: Frame
    asked: str
    rows: tuple[ArticleRow, ...]
    solved: bool


@blueprint.after_request
def _keep_to_themselves(response: Response) -> Response:
    return keep_private(response)


@blueprint.get("")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def look() -> Response:
    """What may answer a question; without one nothing is listed."""
    asked = request.args.get("q", "").strip()[:500]
    with product().unit_of_work.reading() as work:
        rows = knowledge.offer(work, asked, public=True) if asked else ()
    shown = AnswersPage(frame(url_for("private.person")), asked, rows, solved="solved" in request.args)
    return page("portal/answers.html", shown)


@blueprint.post("/<int:article_id>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("form")
def solved(article_id: int) -> Response:
    """It answered somebody before they asked."""
    try:
        with product().unit_of_work() as work:
            knowledge.note_use(work, article_id, kind="deflected")
    except (NotFoundError, ConflictError):
        return gone(_("There is nothing here."))
    return redirect(url_for("answers.look", solved=1), 303)
