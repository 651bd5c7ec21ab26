"""Signing out here and at the company's account, and being signed out because somebody did so there."""

from dataclasses import dataclass

from flask import redirect, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from bpm import identity
from bpm.audit import Thing, record
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.identity import Permission, oidc
from web.core.rate_limits import limited
from web.core.rendering import render, say
from web.core.request_context import actor, product
from web.core.security import needs
from web.sign_in.addresses import whole_url
from web.sign_in.bearers import current_bearer
from web.sign_in.blueprint import blueprint
from web.sign_in.provider import knowledge

log = logger(__name__)

OUT = "out"
"""Key in the cookie of the state that went with somebody who signs out at the provider."""


@dataclass(frozen=True)
class SignedOutPage:
    """`leads_to`: where the provider is asked to sign the person out, too; empty once that is done."""

    leads_to: str
    provider: str


@blueprint.post("/sign-out")
@needs(Permission.PUBLIC, unit="own")
def sign_out() -> Response | str:
    """End the session here; who came by the provider is led on to it.

    By a page and not by a redirect: a form of ours may lead nowhere else (`form-action 'self'`).
    """
    token, bearer, hint = session.get("_user_id", ""), current_bearer(), None
    if actor().is_person:
        with product().unit_of_work(actor()) as work:
            if bearer is not None and bearer.method == identity.PROVIDER:
                hint = identity.id_token_of(work, bearer.session_id)
            identity.end_session(work, token)
            thing = Thing("session", work.actor.name, work.actor.display_name, f"person {work.actor.user_id}")
            record(work, "session.sign_out", thing, before={"signed_in": True}, after={"signed_in": False})
    logout_user()
    session.clear()
    leads_to = _way_out(hint) if hint is not None else ""
    if not leads_to:
        return redirect(url_for("login.sign_in_page"), 303)
    return render("sign_in/signed_out.html", SignedOutPage(leads_to, product().settings.oidc_name))


def _way_out(hint: str) -> str:
    """Where the provider signs the person out; empty where it offers none. Here they are signed out in any case."""
    settings = product().settings
    if not settings.oidc_sign_out or not settings.oidc_issuer:
        return ""
    try:
        found = oidc.leave(knowledge(), settings.oidc_client_id, id_token=hint, back=whole_url("login.signed_out"))
    except EarshotError as error:
        log.warning("nobody was signed out at the provider", why=str(error))
        say(_("You are signed out here. %(name)s could not be reached: sign out there, too.")
            % {"name": settings.oidc_name})  # fmt: skip
        return ""
    if found is None:
        return ""
    session[OUT] = found[1]
    return found[0]


@blueprint.get("/sign-in/signed-out")
@needs(Permission.PUBLIC, unit="own")
def signed_out() -> Response | str:
    """Where the provider sends people back to; with the state of another browser it says nothing."""
    state = session.pop(OUT, "")
    if not state or state != request.args.get("state", ""):
        return redirect(url_for("login.sign_in_page"), 303)
    return render("sign_in/signed_out.html", SignedOutPage("", product().settings.oidc_name))


@blueprint.post("/sign-in/provider/sign-out")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("sign-in")
def told_by_provider() -> Response:
    """The provider says that somebody signed out there: what they opened here by it ends (back-channel logout)."""
    app = product()
    token = request.form.get("logout_token", "")
    word = oidc.take_word(knowledge(), app.settings.oidc_client_id, token=token, now=app.clock.now())
    with app.unit_of_work() as work:
        person = oidc.person_of(work, word.issuer, word.subject) if word.subject else None
        ended = 0
        if word.session or person is not None:
            ended = identity.end_provider_session(work, session=word.session, user_id=person)
        thing = Thing("session", word.subject or word.session, "", f"person {person}" if person else "")
        record(work, "session.sign_out", thing, before={"signed_in": True}, after={"signed_in": False, "ended": ended},
               reason="the provider said so")  # fmt: skip
    return Response(status=200, headers={"Cache-Control": "no-store"})
