"""Saved views of the list of tasks: kept under a name, shared with a group, counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.tasks.filters import filter_of, read_query
from web.ui.formats import at_most_said

LIST = "tasks"
COUNTED = 100
"""Tasks that a counter counts; what is more stands as 99+."""
MOST_SHOWN = 12


@dataclass(frozen=True)
class ViewLink:
    """A view above the list."""

    id: int
    label: str
    url: str
    count: str
    active: bool
    is_mine: bool
    group: str | None


def view_links(
    unit: Work,
    query: Mapping[str, str],
    *,
    people_of: Callable[[Work], Mapping[str, int]],
    cases_of: Callable[[str], tuple[int, ...]],
    away: Callable[[], tuple[int, ...]],
) -> tuple[ViewLink, ...]:
    """The person's views with how many tasks each lists now, all counted by one statement."""
    views = identity.list_views(unit, LIST)[:MOST_SHOWN]
    people = people_of(unit) if any("who=" in view.query for view in views) else {}
    filters = [
        filter_of(read_query(view.query), now=unit.now(), people=people, cases_of=cases_of, away=away) for view in views
    ]
    counts = queries.count_work_items(unit, filters, most=COUNTED)
    return tuple(
        ViewLink(
            view.id, view.name, f"{url_for('tasks.tasks')}?{view.query}", at_most_said(count, COUNTED),
            read_query(view.query) == dict(query), view.is_mine, view.group_key,
        )
        for view, count in zip(views, counts, strict=True)
    )  # fmt: skip


@blueprint.post("/views")
@needs(Permission.WORK)
def save_view() -> Response:
    """Keep the filters of the list that the person looks at."""
    asked = [(name, value) for name, value in parse_qsl(request.form.get("query", "")) if name != "after"]
    name = request.form.get("name", "")
    filter_of(dict(asked), now=work().now(), people={})
    identity.save_view(work(), LIST, name=name, query=urlencode(asked), group_key=request.form.get("group") or None)
    say(_("View saved: %(name)s.") % {"name": name})
    return go_back("tasks.tasks")


@blueprint.post("/views/<int:view_id>/removal")
@needs(Permission.WORK)
def remove_view(view_id: int) -> Response:
    say(_("View removed: %(name)s.") % {"name": identity.remove_view(work(), view_id)})
    return go_back("tasks.tasks")
