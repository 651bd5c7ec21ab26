"""The list of all that a customer said, behind a code by mail; each conversation of it is a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import portal
from bpm.feedback.portal import Asked, Said, Visitor
from bpm.foundation.errors import EarshotError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import trails
from web.core.numbers import key_of
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.core.sessions.cookies import is_secure_cookie
from web.portal.blueprint import blueprint
from web.portal.coming_back import AskPage, came_back, kept_on_the_way, visit_ended
from web.portal.frames import Frame, frame, gone, page
from web.portal.letter_pages import LetterPage, among, letter_of, wish_sent
from web.portal.letters import entry_of
from web.portal.visits import COOKIE, demand_proof, proof_of_visit, visit_word, visitor_of


@dataclass(frozen=True)
class Row:
    """One conversation in the list of a visit."""

    url: str
    at: datetime
    where: str
    text: str
    state: str


@dataclass(frozen=True)
class MinePage:
    """What portal/mine.html shows."""

    frame: Frame
    address: str
    rows: tuple[Row, ...]
    proof: str


@blueprint.get("")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def ask() -> Response:
    """Ask for the list: by one's address."""
    return page("portal/ask.html", AskPage(frame(url_for("private.person")), "", asked=False, entry=_entry()))


def _entry() -> str:
    return str(key_of(request.values.get("entry", "")) or "")


@blueprint.post("/code")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal-code")
def send_code() -> Response:
    """Send a code to an address, and say the same whether it is known or not."""
    address = request.form.get("address", "").strip()[:320]
    try:
        with product().unit_of_work() as work:
            portal.ask_code(work, address)
    except InvalidInputError as error:
        around = frame(url_for("private.person"), error=str(error.message))
        shown = AskPage(around, address, asked=False, entry=_entry(), kept=kept_on_the_way())
        return page("portal/ask.html", shown, 400)
    around = frame(url_for("private.person"))
    shown = AskPage(around, address, asked=True, entry=_entry(), kept=kept_on_the_way())
    return page("portal/ask.html", shown)


@blueprint.post("/list")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal-code")
def prove() -> Response:
    """Take a code; the visit begins with its cookie. A try that fails is counted."""
    address, problem, word = request.form.get("address", "").strip()[:320], "", ""
    with product().unit_of_work() as work:
        try:
            word = portal.prove_code(work, address, request.form.get("code", "")[:40])
        except ForbiddenError as error:
            problem = f"{error.message} {error.remedy}"
    if problem:
        around = frame(url_for("private.person"), error=problem)
        shown = AskPage(around, address, asked=True, entry=_entry(), kept=kept_on_the_way())
        return page("portal/ask.html", shown, 403)
    kept = kept_on_the_way()
    there = url_for("board.entry", entry_id=int(_entry())) if _entry() else url_for("private.mine")
    answer = came_back(kept, word) if kept else redirect(there, 303)
    secure = is_secure_cookie(current_app)
    answer.set_cookie(COOKIE, word, max_age=12 * 3600, httponly=True, samesite="Strict", secure=secure, path="/")
    return answer


@blueprint.get("/list")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def mine() -> Response:
    """Everything that came from a proven address, each with how far it is."""
    try:
        with product().unit_of_work.reading() as work:
            visitor = visitor_of(work)
            said = portal.items_of_visit(work, visitor)
            rows = _rows(work, said)
    except ForbiddenError:
        return redirect(url_for("private.ask"), 303)
    return page("portal/mine.html", MinePage(frame(url_for("private.person")), visitor.address, rows, proof_of_visit()))


def _rows(work: Work, said: Sequence[Said]) -> tuple[Row, ...]:
    newest = list(said)[::-1][:40]
    found, names = trails.read_trails(work, [each.item_id for each in newest]), trails.read_names(work)
    rows = []
    for each in newest:
        entry = entry_of(each, found[each.item_id], names)
        short = entry.text if len(entry.text) <= 120 else entry.text[:120].rstrip() + " …"
        last = entry.trail.steps[-1].words
        state = _("Open again: a person looks at it.") if entry.trail.is_open_again else last
        rows.append(Row(url_for("private.mine_one", item_id=each.item_id), entry.at, entry.where, short, state[:160]))
    return tuple(rows)


@blueprint.get("/list/<int:item_id>")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def mine_one(item_id: int) -> Response:
    """One conversation of the list, as a letter."""
    try:
        with product().unit_of_work.reading() as work:
            shown = _letter_of_visit(work, visitor_of(work), item_id)
    except ForbiddenError:
        return redirect(url_for("private.ask"), 303)
    except NotFoundError:
        return gone(_("There is nothing here."))
    return page("portal/letter.html", shown)


def _theirs(work: Work, visitor: Visitor, item_id: int) -> tuple[Said, list[Said]]:
    """The item and all of the same conversation, when it is theirs; NotFoundError when it is not."""
    said = portal.items_of_visit(work, visitor)
    one = next((each for each in said if each.item_id == item_id), None)
    if one is None:
        raise NotFoundError(_("There is nothing here."))
    return one, [each for each in said if each.conversation_id == one.conversation_id]


def _letter_of_visit(work: Work, visitor: Visitor, item_id: int, *, error: str = "", text: str = "") -> LetterPage:
    _one, said = _theirs(work, visitor, item_id)
    return letter_of(
        work, said, frame(url_for("private.person"), error=error),
        here=lambda **more: url_for("private.mine_one", item_id=item_id, **more),
        write=url_for("private.write_mine", item_id=item_id),
        wishes=url_for("private.wish_mine", item_id=item_id), text=text,
        wish=portal.wish_of(work, visitor.home_id), expires_at=None, tie="", back=url_for("private.mine"),
    )  # fmt: skip


@blueprint.post("/list/<int:item_id>/words")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def write_mine(item_id: int) -> Response:
    """Take in what whoever proved an address writes about one of theirs."""
    sent = request.form
    wish = sent.get("wish", Asked.ANSWER)
    try:
        with product().unit_of_work() as work:
            visitor = visitor_of(work)
            demand_proof()
            one, said = _theirs(work, visitor, item_id)
            about = among(said, sent.get("about", ""))
            portal.write_on_visit(
                work, visitor, wish, sent.get("text", ""), about=about, conversation_id=one.conversation_id,
                key=sent.get("key", ""),
            )  # fmt: skip
    except ForbiddenError:
        return visit_ended()
    except NotFoundError:
        return gone(_("There is nothing here."))
    except InvalidInputError as error:
        return _refused(item_id, error)
    return redirect(url_for("private.mine_one", item_id=item_id, sent=wish) + "#said", 303)


def _refused(item_id: int, error: EarshotError) -> Response:
    with product().unit_of_work.reading() as work:
        text = request.form.get("text", "")
        shown = _letter_of_visit(work, visitor_of(work), item_id, error=str(error.message), text=text)
    return page("portal/letter.html", shown, 400)


@blueprint.post("/list/<int:item_id>/wish")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def wish_mine(item_id: int) -> Response:
    """Where and when they like to be talked to."""
    try:
        with product().unit_of_work() as work:
            visitor = visitor_of(work)
            demand_proof()
            portal.say_wish(work, visitor.home_id, wish_sent())
    except ForbiddenError:
        return visit_ended()
    except InvalidInputError as error:
        return _refused(item_id, error)
    return redirect(url_for("private.mine_one", item_id=item_id, sent="wish") + "#said", 303)


@blueprint.post("/leave")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def leave() -> Response:
    """End the visit and take its cookie back."""
    with product().unit_of_work() as work:
        portal.end_visit(work, visit_word())
    answer = redirect(url_for("private.ask"), 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer
