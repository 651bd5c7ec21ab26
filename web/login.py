"""Signing in and out."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import unquote

from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import Table, bindparam, select
from werkzeug.wrappers import Response

from bpm import identity
from bpm.identity import Permission
from bpm.identity.models import Group, Membership, User
from bpm.work import Actor, Work
from web.pages import render
from web.security import needs
from web.visit import actor, product

blueprint = Blueprint("login", __name__)

TRIES, WINDOW = 8, timedelta(minutes=5)
"""So many wrong passwords for one name or from one address within this time close the door for the rest of it."""


LONGEST_TARGET = 2000
"""Characters of an address to come back to: more would not fit into the headers of an answer everywhere."""
DECODED = 5
"""A target that is still not plain after so many decodings was not made by us."""
_NEVER_IN_A_PATH = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")


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


@dataclass
class Doorkeeper:
    """Counts wrong passwords in memory, per name and per address; forgets them after the window."""

    wrong: dict[str, list[datetime]] = field(default_factory=dict)

    def is_closed(self, now: datetime, *keys: str) -> bool:
        return any(len(self._recent(now, key)) >= TRIES for key in keys)

    def note(self, now: datetime, *keys: str) -> None:
        if len(self.wrong) > 10_000:
            self.wrong.clear()
        for key in keys:
            self.wrong[key] = [*self._recent(now, key), now]

    def _recent(self, now: datetime, key: str) -> list[datetime]:
        return [at for at in self.wrong.get(key, []) if at > now - WINDOW]


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


def load_person(token: str) -> Person | None:
    """The person of a session cookie, unless gone, switched off or signed out everywhere."""
    number, _, mark = token.partition(".")
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
    return render("login.html", SignInPage(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@needs(Permission.PUBLIC, unit="own")
def sign_in() -> str | Response | tuple[str, int]:
    username, target = request.form.get("username", "").strip(), request.form.get("next", "")
    doorkeeper, now = product_doorkeeper(), product().clock.now()
    keys = (f"name {username}", f"address {request.remote_addr}")
    if doorkeeper.is_closed(now, *keys):
        problem = f"Too many wrong passwords. Wait {WINDOW.seconds // 60} minutes, then try again."
        return render("login.html", SignInPage(username, problem, target)), 429
    with product().unit_of_work.reading() as work:
        user = identity.sign_in(work, username, request.form.get("password", ""))
        person = Person(identity.actor_of(user), user.session_mark) if user else None
        outdated = user is not None and identity.has_outdated_hash(user)
    if person is None:
        doorkeeper.note(now, *keys)
        problem = "User name and password do not match. Check both; the password knows upper and lower case."
        return render("login.html", SignInPage(username, problem, target)), 401
    if outdated:
        with product().unit_of_work() as work:
            identity.renew_hash(work, person.actor.user_id or 0, request.form.get("password", ""))
    session.clear()
    login_user(person)
    return redirect(target if is_safe(target) else url_for("home.home"), 303)


@blueprint.post("/sign-out")
@needs(Permission.PUBLIC, unit="own")
def sign_out() -> Response:
    logout_user()
    session.clear()
    return redirect(url_for("login.sign_in_page"), 303)


def is_safe(target: str) -> bool:
    """Whether `target` is a path on this very site and nothing else, however often it is decoded on the way.

    Browsers take a backslash for a slash and drop control characters, so neither may stand in it.
    """
    plain = target
    if len(target) > LONGEST_TARGET:
        return False
    for _ in range(DECODED):
        if not plain.startswith("/") or plain.startswith("//") or _NEVER_IN_A_PATH.search(plain):
            return False
        plain, before = unquote(plain, errors="replace"), plain
        if plain == before:
            return True
    return False


def product_doorkeeper() -> Doorkeeper:
    keeper = current_app.extensions.setdefault("doorkeeper", Doorkeeper())
    assert isinstance(keeper, Doorkeeper)  # noqa: S101 (tells the type checker what setdefault gave)
    return keeper
