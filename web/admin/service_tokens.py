"""Tokens of services: programs that are no person, and so can neither answer a customer nor sign."""

from flask import url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.admin.blueprint import blueprint
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs
from web.sign_in.tokens import TokenWays, make_from_form, tokens_page


def _ways() -> TokenWays:
    return TokenWays(url_for("admin.service_tokens"), "admin.end_service_token", service=True)


@blueprint.get("/service-tokens")
@needs(Permission.ADMIN)
def service_tokens() -> str:
    return tokens_page(work(), _ways())


@blueprint.post("/service-tokens")
@needs(Permission.ADMIN, proof=True)
def make_service_token() -> Response:
    return make_from_form(work(), _ways())


@blueprint.post("/service-tokens/<int:token_id>/end")
@needs(Permission.ADMIN, proof=True)
def end_service_token(token_id: int) -> Response:
    identity.end_api_token(work(), token_id, user_id=None)
    say(_("It opens nothing any more."))
    return go("admin.service_tokens")
