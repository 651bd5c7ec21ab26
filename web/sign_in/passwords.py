"""Choosing a password by a link that was mailed, and asking for such a link."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.on_record.rows import origin
from web.core.rate_limits import limited
from web.core.rendering import go, render, say
from web.core.request_context import actor, product
from web.core.security import needs
from web.sign_in.addresses import whole_url
from web.sign_in.blueprint import blueprint
from web.sign_in.mailing import queue_mail

WORD = "WORD-OF-THE-LINK"


@dataclass(frozen=True)
class ForgottenPage:
    asked: bool = False


@dataclass(frozen=True)
class ChoosePage:
    token: str
    username: str
    welcome: bool
    fields: dict[str, str] = field(default_factory=dict)


@blueprint.get("/sign-in/forgotten")
@needs(Permission.PUBLIC, unit="own")
def forgotten_page() -> str:
    return render("sign_in/forgotten.html", ForgottenPage())


@blueprint.post("/sign-in/forgotten")
@needs(Permission.PUBLIC, unit="own")
@limited("mailed-link")
def forgotten() -> Response:
    """The same answer after the same time, whoever asked and whether they exist: the link is made after it."""
    said, address, transactions = request.form.get("who", "").strip(), _address(), product().unit_of_work
    asking, answer = actor(), make_response(render("sign_in/forgotten.html", ForgottenPage(asked=True)))

    def mail() -> None:
        with transactions(asking) as work:
            for user in identity.find_by_name_or_mail(work, said):
                _mail(work, user.id, identity.PASSWORD, address=address)

    answer.call_on_close(mail)
    return answer


def mail_link(work: Work, user_id: int, purpose: str) -> tuple[str, bool]:
    """(address at which the person chooses a password, whether it was mailed to them)"""
    return _mail(work, user_id, purpose, address=_address())


def _address() -> str:
    """The address of a link with `%s` for its word."""
    return whole_url("login.choose_page", token=WORD).replace(WORD, "%s")


def _mail(work: Work, user_id: int, purpose: str, *, address: str) -> tuple[str, bool]:
    user = identity.get_user(work, user_id)
    token = identity.make_link(work, user_id, purpose)
    url = address % token
    if purpose == identity.INVITATION:
        subject = _("Your account at Earshot")
        text = _(
            "Hello %(name)s,\n\nan account was made for you: %(user)s. Choose your password here:\n\n%(url)s\n\n"
            "The link works once, for seven days."
        )
    else:
        subject = _("A new password for Earshot")
        text = _(
            "Hello %(name)s,\n\nchoose a new password for %(user)s here:\n\n%(url)s\n\n"
            "The link works once, for 30 minutes. If you did not ask for it, do nothing: your password stays as it is."
        )
    filled = text % {"name": user.display_name, "user": user.username, "url": url}
    key = f"link {sha256(token.encode()).hexdigest()[:40]}"
    return url, queue_mail(work, user_id, to=user.email or "", subject=subject, text=filled, key=key)


@blueprint.get("/sign-in/password/<token>")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def choose_page(token: str) -> str:
    with product().unit_of_work.reading() as work:
        link = identity.find_link(work, token)
    return render("sign_in/choose.html", ChoosePage(token, link.username, link.purpose == identity.INVITATION))


@blueprint.post("/sign-in/password/<token>")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def choose(token: str) -> Response:
    with product().unit_of_work.reading() as work:
        link = identity.find_link(work, token)
    page = ChoosePage(token, link.username, link.purpose == identity.INVITATION)
    first, again = request.form.get("password", ""), request.form.get("password_again", "")
    if first != again:
        return _once_more(page, {"password_again": _("This is not the same.")})
    try:
        with product().unit_of_work(actor()) as work:
            work.actor = replace(identity.actor_of(identity.get_user(work, link.user_id)), via=origin())
            identity.choose_password(work, token, first)
    except InvalidInputError as error:
        return _once_more(page, error.fields)
    say(_("Your password is set. Sign in with it."))
    return go("login.sign_in_page")


def _once_more(page: ChoosePage, fields: dict[str, str]) -> Response:
    return make_response(
        render("sign_in/choose.html", ChoosePage(page.token, page.username, page.welcome, fields)), 400
    )
