"""The list of themes and one theme's page, with what people do to it; every act can be undone."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import queries, themes
from bpm.feedback.queries import ItemFilter, ItemRow
from bpm.feedback.themes import ThemeRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.themes.sparkline import Sparkline, sparkline
from web.ui.fields import Field

blueprint = Blueprint("themes", __name__, url_prefix="/themes")

VIEWS: tuple[tuple[themes.View, str], ...] = (
    ("growing", _("Growing")),
    ("all", _("All")),
    ("approved", _("Public")),
    ("one_sided", _("Learnt, not told")),
    ("hidden", _("Hidden")),
)
OTHERS = 50
"""Themes offered to merge with."""


@dataclass(frozen=True)
class Line:
    """A theme as the list shows it."""

    row: ThemeRow
    picture: Sparkline


@dataclass(frozen=True)
class ThemesPage:
    """What themes/list.html shows."""

    lines: tuple[Line, ...]
    views: tuple[Choice, ...]
    view: str


@dataclass(frozen=True)
class ThemePage:
    """What themes/theme.html shows."""

    row: ThemeRow
    picture: Sparkline
    items: tuple[ItemRow, ...]
    after: int | None
    others: tuple[ThemeRow, ...]
    changes: tuple[themes.ChangeRow, ...]
    name: Field
    lessons: tuple[Field, ...]
    may_change: bool


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def listing() -> str:
    asked = request.args.get("view", "growing")
    view: themes.View = next((key for key, _label in VIEWS if key == asked), "growing")
    lines = tuple(Line(row, sparkline(row.weeks)) for row in themes.list_themes(work(), view))
    views = tuple(Choice(label, url_for("themes.listing", view=key), key == view) for key, label in VIEWS)
    return render("themes/list.html", ThemesPage(lines, views, view))


@blueprint.get("/<int:theme_id>")
@needs(Permission.SEE_FEEDBACK)
def theme(theme_id: int) -> str:
    return _page(theme_id, None)


def _page(theme_id: int, problem: InvalidInputError | None) -> str:
    row = themes.get_theme(work(), theme_id)
    page = themes.items_of(work(), row.id, limit=SIZE, after=after())
    found = queries.list_items(work(), ItemFilter(ids=page.rows), SIZE).rows if page.rows else ()
    errors = problem.fields if problem else {}
    others = tuple(each for each in themes.list_themes(work(), "all") if each.id != row.id)[:OTHERS]

    def area(name: str, label: str, value: str) -> Field:
        written = request.form.get(name, value)
        return Field(name, label, "area", value=written, rows=3, error=errors.get(name, ""))

    return render(
        "themes/theme.html",
        ThemePage(
            row=row,
            picture=sparkline(row.weeks),
            items=tuple(found),
            after=page.after,
            others=others,
            changes=tuple(themes.changes_of(work(), row.id)),
            name=Field(
                "name", _("Name"), "text", value=request.form.get("name", row.name), error=errors.get("name", "")
            ),
            lessons=(
                area("learnt", _("What we learnt"), row.learnt),
                area("told", _("What we told customers"), row.told),
            ),
            may_change=may(actor(), Permission.ANSWER),
        ),
    )


@blueprint.post("/<int:theme_id>/name")
@needs(Permission.ANSWER)
def rename(theme_id: int) -> Response | tuple[str, int]:
    try:
        change = themes.rename_theme(work(), theme_id, request.form.get("name", ""))
    except InvalidInputError as error:
        return _page(theme_id, error), 400
    return _done(theme_id, change, _("Renamed."))


@blueprint.post("/<int:theme_id>/merge")
@needs(Permission.ANSWER)
def merge(theme_id: int) -> Response:
    into = key_of(request.form.get("into", ""))
    if into is None:
        raise InvalidInputError(_("No other theme was named."), place="into", remedy=_("Choose one."))
    change = themes.merge_themes(work(), theme_id, into=into)
    return _done(into, change, _("Merged: its items count here now."))


@blueprint.post("/<int:theme_id>/split")
@needs(Permission.ANSWER)
def split(theme_id: int) -> Response:
    chosen = [each for each in map(key_of, request.form.getlist("item")) if each is not None]
    change = themes.split_theme(work(), theme_id, chosen, name=request.form.get("name", ""))
    return _done(theme_id, change, _("Split off: they have a theme of their own now."))


@blueprint.post("/<int:theme_id>/hidden")
@needs(Permission.ANSWER)
def hide(theme_id: int) -> Response:
    hidden = request.form.get("hidden") == "on"
    change = themes.hide_theme(work(), theme_id, hidden=hidden)
    return _done(theme_id, change, _("Hidden from the lists.") if hidden else _("Shown again."))


@blueprint.post("/<int:theme_id>/approval")
@needs(Permission.ANSWER)
def approve(theme_id: int) -> Response:
    approved = request.form.get("approved") == "on"
    change = themes.approve_theme(work(), theme_id, approved=approved)
    said = _("The public may see its name and how many people it concerns.")
    return _done(theme_id, change, said if approved else _("The public sees it no more."))


@blueprint.post("/<int:theme_id>/lessons")
@needs(Permission.ANSWER)
def lessons(theme_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        change = themes.write_lessons(work(), theme_id, learnt=sent.get("learnt", ""), told=sent.get("told", ""))
    except InvalidInputError as error:
        return _page(theme_id, error), 400
    return _done(theme_id, change, _("Kept."))


@blueprint.post("/changes/<int:change_id>/undo")
@needs(Permission.ANSWER)
def undo(change_id: int) -> Response:
    theme_id = themes.undo_theme_change(work(), change_id)
    say(_("Undone."))
    return go("themes.theme", theme_id=theme_id)


def _done(theme_id: int, change_id: int, words: str) -> Response:
    say(words, undo=url_for("themes.undo", change_id=change_id))
    return go("themes.theme", theme_id=theme_id)
