"""Signing in and out."""

from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import cast

from flask import Blueprint, Flask, current_app, g, make_response, redirect, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import Table, bindparam, select
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing, record
from bpm.foundation.errors import TooManyRequestsError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work
from bpm.identity import LoginTry, Permission
from bpm.identity.models import Group, Membership, User
from web.core.errors import whole_seconds
from web.core.on_record.rows import origin
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import actor, product
from web.core.security import needs
from web.core.targets import is_safe
from web.sign_in.known_devices import known_device, remember_device
from web.ui.formats import duration

blueprint = Blueprint("login", __name__)

CHECKS_AT_ONCE = 2
"""Tries that one process counts and looks at side by side: as many as it hashes. What is looked at counts as wrong
meanwhile, so more of them, all right and all for one account, would refuse one another."""


@dataclass(frozen=True)
class Person:
    """Who is signed in, in the shape that Flask-Login asks for."""

    actor: Actor
    mark: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """The cookie's content; raising the person's session mark makes every older cookie worthless."""
        return f"{self.actor.user_id}.{self.mark}"


@dataclass(frozen=True)
class SignInPage:
    username: str = ""
    problem: str = ""
    next: str = ""


USER, MEMBERSHIP, GROUP = (cast("Table", each.__table__) for each in (User, Membership, Group))

# Built once: building it costs more than running it. A row for each group of the person, one where there is none.
_BEARER = (
    select(USER.c.id, USER.c.username, USER.c.display_name, USER.c.roles, GROUP.c.key)
    .outerjoin(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
    .outerjoin(GROUP, GROUP.c.id == MEMBERSHIP.c.group_id)
    .where(USER.c.id == bindparam("user"), USER.c.session_mark == bindparam("mark"), USER.c.active)
)


def set_up(app: Flask) -> None:
    """Whose session it is, is looked up here."""
    app.login_manager.user_loader(load_person)  # type: ignore[attr-defined] # Flask-Login puts it there


def load_person(token: str) -> Person | None:
    """The person of a session cookie, unless gone, switched off or signed out everywhere."""
    number, _dot, mark = token.partition(".")
    if not (number.isdigit() and mark.isdigit()):
        return None
    if "work" in g:
        return _find(g.work, int(number), int(mark))
    with product().unit_of_work.reading() as work:
        return _find(work, int(number), int(mark))


def _find(work: Work, number: int, mark: int) -> Person | None:
    """In one statement, because every request pays for it."""
    rows = work.session.execute(_BEARER, {"user": number, "mark": mark}).all()
    if not rows:
        return None
    first, groups = rows[0], frozenset(row.key for row in rows if row.key is not None)
    return Person(Actor(first.id, first.username, first.display_name, frozenset(first.roles), groups), mark)


@blueprint.get("/sign-in")
@needs(Permission.PUBLIC, unit="own")
def sign_in_page() -> str | Response:
    if actor().is_person:
        return redirect(url_for("home.home"))
    return render("sign_in/login.html", SignInPage(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def sign_in() -> str | Response | tuple[str, int]:
    username, target = request.form.get("username", "").strip(), request.form.get("next", "")
    try:
        person = _admitted(username, request.form.get("password", ""))
    except TooManyRequestsError as refused:
        _note("locked", username, why="too many wrong passwords")
        return _wait(SignInPage(username, next=target), refused)
    if person is None:
        _note("failed", username, why="user name and password do not match")
        problem = _("User name and password do not match. Check both; the password knows upper and lower case.")
        return render("sign_in/login.html", SignInPage(username, problem, target)), 401
    session.clear()
    login_user(person)
    response = redirect(target if is_safe(target) else url_for("home.home"), 303)
    remember_device(response, cast("int", person.actor.user_id), product().clock.now())
    return response


def _admitted(username: str, password: str) -> Person | None:
    """Who has this name and password; TooManyRequestsError when the password was not looked at."""
    transactions = product().unit_of_work
    with transactions.reading() as work:
        credentials = identity.find_credentials(work, username)
    device = known_device(credentials.user_id, product().clock.now())
    login = LoginTry(username, request.remote_addr or "", device)
    with current_app.extensions.setdefault("password checks", BoundedSemaphore(CHECKS_AT_ONCE)):
        with transactions() as work:
            identity.reserve(work, login)
        if not credentials.match(password):
            return None
        with transactions() as work:
            identity.forgive(work, login)
            user = identity.get_user(work, cast("int", credentials.user_id))
            person, outdated = Person(identity.actor_of(user), user.session_mark), identity.has_outdated_hash(user)
            work.actor = replace(person.actor, via=origin())
            thing = Thing("session", username, person.actor.display_name, f"person {user.id}")
            record(work, "session.sign_in", thing, before={"signed_in": False}, after={"signed_in": True})
        if outdated:
            with transactions() as work:
                identity.renew_hash(work, cast("int", credentials.user_id), password)
        return person


def _wait(page: SignInPage, refused: TooManyRequestsError) -> Response:
    """The page again, with when to come back, for people and for programs (RFC 9110, 10.2.3)."""
    opens = product().clock.now() + refused.retry_after
    when = {"wait": duration(refused.retry_after), "at": f"{opens:%H:%M:%S}"}
    problem = f"{refused.message} " + _("Try again in %(wait)s, at %(at)s UTC.") % when
    response = make_response(render("sign_in/login.html", replace(page, problem=problem)), 429)
    response.headers["Retry-After"] = str(whole_seconds(refused.retry_after))
    return response


@blueprint.post("/sign-out")
@needs(Permission.PUBLIC, unit="own")
def sign_out() -> Response:
    if actor().is_person:
        with product().unit_of_work(actor()) as work:
            thing = Thing("session", work.actor.name, work.actor.display_name, f"person {work.actor.user_id}")
            record(work, "session.sign_out", thing, before={"signed_in": True}, after={"signed_in": False})
    logout_user()
    session.clear()
    return redirect(url_for("login.sign_in_page"), 303)


def _note(outcome: str, username: str, *, why: str) -> None:
    """Put on the audit trail that somebody did not come in; the name as it was typed."""
    with product().unit_of_work(actor()) as work:
        thing = Thing("session", username, username[:80])
        record(work, f"session.{outcome}", thing, before={"signed_in": False}, after={"signed_in": False}, reason=why)
