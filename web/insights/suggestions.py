"""Suggested links, by activity: a person confirms or drops them, all of an activity in one click."""

from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import suggestions
from bpm.processes.suggestions import SuggestionRow
from web.core.numbers import key_of
from web.core.rendering import go_back, render, say
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("suggestions", __name__, url_prefix="/insights/suggestions")

SHOWN = 200


@dataclass(frozen=True)
class SuggestionsPage:
    groups: tuple[tuple[SuggestionRow, ...], ...]
    """By activity."""
    cut: bool


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def waiting() -> str:
    rows = suggestions.list_suggestions(work(), limit=SHOWN + 1)
    groups: dict[tuple[str, str], list[SuggestionRow]] = {}
    for row in rows[:SHOWN]:
        groups.setdefault((row.definition_key, row.element), []).append(row)
    ordered = sorted(groups.values(), key=lambda each: -len(each))
    return render("insights/suggestions.html", SuggestionsPage(tuple(map(tuple, ordered)), len(rows) > SHOWN))


@blueprint.post("/confirmation")
@needs(Permission.SEE_FEEDBACK)
def confirm() -> Response:
    number = suggestions.confirm_suggestions(work(), _chosen())
    say(_("%(number)s linked by hand. They count from now on.") % {"number": number})
    return go_back("suggestions.waiting")


@blueprint.post("/dropping")
@needs(Permission.SEE_FEEDBACK)
def drop() -> Response:
    number = suggestions.drop_suggestions(work(), _chosen())
    say(_("%(number)s dropped. The items stay in the space between.") % {"number": number})
    return go_back("suggestions.waiting")


@blueprint.post("/again")
@needs(Permission.SEE_FEEDBACK)
def again() -> Response:
    suggestions.look_again(work())
    say(_("Everything in the space between is looked at again, with what was confirmed since."))
    return go_back("suggestions.waiting")


def _chosen() -> list[int]:
    return [found for each in request.form.getlist("id") if (found := key_of(each)) is not None]
