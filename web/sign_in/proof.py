"""Proving once more who one is, before administration: the session goes on under a new id."""

from dataclasses import dataclass, replace

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing, record
from bpm.foundation.errors import TooManyRequestsError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.errors import whole_seconds
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import actor, product
from web.core.security import needs
from web.core.sessions.kept_forms import FIELD, ProofPage, read_kept
from web.core.targets import is_safe
from web.sign_in.arrival import Halfway, KeptPage, enter
from web.sign_in.bearers import current_bearer
from web.sign_in.blueprint import blueprint
from web.sign_in.login import login_try
from web.sign_in.second_step import take_code


@dataclass(frozen=True)
class Proven:
    """What a proof came to: whether it fits, and the second factor if it was one."""

    fits: bool
    second_factor: str = ""


@blueprint.get("/sign-in/proof")
@needs(Permission.SIGNED_IN, unit="own")
def proof_page() -> str:
    bearer = current_bearer()
    assert bearer is not None  # noqa: S101 (the route is for people who are signed in)
    return render("sign_in/proof.html", ProofPage(by_code=bearer.has_totp, next=request.args.get("next", "")))


@blueprint.post("/sign-in/proof")
@needs(Permission.SIGNED_IN, unit="own")
@limited("sign-in")
def prove() -> Response:
    bearer = current_bearer()
    assert bearer is not None  # noqa: S101 (the route is for people who are signed in)
    user_id, target = bearer.actor.user_id or 0, request.form.get("next", "")
    kept = read_kept(request.form.get(FIELD, ""))
    page = ProofPage(by_code=bearer.has_totp, next=target, kept=kept)
    try:
        proven = _by_code(user_id) if bearer.has_totp else _by_password(user_id)
    except TooManyRequestsError as refused:
        answer = make_response(render("sign_in/proof.html", replace(page, problem=refused.message)), 429)
        answer.headers["Retry-After"] = str(whole_seconds(refused.retry_after))
        return answer
    if not proven.fits:
        problem = _("This does not fit. Nothing was changed.")
        return make_response(render("sign_in/proof.html", replace(page, problem=problem)), 401)
    with product().unit_of_work(actor()) as work:
        token = identity.prove_again(work, bearer.session_id, second_factor=proven.second_factor)
        thing = Thing("session", work.actor.name, work.actor.display_name, f"person {user_id}")
        record(work, "session.prove", thing, before={"proven": False}, after={"proven": True})
    enter(token, user_id)
    if kept:
        return make_response(render("sign_in/kept.html", KeptPage(kept)))
    return redirect(target if is_safe(target) else url_for("home.home"), 303)


def _by_code(user_id: int) -> Proven:
    factor = take_code(Halfway(user_id, actor().name, "", product().clock.now()), request.form.get("code", ""))
    return Proven(bool(factor), factor)


def _by_password(user_id: int) -> Proven:
    login = login_try(actor().name, user_id)
    with product().unit_of_work() as work:
        identity.reserve(work, login)
        credentials = identity.find_credentials(work, actor().name)
    if not credentials.match(request.form.get("password", "")):
        return Proven(fits=False)
    with product().unit_of_work() as work:
        identity.forgive(work, login)
    return Proven(fits=True)
