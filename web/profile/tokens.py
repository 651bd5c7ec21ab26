"""Tokens by which one's own programs call the API."""

from typing import cast

from flask import url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.profile.blueprint import blueprint
from web.sign_in.tokens import TokenWays, make_from_form, tokens_page


def _ways() -> TokenWays:
    return TokenWays(url_for("profile.tokens"), "profile.end_token", service=False)


@blueprint.get("/tokens")
@needs(Permission.SIGNED_IN)
def tokens() -> str:
    return tokens_page(work(), _ways())


@blueprint.post("/tokens")
@needs(Permission.SIGNED_IN, proof=True)
def make_token() -> Response:
    return make_from_form(work(), _ways())


@blueprint.post("/tokens/<int:token_id>/end")
@needs(Permission.SIGNED_IN)
def end_token(token_id: int) -> Response:
    identity.end_api_token(work(), token_id, user_id=cast("int", actor().user_id))
    say(_("It opens nothing any more."))
    return go("profile.tokens")
