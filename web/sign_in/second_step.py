"""The second step of signing in: the code of an authenticator app, or a recovery code."""

from dataclasses import replace

from flask import make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import TooManyRequestsError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import product
from web.core.security import needs
from web.core.sessions.kept_forms import FIELD, SignInPage, read_kept
from web.sign_in.arrival import HALF, Halfway, arrive, find_halfway
from web.sign_in.blueprint import blueprint
from web.sign_in.login import login_try, note_refusal, wait


@blueprint.post("/sign-in/code")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def sign_in_code() -> Response:
    halfway = find_halfway()
    if halfway is None:
        return redirect(url_for("login.sign_in_page"), 303)
    target = request.form.get("next", "")
    page = SignInPage(halfway.username, next=target, kept=read_kept(request.form.get(FIELD, "")))
    try:
        factor = take_code(halfway, request.form.get("code", ""))
    except TooManyRequestsError as refused:
        return wait(page, refused, "sign_in/code.html")
    if not factor:
        note_refusal("failed", halfway.username, why="the code does not fit")
        problem = _("This code does not fit. Type the one that the app shows now; each counts once.")
        return make_response(render("sign_in/code.html", replace(page, problem=problem)), 401)
    session.pop(HALF, None)
    return arrive(halfway.user_id, method=halfway.method, second_factor=factor, target=target)


def take_code(halfway: Halfway, code: str) -> str:
    """Which second factor the code is; empty for none. Counted as a try before it is looked at."""
    login = login_try(halfway.username, halfway.user_id)
    with product().unit_of_work() as work:
        identity.reserve(work, login)
    with product().unit_of_work() as work:
        user = identity.get_user(work, halfway.user_id)
        factor = identity.take_code(work, user.id, code) if user.active and user.totp_since else ""
        if factor:
            identity.forgive(work, login)
    return factor
