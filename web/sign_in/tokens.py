"""Tokens for programs, as a page: a person's own in the profile, those of services in administration."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import TokenRow
from web.core.rendering import render
from web.ui.fields import Field

DAYS = (("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("366", _("a year")))


@dataclass(frozen=True)
class TokenWays:
    """The addresses of one of the two pages."""

    page: str
    end: str
    """Endpoint that ends a token."""
    service: bool


@dataclass(frozen=True)
class TokensPage:
    ways: TokenWays
    rows: tuple[TokenRow, ...]
    fields: tuple[Field, ...]
    words: Mapping[str, str]
    """Of each scope."""
    error: str = ""


@dataclass(frozen=True)
class MadePage:
    ways: TokenWays
    name: str
    token: str


def tokens_page(unit: Work, ways: TokenWays, error: InvalidInputError | None = None) -> str:
    """The tokens there are, and the form for another one."""
    owner = None if ways.service else unit.actor.user_id
    words = identity.scopes_for(unit.actor, service=ways.service)
    given = request.form if error else {}
    problems = error.fields if error else {}
    fields = (
        Field(
            "name", _("What it is for"), "text", required=True, value=given.get("name", ""),
            error=problems.get("name", ""), limits={"maxlength": 120},
        ),
        Field(
            "scopes", _("It may"), "checks", required=True, options=tuple(words.items()),
            values=request.form.getlist("scopes") if error else (), error=problems.get("scopes", ""),
        ),
        Field(
            "days", _("It holds for"), "select", options=DAYS, value=given.get("days", str(identity.USUAL_DAYS)),
            error=problems.get("days", ""),
        ),
    )  # fmt: skip
    rows = tuple(identity.list_api_tokens(unit, owner))
    said = str(error) if error else ""
    everything = {str(each): told for each, told in identity.PERMISSION_WORDS.items()}
    return render("sign_in/tokens.html", TokensPage(ways, rows, fields, everything, said))


def make_from_form(unit: Work, ways: TokenWays) -> Response:
    """Make what the form says and show the word, once."""
    days = request.form.get("days", "")
    try:
        _id, token = identity.make_api_token(
            unit, request.form.get("name", ""), request.form.getlist("scopes"),
            days=int(days) if days.isascii() and days.isdigit() else 0, service=ways.service,
        )  # fmt: skip
    except InvalidInputError as error:
        return make_response(tokens_page(unit, ways, error), 400)
    made = MadePage(ways, " ".join(request.form["name"].split()), token)
    return make_response(render("sign_in/token_made.html", made))
