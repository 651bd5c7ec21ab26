"""What everybody may read of disturbances: one page without sign-in, cookies or scripts, each word with its author."""

from dataclasses import dataclass

from flask import Blueprint, make_response, session
from werkzeug.wrappers import Response

from bpm.feedback import incidents
from bpm.feedback.incidents import PublicIncident
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import product
from web.core.security import needs
from web.incidents.words import UPDATES

blueprint = Blueprint("disturbances", __name__)


@dataclass(frozen=True)
class DisturbancesPage:
    """What incidents/public.html shows."""

    now: tuple[PublicIncident, ...]
    over: tuple[PublicIncident, ...]
    kinds: dict[str, str]


@blueprint.get("/disturbances")
@needs(Permission.PUBLIC, unit="own")
def disturbances() -> Response:
    """What people said in public about what goes on and what is over lately."""
    with product().unit_of_work.reading() as work:
        found = incidents.list_public(work)
    page = DisturbancesPage(
        tuple(each for each in found if each.resolved_at is None),
        tuple(each for each in found if each.resolved_at is not None),
        UPDATES,
    )
    response = make_response(render("incidents/public.html", page))
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


@blueprint.after_request
def _without_cookies(response: Response) -> Response:
    session.modified = False
    return response
