"""Where one is signed in, and ending it there."""

from typing import cast

from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.texts import _
from bpm.identity import Permission, oidc
from web.core.rendering import go, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.profile.blueprint import blueprint
from web.sign_in.bearers import current_bearer


@blueprint.post("/sessions/<int:session_id>/end")
@needs(Permission.SIGNED_IN)
def end_session(session_id: int) -> Response:
    identity.end_one_session(work(), cast("int", actor().user_id), session_id)
    say(_("Signed out there."))
    return go("profile.profile")


@blueprint.post("/sessions/end")
@needs(Permission.SIGNED_IN)
def end_others() -> Response:
    bearer = current_bearer()
    identity.sign_out_everywhere(work(), cast("int", actor().user_id), but=bearer.session_id if bearer else None)
    say(_("You are signed out everywhere else."))
    return go("profile.profile")


@blueprint.post("/provider/unlink")
@needs(Permission.SIGNED_IN)
def unlink() -> Response:
    oidc.unlink_account(work(), cast("int", actor().user_id))
    say(_("The account is not linked any more."))
    return go("profile.profile")
