"""Signing in by the company's OpenID provider, and proving or linking oneself there."""

from datetime import timedelta
from typing import cast

from flask import current_app, make_response, redirect, request, session
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import ForbiddenError, NotFoundError
from bpm.foundation.http.client import OutboundClient
from bpm.foundation.http.destinations import parse_allow_list
from bpm.foundation.texts import _
from bpm.identity import Permission, oidc
from bpm.identity.oidc.exchange import Client
from web.core.rate_limits import limited
from web.core.rendering import go, render, say
from web.core.request_context import actor, product
from web.core.security import needs
from web.core.sessions.kept_forms import FIELD, SignInPage, read_kept
from web.sign_in.addresses import whole_url
from web.sign_in.arrival import (
    AT_PROVIDER,
    Halfway,
    KeptPage,
    arrive,
    enter,
    lead_on,
    wait_for_second_step,
)
from web.sign_in.bearers import current_bearer
from web.sign_in.blueprint import blueprint

JUST_NOW = timedelta(minutes=5)
SENT = "sent"
"""Key in the cookie of what was sent with the browser to the provider."""


@blueprint.get("/sign-in/provider")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def to_provider() -> Response:
    """On to the provider; `anew=1`: to prove oneself once more, `link=1`: to tie the account there to one's own."""
    anew = bool(request.args.get("anew")) and actor().is_person
    address, sent = oidc.ask(knowledge(), client(), scopes=product().settings.oidc_scopes, anew=anew)
    purpose = "proof" if anew else "link" if request.args.get("link") and actor().is_person else "sign in"
    session[SENT] = [sent.state, sent.nonce, sent.verifier, purpose, request.args.get("next", "")]
    return redirect(address, 303)


@blueprint.get("/sign-in/provider/back")
@needs(Permission.PUBLIC, unit="own")
@limited("sign-in")
def from_provider() -> Response:
    state, nonce, verifier, purpose, target = session.pop(SENT, None) or ["", "", "", "", ""]
    sent = oidc.Sent(state, nonce, verifier) if state else None
    claims = oidc.take_answer(
        knowledge(),
        client(),
        sent=sent,
        answer=request.args.to_dict(),
        claim=product().settings.oidc_claim,
        now=product().clock.now(),
    )
    if purpose == "link" and actor().is_person:
        with product().unit_of_work(actor()) as work:
            oidc.link_account(work, cast("int", actor().user_id), claims)
        say(_("Your account is linked: you can sign in by it from now on."))
        return go("profile.profile")
    if purpose == "proof" and actor().is_person:
        return _prove(claims, target)
    return _sign_in(claims, target)


def _sign_in(claims: oidc.Claims, target: str) -> Response:
    with product().unit_of_work() as work:
        user = oidc.find_or_link(work, claims)
        user_id, username, has_totp = user.id, user.username, user.totp_since is not None
        proven = bool(claims.factors & set(work.settings.oidc_factors))
    came_by = oidc.FromProvider(claims.session, claims.id_token)
    if has_totp and not proven:
        with product().unit_of_work() as work:
            session[AT_PROVIDER] = oidc.keep_arrival(work, came_by)
        wait_for_second_step(Halfway(user_id, username, "provider", product().clock.now()))
        return make_response(render("sign_in/code.html", SignInPage(username, next=target)))
    factor = "provider" if proven else ""
    return arrive(user_id, method=identity.PROVIDER, second_factor=factor, target=target, provider=came_by)


def _prove(claims: oidc.Claims, target: str) -> Response:
    """The person signed in here proved themselves there just now; somebody else there proves nothing."""
    bearer, now = current_bearer(), product().clock.now()
    if claims.proven_at is None or now - claims.proven_at > JUST_NOW:
        raise ForbiddenError(
            _("The provider does not say that you proved yourself just now."), remedy=_("Show who you are by password.")
        )
    with product().unit_of_work(actor()) as work:
        user = oidc.find_or_link(work, claims)
        if bearer is None or user.id != actor().user_id:
            raise ForbiddenError(_("This is somebody else's account."), remedy=_("Sign in there as yourself."))
        token = identity.prove_again(work, bearer.session_id)
    enter(token, user.id)
    return lead_on(target)


@blueprint.get("/sign-in/back")
@needs(Permission.SIGNED_IN)
def back() -> str:
    """Where a second window ends up in which somebody signed in again."""
    return render("sign_in/back.html", None)


@blueprint.post("/sign-in/kept")
@needs(Permission.PUBLIC, unit="own")
def take_up() -> Response:
    """What was typed before the session ended, now that its person signed in again in another window."""
    kept = read_kept(request.form.get(FIELD, ""))
    if kept is None or not actor().is_person:
        return make_response(render("sign_in/login.html", SignInPage(again=True, kept=kept)), 401)
    return make_response(render("sign_in/kept.html", KeptPage(kept)))


def knowledge() -> oidc.ProviderKnowledge:
    """What this process knows of the provider; NotFoundError where none is set."""
    app = product()
    if not app.settings.oidc_issuer:
        raise NotFoundError(_("No provider is set up here."), remedy=_("Sign in by your password."))
    door = OutboundClient(parse_allow_list(app.settings.outbound_allowed))
    fresh = oidc.ProviderKnowledge(app.settings.oidc_issuer, door, app.clock)
    return cast("oidc.ProviderKnowledge", current_app.extensions.setdefault("openid provider", fresh))


def client() -> Client:
    with product().unit_of_work.reading() as work:
        secret = oidc.client_secret(work)
    return Client(product().settings.oidc_client_id, whole_url("login.from_provider"), secret)
