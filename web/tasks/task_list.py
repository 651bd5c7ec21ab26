"""The list of work items: mine, my groups', all that I may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import calendars, identity
from bpm.engine import api as engine
from bpm.engine import queries, teamwork
from bpm.engine.forms import form_of
from bpm.engine.queries import WorkItemRow, share_gone
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes.capacity import OverLimit
from bpm.processes.customers_cases import cases_of_customer, find_customers
from web.core.paging import SIZE, after
from web.core.rendering import Choice, address, go_back, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.tasks.filters import DUE, SCOPES, SORTS, STATUSES, filter_of, one_of
from web.tasks.limits import over_limits
from web.tasks.rows import TaskRow, draw_rows
from web.tasks.task_form import in_the_words_of
from web.tasks.views import ViewLink, view_links
from web.tasks.words import first_words
from web.ui.task_dates import PRIORITIES


@dataclass(frozen=True)
class TasksPage:
    scopes: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    due: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    more: tuple[Choice, ...]
    """Filters that are on or off."""
    views: tuple[ViewLink, ...]
    rows: Markup
    """The rows of the table; empty when there are none."""
    after: int | None
    scope: str
    is_open: bool
    asked: Mapping[str, str]
    """The query of the address."""
    query: str
    """The same as text, without the page."""
    groups: tuple[str, ...]
    priorities: tuple[tuple[int, str], ...]
    """(number, word)"""
    over: tuple[OverLimit, ...]
    """Groups of the reader's in which more is open than may be at once."""


@blueprint.get("")
@needs(Permission.WORK)
def tasks() -> str:
    asked = {name: value for name, value in request.args.items() if name != "after"}
    known = _people(work()) if asked.get("who") else {}
    wanted = filter_of(asked, now=work().now(), people=known, after=after(), cases_of=cases_of_named, away=_away)
    found = queries.list_work_items(work(), wanted, limit=SIZE)
    scope = one_of(SCOPES, asked.get("scope", ""), default="groups")
    return render(
        "tasks/tasks.html",
        TasksPage(
            scopes=_choices("scope", SCOPES, scope),
            statuses=_choices("status", STATUSES, wanted.status.value),
            processes=_process_choices(asked.get("process", "")),
            due=_choices("due", DUE, asked.get("due", "")),
            sorts=_choices("sort", SORTS, asked.get("sort", "")),
            more=_switches(asked),
            views=view_links(work(), asked, people_of=_people, cases_of=cases_of_named, away=_away),
            rows=draw_rows(_with_words(work(), found.rows, scope=scope), tasks=address("tasks.tasks"), back=here()),
            after=found.after,
            scope=scope,
            is_open=wanted.status == WorkItemStatus.OPEN,
            asked=asked,
            query=urlencode(asked),
            groups=tuple(sorted(actor().groups)),
            priorities=PRIORITIES,
            over=over_limits(work()),
        ),
    )


def cases_of_named(words: str) -> tuple[int, ...]:
    """The cases of the customers whose names have all the words, for those who may know customers."""
    if not may(actor(), Permission.SEE_FEEDBACK):
        return ()
    return tuple(
        {case for each in find_customers(work(), words) for case in cases_of_customer(work(), each.customer_id)}
    )


def _away() -> tuple[int, ...]:
    return tuple(sorted({each.user_id for each in teamwork.standing_in_for(work(), actor().user_id or 0)}))


def _people(unit: Work) -> dict[str, int]:
    """{user name: id}; asked for only where a filter names somebody."""
    return {user.username: user.id for user in identity.list_users(unit)}


def _choices(name: str, choices: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, here(**{name: key or None}), chosen == key) for key, label in choices)


def _switches(asked: Mapping[str, str]) -> tuple[Choice, ...]:
    switches = (("priority", "high", _("high priority")), ("follow_up", "reached", _("follow-up reached")))
    return tuple(
        Choice(label, here(**{name: None if asked.get(name) == value else value}), asked.get(name) == value)
        for name, value, label in switches
    )


def _process_choices(chosen: str) -> tuple[Choice, ...]:
    live = [each for each in queries.list_definitions(work()) if each.live_version_id or each.key == chosen]
    every = Choice(_("all"), here(process=None), not chosen)
    return (every, *(Choice(each.name, here(process=each.key), each.key == chosen) for each in live))


def _with_words(unit: Work, items: tuple[WorkItemRow, ...], *, scope: str) -> tuple[TaskRow, ...]:
    words, person = first_words(unit, [item.instance_id for item in items]), actor().user_id
    dated, now = {item.group_key for item in items if item.due_at}, unit.now()
    hours = calendars.calendars_of(unit, dated) if dated else {}
    done = [item.id for item in items if item.status == WorkItemStatus.COMPLETED]
    entered = queries.entered_in(unit, done) if done else {}
    answers = {each: in_the_words_of(form_of(schema), values) for each, (schema, values) in entered.items()}
    missing = queries.missing_facts_of(unit, items)
    return tuple(
        TaskRow(
            item,
            words.get(item.instance_id),
            item.assignee_id == person,
            share_gone(item, hours[item.group_key], now=now) if item.due_at else None,
            answers.get(item.id, ()),
            missing.get(item.id, ()),
            scope == "deputy",
        )
        for item in items
    )


@blueprint.post("/<int:item_id>/claim")
@needs(Permission.WORK)
def claim(item_id: int) -> Response:
    engine.claim(work(), item_id)
    say("It is yours.", undo=_undo("release", item_id))
    return go_back("tasks.task", item_id=item_id)


@blueprint.post("/<int:item_id>/release")
@needs(Permission.WORK)
def release(item_id: int) -> Response:
    engine.release(work(), item_id)
    say("Released: your group can take it.", undo=_undo("claim", item_id))
    return go_back("tasks.task", item_id=item_id)


def _undo(verb: str, item_id: int) -> str:
    return url_for(f"tasks.{verb}", item_id=item_id)


def fingerprint(unit: Work) -> str:
    """Changes when what stands at the top of the person's list does; as flat in cost as the list itself."""
    return queries.work_items_mark(unit, limit=SIZE)


def deputy_fingerprint(unit: Work) -> str:
    """The same for the list of those for whom the person stands in."""
    away = sorted({each.user_id for each in teamwork.standing_in_for(unit, unit.actor.user_id or 0)})
    return queries.deputy_mark(unit, tuple(away), limit=SIZE)
