"""Setting up an authenticator app, and its recovery codes."""

from dataclasses import dataclass
from io import BytesIO
from typing import cast

import segno
from flask import make_response, request, session
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.profile.blueprint import blueprint
from web.sign_in.arrival import enter
from web.sign_in.bearers import current_bearer

SECRET = "totp"  # noqa: S105 (the key of a cookie's part)
"""Key in the cookie of the secret that is being set up; it counts for nothing before its first code fits."""


@dataclass(frozen=True)
class SetUpPage:
    drawing: Markup
    secret: str
    required: bool
    problem: str = ""


@dataclass(frozen=True)
class CodesPage:
    codes: tuple[str, ...]


@blueprint.get("/second-factor")
@needs(Permission.SIGNED_IN, unit="own")
def second_factor() -> str | Response:
    bearer = current_bearer()
    if bearer is None or (bearer.has_totp and not bearer.must_enrol):
        return go("profile.profile")
    return render("profile/second_factor.html", _page())


def _page(problem: str = "") -> SetUpPage:
    bearer = current_bearer()
    secret = session.setdefault(SECRET, identity.new_secret())
    drawn = BytesIO()
    segno.make(identity.uri_of(secret, actor().name), error="m").save(
        drawn, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, nl=False, dark="#000", light="#fff",
        svgclass="qr", title=_("QR code for the authenticator app"),
    )  # fmt: skip
    drawing = Markup(drawn.getvalue().decode())  # noqa: S704 (drawn by segno from our own words)
    return SetUpPage(drawing, secret, required=bearer is not None and bearer.must_enrol, problem=problem)


@blueprint.post("/second-factor")
@needs(Permission.SIGNED_IN, unit="own")
@limited("sign-in")
def second_factor_on() -> Response:
    """The first code fits: codes are asked for from now on, this session has its second factor and a new id."""
    bearer, user_id = current_bearer(), cast("int", actor().user_id)
    if bearer is None or bearer.has_totp:
        raise ForbiddenError(_("You have a second factor already."), remedy=_("Switch it off first."))
    try:
        with product().unit_of_work(actor()) as unit:
            codes = identity.set_up_totp(
                unit, user_id, secret=session.get(SECRET, ""), code=request.form.get("code", "")
            )
            identity.sign_out_everywhere(unit, user_id, but=bearer.session_id)
            token = identity.prove_again(unit, bearer.session_id, second_factor="code")
    except InvalidInputError as error:
        return make_response(render("profile/second_factor.html", _page(f"{error.message} {error.remedy}")), 400)
    session.pop(SECRET, None)
    enter(token, user_id)
    return make_response(render("profile/recovery_codes.html", CodesPage(tuple(codes))))


@blueprint.post("/recovery-codes")
@needs(Permission.SIGNED_IN, proof=True)
def recovery_codes() -> str:
    codes = identity.renew_recovery_codes(work(), cast("int", actor().user_id))
    return render("profile/recovery_codes.html", CodesPage(tuple(codes)))


@blueprint.post("/second-factor/off")
@needs(Permission.SIGNED_IN, proof=True)
def second_factor_off() -> Response:
    bearer = current_bearer()
    if bearer is not None and bearer.needs_second_factor:
        raise ForbiddenError(_("Your role needs a second factor."), remedy=_("Ask an administrator for a new one."))
    identity.drop_totp(work(), cast("int", actor().user_id))
    say(_("The second factor is off."))
    return go("profile.profile")
