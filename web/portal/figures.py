"""What surveys say: the response rate beside every score, and matters that ended badly, apart from any mean."""

from dataclasses import dataclass

from flask import Blueprint

from bpm.identity import Permission
from bpm.processes import surveys
from bpm.processes.surveys import BadEnd, Score
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("surveys", __name__, url_prefix="/insights/surveys")


@dataclass(frozen=True)
class SurveysPage:
    """What portal/figures.html shows."""

    scores: tuple[Score, ...]
    bad_ends: tuple[BadEnd, ...]
    on: bool


@blueprint.get("")
@needs(Permission.INSIGHTS)
def overview() -> str:
    found = SurveysPage(surveys.scores(work()), surveys.list_bad_ends(work()), work().settings.surveys)
    return render("portal/figures.html", found)
