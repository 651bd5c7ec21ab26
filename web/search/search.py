"""One search over everything that the person may see: grouped by kind with counts, each kind on pages of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import identity, search
from bpm.audit import Thing
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.search import Asked
from bpm.wiring import SEARCHED
from web.core import paging
from web.core.on_record.reads import note_read
from web.core.rendering import go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.search import elsewhere
from web.search.results import Line, in_order
from web.ui.formats import number, reader_zone

blueprint = Blueprint("search", __name__)

LIST = "search"
"""Under which name its views are kept."""
EACH = 8
"""Hits of one kind on the page of all."""
SOURCES = {source.kind: source for source in SEARCHED}


@dataclass(frozen=True)
class Group:
    """Hits of one kind; `more`: the page that shows all of them."""

    name: str
    count: str
    lines: tuple[Line, ...]
    more: str = ""
    mark: str = ""


@dataclass(frozen=True)
class ViewLink:
    """A search that was saved."""

    id: int
    label: str
    url: str
    active: bool
    is_mine: bool
    group: str | None


@dataclass(frozen=True)
class SearchPage:
    query: str
    kind: str
    groups: tuple[Group, ...]
    problems: tuple[str, ...]
    after: int | None
    views: tuple[ViewLink, ...]
    shared_with: tuple[str, ...]


def _names() -> dict[str, str]:
    """Kind -> its heading, in the order of the page."""
    return {"case": _("Cases"), "customer": _("Customers"), "item": _("Feedback"), "reply": _("Replies")}


@blueprint.get("/search", endpoint="search")
@needs(Permission.SIGNED_IN)
def search_page() -> str:
    query = request.args.get("q", "").strip()
    asked = search.read_asked(query, zone=reader_zone())
    kind = request.args.get("kind", "")
    groups: tuple[Group, ...] = ()
    after = None
    if kind in SOURCES:
        groups, after = _one_kind(work(), asked, kind)
    elif not asked.is_empty:
        groups = tuple(_all_kinds(work(), asked))
    if query:
        note_read("search.run", Thing("search", "all", _("Search")), asked=query[:200])
    page = SearchPage(
        query, kind, groups, asked.problems, after, tuple(_views(query)), tuple(sorted(work().actor.groups))
    )
    return render("search/search.html", page)


def _one_kind(unit: Work, asked: Asked, kind: str) -> tuple[tuple[Group, ...], int | None]:
    found = search.find(unit, SOURCES[kind], asked, after=paging.after(), limit=paging.SIZE)
    lines = in_order(unit, asked, kind, [hit.object_id for hit in found.hits])
    group = Group(_names()[kind], _counted(unit, asked, kind), lines, mark=kind)
    return (group,) if lines else (), found.after


def _all_kinds(unit: Work, asked: Asked) -> Iterator[Group]:
    """Words alone find tasks, processes and triggers, too; fields are labels that only the index knows."""
    is_plain = not (asked.marks or asked.unwanted_marks or asked.since or asked.until) and bool(asked.wanted)
    is_plain = is_plain and not any(term.of_who for term in (*asked.wanted, *asked.unwanted))
    if is_plain and asked.asks_for("task"):
        yield from _listed(_("Tasks"), elsewhere.tasks, unit, asked, more="tasks.tasks", field="text")
    for kind, name in _names().items():
        found = search.find(unit, SOURCES[kind], asked, limit=EACH)
        lines = in_order(unit, asked, kind, [hit.object_id for hit in found.hits])
        if lines:
            more = url_for("search.search", q=asked.text, kind=kind) if found.after else ""
            count = _counted(unit, asked, kind) if found.after else str(len(lines))
            yield Group(name, count, lines, more, kind)
    for kind, name, read in (
        ("process", _("Processes"), elsewhere.processes), ("trigger", _("Triggers"), elsewhere.triggers)
    ):  # fmt: skip
        if is_plain and asked.asks_for(kind):
            yield from _listed(name, read, unit, asked)


def _listed(
    name: str,
    read: Callable[[Work, Asked], Iterator[Line]],
    unit: Work,
    asked: Asked,
    *,
    more: str = "",
    field: str = "",
) -> Iterator[Group]:
    lines = tuple(islice(read(unit, asked), elsewhere.EACH))
    is_cut = len(lines) >= elsewhere.EACH
    words: dict[str, Any] = {field: asked.text}
    if lines:
        count = f"{len(lines)}+" if is_cut else str(len(lines))
        yield Group(name, count, lines, url_for(more, **words) if more and is_cut else "")


def _counted(unit: Work, asked: Asked, kind: str) -> str:
    count = search.count(unit, SOURCES[kind], asked)
    return f"{number(search.MOST_COUNTED)}+" if count > search.MOST_COUNTED else number(count)


def _views(query: str) -> Iterator[ViewLink]:
    for view in identity.list_views(work(), LIST):
        url = f"{url_for('search.search')}?{view.query}"
        yield ViewLink(view.id, view.name, url, view.query == _query_of(query), view.is_mine, view.group_key)


def _query_of(query: str) -> str:
    return urlencode({"q": query})


@blueprint.post("/search/views")
@needs(Permission.SIGNED_IN)
def save_view() -> Response:
    """Keep what is asked under a name, for oneself or shared with a group."""
    name, query = request.form.get("name", ""), request.form.get("q", "").strip()
    identity.save_view(work(), LIST, name=name, query=_query_of(query), group_key=request.form.get("group") or None)
    say(_("Search saved: %(name)s.") % {"name": name})
    return go_back("search.search")


@blueprint.post("/search/views/<int:view_id>/removal")
@needs(Permission.SIGNED_IN)
def remove_view(view_id: int) -> Response:
    say(_("Search removed: %(name)s.") % {"name": identity.remove_view(work(), view_id)})
    return go_back("search.search")
