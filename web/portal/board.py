"""The public board: what customers said, what we did, what happened; whoever showed a code takes part in proposals."""

from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import portal
from bpm.feedback.portal import Asked
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import improvements
from bpm.processes.improvements import FEWEST, PublicEntry
from bpm.processes.status import VoiceKind
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.portal.coming_back import visit_ended
from web.portal.frames import Frame, frame, gone, keep_private, page
from web.portal.visits import demand_proof, proof_of_visit, visitor_of, visitor_or_none

blueprint = Blueprint("board", __name__, url_prefix="/said-and-done")

STATES = {
    "proposed": _("We are thinking about it"),
    "approved": _("We are doing it"),
    "concluded": _("Done"),
    "declined": _("We decided against it"),
    "": "",
}


@dataclass(frozen=True)
class BoardPage:
    """What portal/board.html shows."""

    frame: Frame
    entries: tuple[PublicEntry, ...]
    states: dict[str, str]
    fewest: int


@dataclass(frozen=True)
class EntryPage:
    """What portal/entry.html shows; `known` when its reader showed a code, `supports` when they are counted."""

    frame: Frame
    entry: PublicEntry
    state: str
    fewest: int
    known: bool
    supports: bool
    proof: str


@blueprint.after_request
def _keep_to_themselves(response: Response) -> Response:
    answer = keep_private(response)
    answer.headers.pop("X-Robots-Tag", None)  # the board is for everybody
    return answer


@blueprint.get("")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def board() -> Response:
    """Everything that stands on the board."""
    with product().unit_of_work.reading() as work:
        entries = improvements.read_board(work)
    return page("portal/board.html", BoardPage(frame(url_for("private.person")), entries, STATES, FEWEST))


@blueprint.get("/entries.json")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def as_json() -> Response:
    """The same for programs: no more than the page shows."""
    with product().unit_of_work.reading() as work:
        entries = improvements.read_board(work)
    return jsonify(
        fewest=FEWEST,
        entries=[
            {
                "id": each.id, "theme": each.theme, "you_said": each.said, "we_did": each.did,
                "what_happened": each.happened, "state": each.status,
                "since": f"{each.since:%Y-%m-%d}", "people": each.voices,
                "supporters": each.supporters,
            }
            for each in entries
        ],
    )  # fmt: skip


@blueprint.get("/<int:entry_id>")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def entry(entry_id: int) -> Response:
    """One entry, with the ways to take part."""
    try:
        return _page(entry_id)
    except NotFoundError:
        return gone(_("There is nothing here."))


def _page(entry_id: int, *, error: str = "", status: int = 200) -> Response:
    with product().unit_of_work.reading() as work:
        found = improvements.read_board(work, entry_id=entry_id)
        if not found:
            raise NotFoundError(_("There is nothing here."))
        visitor = visitor_or_none(work)
        counted = visitor is not None and improvements.supports(work, entry_id, customer_id=visitor.customer_id)
    shown = EntryPage(
        frame(url_for("private.person"), error=error), found[0], STATES[found[0].status], FEWEST,
        visitor is not None, counted, proof_of_visit(),
    )  # fmt: skip
    return page("portal/entry.html", shown, status)


@blueprint.post("/<int:entry_id>/support")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def support(entry_id: int) -> Response:
    """Count somebody's support, once a person."""
    try:
        with product().unit_of_work() as work:
            visitor = visitor_of(work)
            demand_proof()
            improvements.support(work, entry_id, customer_id=visitor.customer_id)
    except ForbiddenError:
        return redirect(url_for("private.ask", entry=entry_id), 303)
    except NotFoundError:
        return gone(_("There is nothing here."))
    return redirect(url_for("board.entry", entry_id=entry_id, sent="support"), 303)


@blueprint.post("/<int:entry_id>/comment")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def comment(entry_id: int) -> Response:
    """Take a comment in as an item that speaks about the proposal; nobody outside reads it."""
    try:
        with product().unit_of_work() as work:
            visitor = visitor_of(work)
            demand_proof()
            improvement_id = improvements.improvement_behind(work, entry_id)
            item_id = portal.write_on_visit(
                work, visitor, Asked.COMMENT, request.form.get("text", ""), about=0, conversation_id=None,
                key=f"entry {entry_id}",
            )  # fmt: skip
            improvements.link_voice(work, improvement_id, item_id, kind=VoiceKind.COMMENT)
    except ForbiddenError:
        return visit_ended(str(entry_id))
    except NotFoundError:
        return gone(_("There is nothing here."))
    except InvalidInputError as error:
        return _page(entry_id, error=str(error.message), status=400)
    return redirect(url_for("board.entry", entry_id=entry_id, sent="comment"), 303)
