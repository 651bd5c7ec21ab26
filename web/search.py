"""One search box over everything that the person may see."""

from dataclasses import dataclass

from flask import Blueprint, request

from bpm.identity import Permission
from web.pages import render
from web.security import needs

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True)
class Found:
    """One thing found: what it is, where it is, a line about it."""

    kind: str
    title: str
    url: str
    text: str = ""


@dataclass(frozen=True)
class SearchPage:
    query: str
    found: tuple[Found, ...]


@blueprint.get("/search")
@needs(Permission.SIGNED_IN)
def search() -> str:
    query = request.args.get("q", "").strip()[:200]
    return render("search.html", SearchPage(query, ()))
