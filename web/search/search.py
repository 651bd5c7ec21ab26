"""One search box over everything that the person may see."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from sqlalchemy import select

from bpm import feedback
from bpm.audit import Thing
from bpm.engine import queries
from bpm.engine.models import ProcessInstance
from bpm.engine.queries import WorkItemFilter
from bpm.feedback.queries import ItemFilter
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from web.core.on_record.reads import note_read
from web.core.rendering import has_endpoint, render
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("search", __name__)

EACH = 12
"""Hits of one sort."""


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
    sorts = (
        (Permission.WORK, _work_items),
        (Permission.SEE_PROCESSES, _processes),
        (Permission.SEE_PROCESSES, _instances),
        (Permission.SEE_FEEDBACK, _items),
    )
    found = [
        hit for permission, sort in sorts if query and may(work().actor, permission) for hit in sort(work(), query)
    ]
    if query:
        note_read("search.run", Thing("search", "all", _("Search")), asked=query)
    return render("search/search.html", SearchPage(query, tuple(found)))


def _work_items(unit: Work, query: str) -> Iterator[Found]:
    for row in queries.list_work_items(unit, WorkItemFilter(text=query), limit=EACH).rows:
        yield Found(_("task"), row.name or row.element, url_for("tasks.task", item_id=row.id), row.process_name)


def _processes(unit: Work, query: str) -> Iterator[Found]:
    for row in queries.list_definitions(unit):
        if query.lower() in row.name.lower() or query.lower() in row.key.lower():
            yield Found(_("process"), row.name, url_for("designer.process", key=row.key), row.key)


def _instances(unit: Work, query: str) -> Iterator[Found]:
    found = select(ProcessInstance.id, ProcessInstance.status).where(ProcessInstance.business_key == query).limit(EACH)
    for row in unit.session.execute(found):
        yield Found(_("instance"), query, url_for("instances.instance", instance_id=row.id), row.status)


def _items(unit: Work, query: str) -> Iterator[Found]:
    if not has_endpoint("inbox.item"):
        return
    for row in feedback.queries.list_items(unit, ItemFilter(text=query), EACH).rows:
        yield Found(_("said"), f"{row.author}, {row.channel}", url_for("inbox.item", item_id=row.id), row.text[:200])
