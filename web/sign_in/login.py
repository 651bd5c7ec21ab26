"""Signing in by password, and signing out."""

from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import cast

from flask import current_app, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing, record
from bpm.foundation.errors import ForbiddenError, TooManyRequestsError
from bpm.foundation.texts import _
from bpm.identity import LoginTry, Permission
from web.core.errors import whole_seconds
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import actor, product
from web.core.security import needs
from web.core.sessions.kept_forms import FIELD, SignInPage, read_kept
from web.sign_in.arrival import Halfway, arrive, wait_for_second_step
from web.sign_in.blueprint import blueprint
from web.sign_in.known_devices import known_device
from web.ui.formats import duration

CHECKS_AT_ONCE = 2
"""Tries that one process counts and looks at side by side: as many as it hashes. What is looked at counts as wrong
meanwhile, so more of them, all right and all for one account, would refuse one another."""


@dataclass(frozen=True)
class Admitted:
    """Who gave the right password, and whether a code is asked for, too."""

    user_id: int
    has_totp: bool


@blueprint.get("/sign-in")
@needs(Permission.PUBLIC, unit="own")
def sign_in_page() -> str | Response:
    if actor().is_person:
        return redirect(url_for("home.home"))
    return render("sign_in/login.html", SignInPage(next=request.args.get("next", ""), again="was" in session))


@blueprint.post("/sign-in")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def sign_in() -> str | Response | tuple[str, int]:
    if not product().settings.password_sign_in:
        raise ForbiddenError(_("Passwords are switched off here."), remedy=_("Sign in by your company's account."))
    username, target = request.form.get("username", "").strip(), request.form.get("next", "")
    page = SignInPage(username, next=target, kept=read_kept(request.form.get(FIELD, "")))
    try:
        found = admit(username, request.form.get("password", ""))
    except TooManyRequestsError as refused:
        note_refusal("locked", username, why="too many wrong passwords")
        return wait(page, refused)
    if found is None:
        note_refusal("failed", username, why="user name and password do not match")
        problem = _("User name and password do not match. Check both; capital letters count in the password.")
        return render("sign_in/login.html", replace(page, problem=problem)), 401
    if not found.has_totp:
        return arrive(found.user_id, method="password", target=target)
    wait_for_second_step(Halfway(found.user_id, username, "password", product().clock.now()))
    return render("sign_in/code.html", page)


def admit(username: str, password: str) -> Admitted | None:
    """Who has this name and password; TooManyRequestsError when the password was not looked at.

    Where a code is asked for, too, the try counts as wrong until that fits: whoever has the password guesses no codes.
    """
    transactions = product().unit_of_work
    with transactions.reading() as work:
        credentials = identity.find_credentials(work, username)
    login = login_try(username, credentials.user_id)
    with current_app.extensions.setdefault("password checks", BoundedSemaphore(CHECKS_AT_ONCE)):
        with transactions() as work:
            identity.reserve(work, login)
        if not credentials.match(password):
            return None
        user_id = cast("int", credentials.user_id)
        with transactions() as work:
            user = identity.get_user(work, user_id)
            found, outdated = Admitted(user_id, user.totp_since is not None), identity.has_outdated_hash(user)
            if not found.has_totp:
                identity.forgive(work, login)
        if outdated:
            with transactions() as work:
                identity.renew_hash(work, user_id, password)
        return found


def login_try(username: str, user_id: int | None) -> LoginTry:
    """This request as a try to come in."""
    device = known_device(user_id, product().clock.now())
    return LoginTry(username, request.remote_addr or "", device)


def wait(page: SignInPage, refused: TooManyRequestsError, template: str = "sign_in/login.html") -> Response:
    """The page again, with when to come back, for people and for programs (RFC 9110, 10.2.3)."""
    opens = product().clock.now() + refused.retry_after
    when = {"wait": duration(refused.retry_after), "at": f"{opens:%H:%M:%S}"}
    problem = f"{refused.message} " + _("Try again in %(wait)s, at %(at)s UTC.") % when
    response = make_response(render(template, replace(page, problem=problem)), 429)
    response.headers["Retry-After"] = str(whole_seconds(refused.retry_after))
    return response


def note_refusal(outcome: str, username: str, *, why: str) -> None:
    """Put on the audit trail that somebody did not come in; the name as it was typed."""
    with product().unit_of_work(actor()) as work:
        thing = Thing("session", username, username[:80])
        record(work, f"session.{outcome}", thing, before={"signed_in": False}, after={"signed_in": False}, reason=why)
