"""One search box over everything that the person may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for

from bpm import feedback
from bpm.audit import Thing
from bpm.engine import queries
from bpm.engine.queries import CaseFilter, WorkItemFilter
from bpm.feedback.queries import ItemFilter
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes.customers_cases import find_customers
from bpm.processes.queries import list_triggers
from web.core.on_record.reads import note_read
from web.core.rendering import has_endpoint, render
from web.core.request_context import work
from web.core.security import needs
from web.ui.case_words import case_state

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
class Group:
    """Hits of one sort, with the page that shows all of them."""

    name: str
    hits: tuple[Found, ...]
    more: str = ""


@dataclass(frozen=True)
class SearchPage:
    query: str
    groups: tuple[Group, ...]


@blueprint.get("/search")
@needs(Permission.SIGNED_IN)
def search() -> str:
    query = request.args.get("q", "").strip()[:200]
    sorts = (
        (Permission.WORK, _("Tasks"), _work_items, "tasks.tasks", "text"),
        (Permission.SEE_PROCESSES, _("Cases"), _cases, "cases.cases", "q"),
        (Permission.SEE_PROCESSES, _("Processes"), _processes, "", ""),
        (Permission.SEE_PROCESSES, _("Triggers"), _triggers, "", ""),
        (Permission.SEE_FEEDBACK, _("Customers"), _customers, "", ""),
        (Permission.SEE_FEEDBACK, _("Feedback"), _items, "", ""),
    )
    groups = []
    for permission, name, sort, more, field in sorts:
        hits = tuple(sort(work(), query)) if query and may(work().actor, permission) else ()
        if hits:
            groups.append(Group(name, hits, _all_of(more, field, query) if more and len(hits) >= EACH else ""))
    if query:
        note_read("search.run", Thing("search", "all", _("Search")), asked=query)
    return render("search/search.html", SearchPage(query, tuple(groups)))


def _all_of(endpoint: str, field: str, query: str) -> str:
    asked: dict[str, Any] = {field: query}
    return url_for(endpoint, **asked)


def _work_items(unit: Work, query: str) -> Iterator[Found]:
    for row in queries.list_work_items(unit, WorkItemFilter(text=query), limit=EACH).rows:
        yield Found(_("task"), row.name or row.element, url_for("tasks.task", item_id=row.id), row.process_name)


def _processes(unit: Work, query: str) -> Iterator[Found]:
    for row in queries.list_definitions(unit):
        if _has(query, row.name, row.key):
            yield Found(_("process"), row.name, url_for("designer.process", key=row.key), row.key)


def _has(query: str, *texts: str) -> bool:
    """Whether every word is somewhere in the texts, in any order."""
    held = " ".join(texts).casefold()
    return all(word in held for word in query.casefold().split())


def _cases(unit: Work, query: str) -> Iterator[Found]:
    """By its key exactly, however old; else by words among the newest ones."""
    exact = queries.list_cases(unit, CaseFilter(key=query), limit=EACH).rows
    some = exact or queries.list_cases(unit, CaseFilter(words=query), limit=EACH).rows
    for row in some:
        title = row.business_key or _("Case %(number)s") % {"number": row.id}
        url = url_for("instances.instance", instance_id=row.id)
        yield Found(_("case"), title, url, f"{row.name}, {case_state(row.status)}")


def _triggers(unit: Work, query: str) -> Iterator[Found]:
    for row in list_triggers(unit) if has_endpoint("triggers.of_process") else ():
        if _has(query, row.name, row.process_name, row.sentence):
            yield Found(_("trigger"), row.name, url_for("triggers.of_process", key=row.definition_key), row.sentence)


def _customers(unit: Work, query: str) -> Iterator[Found]:
    for row in find_customers(unit, query, limit=EACH) if may(unit.actor, Permission.SEE_PROCESSES) else ():
        yield Found(_("customer"), row.name, url_for("cases.cases", customer=row.customer_id), _("Their cases"))


def _items(unit: Work, query: str) -> Iterator[Found]:
    if not has_endpoint("inbox.item"):
        return
    for row in feedback.queries.list_items(unit, ItemFilter(text=query), EACH).rows:
        yield Found(_("said"), f"{row.author}, {row.channel}", url_for("inbox.item", item_id=row.id), row.text[:200])
