"""A letter behind a private link, and the way to a person for whoever comes.

No cookie goes out before a code fits. Nothing here needs a script. What a link does not show is not told apart from
what is not there.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import portal
from bpm.feedback.portal import Asked, OpenLink
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.portal.blueprint import blueprint
from web.portal.coming_back import link_is_gone
from web.portal.frames import frame, gone, page
from web.portal.letter_pages import LetterPage, among, letter_of, person_of, wish_sent
from web.portal.visits import demand_proof, visit_word, visitor_of


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
    with_visit = whose is not None and bool(visit_word())
    return letter_of(
        work, said, frame(url_for("private.person_of_link", token=token), error=error),
        here=lambda **more: url_for("private.letter", token=token, **more),
        write=url_for("private.write", token=token), wishes=url_for("private.wish", token=token) if whose else "",
        text=text, wish=portal.wish_of(work, whose) if whose else None, expires_at=link.expires_at,
        tie=url_for("private.tie", token=token) if with_visit else "", back="",
    )  # fmt: skip


@blueprint.post("/<token>/words")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def write(token: str) -> Response:
    """Take in what the holder of a link writes: its word in the address proves them, no cookie does."""
    sent = request.form
    try:
        with product().unit_of_work() as work:
            link = portal.find_link(work, token)
            about = among(portal.items_of_link(work, link), sent.get("about", ""))
            wish = sent.get("wish", Asked.ANSWER)
            portal.write_on_link(work, link, wish, sent.get("text", ""), about=about, key=sent.get("key", ""))
    except NotFoundError:
        return link_is_gone(sent.get("text", ""))
    except InvalidInputError as error:
        with product().unit_of_work.reading() as work:
            link = portal.find_link(work, token)
            shown = _letter_of_link(work, link, token, error=str(error.message), text=sent.get("text", ""))
        return page("portal/letter.html", shown, 400)
    return redirect(url_for("private.letter", token=token, sent=wish) + "#said", 303)


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
            portal.say_wish(work, link.home_id, wish_sent())
    except NotFoundError:
        return gone()
    except InvalidInputError as error:
        with product().unit_of_work.reading() as work:
            shown = _letter_of_link(work, portal.find_link(work, token), token, error=str(error.message))
        return page("portal/letter.html", shown, 400)
    return redirect(url_for("private.letter", token=token, sent="wish") + "#said", 303)


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
    return page("portal/person.html", person_of(url_for("private.write", token=token), known=True, back=back))


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


@blueprint.get("/person")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def person() -> Response:
    """How to reach a person, for whoever comes."""
    return page(
        "portal/person.html", person_of(url_for("private.ask_person"), known=False, back=url_for("private.ask"))
    )


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
        shown = person_of(url_for("private.ask_person"), known=False, back=url_for("private.ask"), error=str(error))
        return page("portal/person.html", shown, 400)
    return redirect(url_for("private.person", sent="person"), 303)
