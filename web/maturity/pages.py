"""How mature the company's listening is: each level with its checks, what they found, and where it stands."""

from dataclasses import dataclass

from flask import Blueprint

from bpm.identity import Permission
from bpm.processes.maturity import Maturity, maturity_of
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("maturity", __name__, url_prefix="/insights/maturity")


@dataclass(frozen=True)
class MaturityPage:
    """What maturity/path.html shows."""

    found: Maturity


@blueprint.get("")
@needs(Permission.INSIGHTS)
def path() -> str:
    return render("maturity/path.html", MaturityPage(maturity_of(work())))
