"""Saved views of the inbox: its filters under a name, shared with a group, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import queries
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes.queries import count_black_holes
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox.blueprint import blueprint
from web.inbox.listing.filters import NARROWING, filter_of, view_of
from web.ui.formats import at_most_said

LIST = "inbox"
COUNTED = 100
"""Items that a counter counts; what is more stands as 99+."""
MOST_SHOWN = 12


@dataclass(frozen=True)
class ViewLink:
    """A view beside the list."""

    id: int
    label: str
    query: str
    count: str
    active: bool
    is_mine: bool
    group: str | None


def view_links(unit: Work, args: Mapping[str, str]) -> tuple[ViewLink, ...]:
    """The person's views with how many items each lists now."""
    return tuple(
        ViewLink(
            view.id, view.name, view.query, _count(unit, dict(parse_qsl(view.query))),
            dict(parse_qsl(view.query)) == dict(args), view.is_mine, view.group_key,
        )
        for view in identity.list_views(unit, LIST)[:MOST_SHOWN]
    )  # fmt: skip


def _count(unit: Work, args: Mapping[str, str]) -> str:
    if view_of(args) == "holes":
        return at_most_said(count_black_holes(unit, most=COUNTED), COUNTED)
    return at_most_said(queries.count_items(unit, filter_of(args), most=COUNTED), COUNTED)


@blueprint.post("/views")
@needs(Permission.SEE_FEEDBACK)
def save_view() -> Response:
    """Keep the filters of the list that the person looks at."""
    asked = [(name, value) for name, value in parse_qsl(request.form.get("query", "")) if name in NARROWING]
    name = request.form.get("name", "")
    identity.save_view(work(), LIST, name=name, query=urlencode(asked), group_key=request.form.get("group") or None)
    say(_("View saved: %(name)s.") % {"name": name})
    return go_back("inbox.items")


@blueprint.post("/views/<int:view_id>/removal")
@needs(Permission.SEE_FEEDBACK)
def remove_view(view_id: int) -> Response:
    say(_("View removed: %(name)s.") % {"name": identity.remove_view(work(), view_id)})
    return go_back("inbox.items")
