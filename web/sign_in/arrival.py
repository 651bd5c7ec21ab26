"""The last step of every way in: a session under a new id, the device remembered, and back to where one was."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import make_response, redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing, record
from bpm.identity import oidc
from bpm.identity.oidc.second_step import KEPT_FOR
from web.core.on_record.rows import origin
from web.core.rendering import render
from web.core.request_context import product
from web.core.sessions.kept_forms import FIELD, KeptForm, read_kept
from web.core.targets import is_safe
from web.sign_in.bearers import Person, load_person
from web.sign_in.device_words import device_words
from web.sign_in.known_devices import remember_device

HALF = "half"
"""Key in the cookie of who gave the right password and owes the second proof."""
AT_PROVIDER = "by provider"
"""Key in the cookie of the word by which what the provider gave is taken up after a second proof."""
HALF_LASTS = KEPT_FOR


@dataclass(frozen=True)
class Halfway:
    """Who is known by a first proof, which, and since when."""

    user_id: int
    username: str
    method: str
    at: datetime


@dataclass(frozen=True)
class KeptPage:
    kept: KeptForm


def arrive(
    user_id: int, *, method: str, second_factor: str = "", target: str = "", provider: oidc.FromProvider | None = None
) -> Response:
    """Begin the session and lead on; what was typed before the last one ended comes back first."""
    with product().unit_of_work() as work:
        came_by = provider or oidc.take_arrival(work, session.get(AT_PROVIDER, ""))
        how = identity.SignIn(
            address=request.remote_addr or "",
            device=device_words(request.headers.get("User-Agent", "")),
            method=method,
            second_factor=second_factor,
            provider_session=came_by.session if method == identity.PROVIDER else "",
            id_token=came_by.id_token if method == identity.PROVIDER else "",
        )
        user = identity.get_user(work, user_id)
        work.actor = replace(identity.actor_of(user), via=origin())
        token = identity.begin_session(work, user_id, how)
        thing = Thing("session", user.username, user.display_name, f"person {user.id}")
        came = {"signed_in": True, "method": method, "second_factor": second_factor, "device": how.device}
        record(work, "session.sign_in", thing, before={"signed_in": False}, after=came)
    enter(token, user_id)
    kept = read_kept(request.form.get(FIELD, ""))
    response = make_response(render("sign_in/kept.html", KeptPage(kept))) if kept else lead_on(target)
    remember_device(response, user_id, product().clock.now())
    return response


def enter(token: str, user_id: int) -> Person:
    """Let the cookie carry this session. The forms of other windows stay good where the same person came again."""
    same = session.get("was") == user_id
    form_proof = session.get("csrf_token") if same else None
    session.clear()
    if form_proof:
        session["csrf_token"] = form_proof
    session["was"] = user_id
    person = load_person(token)
    assert person is not None, "a session that was just begun"  # noqa: S101 (for the type)
    login_user(person)
    return person


def lead_on(target: str) -> Response:
    return redirect(target if is_safe(target) else url_for("home.home"), 303)


def wait_for_second_step(halfway: Halfway) -> None:
    """Remember who owes the second proof."""
    session[HALF] = [halfway.user_id, halfway.username, halfway.method, halfway.at.timestamp()]


def find_halfway() -> Halfway | None:
    """Who owes the second proof in this browser; None when nobody does, or it is too long ago."""
    written = session.get(HALF)
    if not written:
        return None
    user_id, username, method, at = written
    now = product().clock.now()
    began = datetime.fromtimestamp(at, now.tzinfo)
    return Halfway(user_id, username, method, began) if now - began <= HALF_LASTS else None
