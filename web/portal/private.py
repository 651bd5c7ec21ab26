"""Private pages of a customer: the letter behind a link, and the list of all they said behind a code by mail.

No cookie goes out before a code fits; after it, one that this site alone gets back. Nothing here needs a script. What
a link does not show is not told apart from what is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from bpm.feedback import portal
from bpm.feedback.portal import Asked, OpenLink, Said, Visitor, Wish
from bpm.feedback.portal.keys import hash_of
from bpm.foundation.errors import EarshotError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.settings import Settings
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import trails
from web.core.numbers import key_of
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import OTHER_SITES, product
from web.core.security import needs
from web.core.sessions.cookies import is_secure_cookie
from web.portal.letters import Entry, entry_of, fitting

blueprint = Blueprint("private", __name__, url_prefix="/my")

COOKIE = "earshot_visit"
THANKS = {
    "answer": _("Thank you. A person will read it."),
    "not_solved": _("We are sorry. It is open again, and a person will look at it."),
    "vent": _("Thank you for telling us. It stays between us; you need not expect an answer."),
    "person": _("A person will get in touch with you."),
    "wish": _("We will remember it."),
    "tied": _("It stands in your list now."),
    "comment": _("Thank you. It stands with the proposal for those who work on it."),
    "support": _("Thank you. Your support is counted."),
}
CHANNELS = (
    ("email", _("by mail")), ("call", _("by phone")), ("chat", _("here")), ("social", _("where I wrote in public")),
)  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What every page of a customer shows around itself."""

    company: str
    person: str
    """Where the way to a person leads."""
    said: str = ""
    error: str = ""


@dataclass(frozen=True)
class LetterPage:
    """What portal/letter.html shows; `about` is the newest item, which the form answers."""

    frame: Frame
    entries: Sequence[Entry]
    older: str
    write: str
    wishes: str
    about: int
    key: str
    text: str
    wish: Wish | None
    channels: tuple[tuple[str, str], ...]
    expires_at: datetime | None
    tie: str
    """Where to put it into one's list; empty where that is not offered."""
    back: str
    proof: str


@dataclass(frozen=True)
class PersonPage:
    """What portal/person.html shows."""

    frame: Frame
    phone: str
    email: str
    to: str
    known: bool
    key: str
    back: str
    values: dict[str, str]
    proof: str


@dataclass(frozen=True)
class AskPage:
    """What portal/ask.html shows: the address first, then the code."""

    frame: Frame
    address: str
    asked: bool
    entry: str = ""
    """The number of an entry of the board that they came from, and go back to."""


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


@dataclass(frozen=True)
class GonePage:
    """What portal/gone.html shows: nothing that tells why."""

    frame: Frame
    text: str


# ---- what all of them share


@blueprint.app_template_filter("day")
def day(moment: datetime) -> str:
    """A day as letters write it."""
    return f"{moment.day} {moment:%B %Y}"


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


@blueprint.after_request
def _keep_to_themselves(response: Response) -> Response:
    """No cookie of the session, nothing for search engines, and no address of these pages for other sites."""
    return keep_private(response)


def keep_private(response: Response) -> Response:
    """See `_keep_to_themselves`; the board's pages go by it, too."""
    session.modified = False
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


# ---- by link


@blueprint.get("/<token>")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def letter(token: str) -> Response:
    """What the holder of a link told us, and what became of it."""
    try:
        with product().unit_of_work.reading() as work:
            link = portal.find_link(work, token)
            shown = _letter_of_link(work, link, token)
    except NotFoundError:
        return gone()
    if request.method == "GET":
        with product().unit_of_work() as work:
            portal.count_opening(work, link.id)
    return page("portal/letter.html", shown)


def _letter_of_link(work: Work, link: OpenLink, token: str, *, error: str = "", text: str = "") -> LetterPage:
    said = portal.items_of_link(work, link)
    if not said:
        raise NotFoundError(_("There is nothing here."))
    whose = link.home_id
    with_visit = whose is not None and bool(_visit_word())
    return _letter(
        work, said, frame(url_for("private.person_of_link", token=token), error=error),
        here=lambda **more: url_for("private.letter", token=token, **more),
        write=url_for("private.write", token=token), wishes=url_for("private.wish", token=token) if whose else "",
        text=text, wish=portal.wish_of(work, whose) if whose else None, expires_at=link.expires_at,
        tie=url_for("private.tie", token=token) if with_visit else "", back="",
    )  # fmt: skip


def _letter(
    work: Work, said: Sequence[Said], around: Frame, *, here: Any, write: str, wishes: str, text: str,
    wish: Wish | None, expires_at: datetime | None, tie: str, back: str,
) -> LetterPage:  # fmt: skip
    before = key_of(request.args.get("before", ""))
    shown = [each for each in said if before is None or each.item_id < before][-30:]
    found, names = trails.read_trails(work, [each.item_id for each in shown]), trails.read_names(work)
    entries = fitting([entry_of(each, found[each.item_id], names) for each in shown])
    first = entries[0].item_id if entries else 0
    older = here(before=first) if any(each.item_id < first for each in said) else ""
    return LetterPage(
        around, entries, older, write, wishes, _about(said), token_hex(8), text, wish, CHANNELS, expires_at, tie,
        back, proof_of_visit(),
    )  # fmt: skip


def _about(said: Sequence[Said]) -> int:
    """The item that the form is about: the newest that was not said on these pages themselves."""
    return next((each.first_id for each in reversed(said) if not each.wish), said[-1].first_id)


@blueprint.post("/<token>/words")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def write(token: str) -> Response:
    """Take in what the holder of a link writes: its word in the address proves them, no cookie does."""
    sent = request.form
    try:
        with product().unit_of_work() as work:
            link = portal.find_link(work, token)
            about = _among(portal.items_of_link(work, link), sent.get("about", ""))
            wish = sent.get("wish", Asked.ANSWER)
            portal.write_on_link(work, link, wish, sent.get("text", ""), about=about, key=sent.get("key", ""))
    except NotFoundError:
        return gone()
    except InvalidInputError as error:
        with product().unit_of_work.reading() as work:
            link = portal.find_link(work, token)
            shown = _letter_of_link(work, link, token, error=str(error.message), text=sent.get("text", ""))
        return page("portal/letter.html", shown, 400)
    return redirect(url_for("private.letter", token=token, sent=wish) + "#said", 303)


def _among(said: Sequence[Said], written: str) -> int:
    """The item that the words are about, if it is one of theirs; else the newest of theirs."""
    number = key_of(written)
    if not said:
        raise NotFoundError(_("There is nothing here."))
    return number if number in {each.first_id for each in said} and number else said[-1].first_id


@blueprint.post("/<token>/wish")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def wish(token: str) -> Response:
    """Where and when they like to be talked to."""
    try:
        with product().unit_of_work() as work:
            link = portal.find_link(work, token)
            if link.home_id is None:
                raise NotFoundError(_("There is nobody to remember it for."))  # noqa: TRY301 (takes back nothing)
            portal.say_wish(work, link.home_id, _wish_sent())
    except NotFoundError:
        return gone()
    except InvalidInputError as error:
        with product().unit_of_work.reading() as work:
            shown = _letter_of_link(work, portal.find_link(work, token), token, error=str(error.message))
        return page("portal/letter.html", shown, 400)
    return redirect(url_for("private.letter", token=token, sent="wish") + "#said", 303)


def _wish_sent() -> Wish:
    sent = request.form
    return Wish(
        sent.get("channel", ""), key_of(sent.get("from_hour", "")), key_of(sent.get("until_hour", "")),
        sent.get("note", ""),
    )  # fmt: skip


@blueprint.get("/<token>/person")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def person_of_link(token: str) -> Response:
    """How to reach a person, for the holder of a link: one word and a button."""
    try:
        with product().unit_of_work.reading() as work:
            portal.find_link(work, token)
    except NotFoundError:
        return gone()
    back = url_for("private.letter", token=token)
    return page("portal/person.html", _person(url_for("private.write", token=token), known=True, back=back))


def _person(to: str, *, known: bool, back: str, error: str = "") -> PersonPage:
    values = {name: request.form.get(name, "") for name in ("name", "reach", "text")}
    around = frame("", error=error)
    return PersonPage(
        around,
        settings().contact_phone,
        settings().contact_email,
        to,
        known,
        token_hex(8),
        back,
        values,
        proof_of_visit(),
    )


@blueprint.post("/<token>/tie")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def tie(token: str) -> Response:
    """Put what a link shows into the list of whoever showed a code, too: they hold both."""
    try:
        with product().unit_of_work() as work:
            link, visitor = portal.find_link(work, token), visitor_of(work)
            demand_proof()
            if link.home_id is not None:
                portal.tie(work, visitor, home_id=link.home_id, link_id=link.id)
    except (NotFoundError, ForbiddenError):
        return gone()
    return redirect(url_for("private.mine", sent="tied"), 303)


# ---- by a code


def _visit_word() -> str:
    return request.cookies.get(COOKIE, "")


def visitor_of(work: Work) -> Visitor:
    """Who showed a code in this browser; ForbiddenError when nobody did."""
    return portal.find_visit(work, _visit_word())


def visitor_or_none(work: Work) -> Visitor | None:
    """The same; None when nobody did."""
    try:
        return visitor_of(work)
    except ForbiddenError:
        return None


def proof_of_visit() -> str:
    """A word for forms that no other site knows; empty without a visit."""
    word = _visit_word()
    return hash_of(f"form {word}")[:32] if word else ""


def demand_proof() -> None:
    """Forms of a visit come from its own pages: the cookie alone is no proof. ForbiddenError."""
    if request.headers.get("Sec-Fetch-Site") in OTHER_SITES or request.form.get("proof", "") != proof_of_visit():
        raise ForbiddenError(_("This form was sent by another site."), remedy=_("Open the page anew."))


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
        return page("portal/ask.html", AskPage(around, address, asked=False, entry=_entry()), 400)
    return page("portal/ask.html", AskPage(frame(url_for("private.person")), address, asked=True, entry=_entry()))


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
        shown = AskPage(frame(url_for("private.person"), error=problem), address, asked=True, entry=_entry())
        return page("portal/ask.html", shown, 403)
    there = url_for("board.entry", entry_id=int(_entry())) if _entry() else url_for("private.mine")
    answer = redirect(there, 303)
    secure = is_secure_cookie(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
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
    return _letter(
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
            about = _among(said, sent.get("about", ""))
            portal.write_on_visit(
                work, visitor, wish, sent.get("text", ""), about=about, conversation_id=one.conversation_id,
                key=sent.get("key", ""),
            )  # fmt: skip
    except ForbiddenError:
        return redirect(url_for("private.ask"), 303)
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
            portal.say_wish(work, visitor.home_id, _wish_sent())
    except ForbiddenError:
        return redirect(url_for("private.ask"), 303)
    except InvalidInputError as error:
        return _refused(item_id, error)
    return redirect(url_for("private.mine_one", item_id=item_id, sent="wish") + "#said", 303)


@blueprint.post("/leave")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def leave() -> Response:
    """End the visit and take its cookie back."""
    with product().unit_of_work() as work:
        portal.end_visit(work, _visit_word())
    answer = redirect(url_for("private.ask"), 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


# ---- a person, for whoever it is


@blueprint.get("/person")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def person() -> Response:
    """How to reach a person, for whoever comes."""
    return page("portal/person.html", _person(url_for("private.ask_person"), known=False, back=url_for("private.ask")))


@blueprint.post("/person")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("form")
def ask_person() -> Response:
    """Take in that somebody wants to be called or written to."""
    sent = request.form
    try:
        with product().unit_of_work() as work:
            portal.ask_person(
                work, name=sent.get("name", ""), reach=sent.get("reach", ""), text=sent.get("text", ""),
                key=sent.get("key", ""),
            )  # fmt: skip
    except InvalidInputError as error:
        shown = _person(url_for("private.ask_person"), known=False, back=url_for("private.ask"), error=str(error))
        return page("portal/person.html", shown, 400)
    return redirect(url_for("private.person", sent="person"), 303)
