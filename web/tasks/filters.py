"""What the list of tasks is asked for: read out of its address, which is all that a saved view keeps."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl

from bpm.engine.queries import WorkItemFilter
from bpm.engine.status import WorkItemStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

SCOPES = (("mine", _("Mine")), ("groups", _("My groups")), ("deputy", _("Those I stand in for")), ("all", _("All")))
STATUSES = (
    (WorkItemStatus.OPEN.value, _("open")),
    (WorkItemStatus.COMPLETED.value, _("finished")),
    (WorkItemStatus.CANCELLED.value, _("withdrawn")),
)
DUE = (
    ("", _("any")),
    ("overdue", _("overdue")),
    ("day", _("within 24 hours")),
    ("week", _("within 7 days")),
    ("none", _("none")),
)
SORTS = (("", _("oldest first")), ("due", _("by due date")), ("priority", _("by priority")))
DATES = ("created_from", "created_until", "ended_from", "ended_until")
NOBODY = -1
HIGH = 51
"""Priority from which on a task is urgent: above the usual one."""

Asked = Mapping[str, str]


def read_query(query: str) -> dict[str, str]:
    """The parts of a query string, as of a saved view."""
    return dict(parse_qsl(query))


def one_of(choices: Any, wanted: str, *, default: str) -> str:
    """`wanted` where it is one of the choices."""
    return wanted if wanted in dict(choices) else default


def _nobodys(_words: str) -> tuple[int, ...]:
    return ()


def _of_nobody() -> tuple[int, ...]:
    return ()


def filter_of(
    asked: Asked,
    *,
    now: datetime,
    people: Mapping[str, int],
    after: int | None = None,
    cases_of: Callable[[str], tuple[int, ...]] = _nobodys,
    away: Callable[[], tuple[int, ...]] = _of_nobody,
) -> WorkItemFilter:
    """What the list of that address lists.

    `people`: {user name: id} of those that it may name; `cases_of`: the cases of customers by words of their name;
    `away`: ids of those for whom the reader stands in, asked only where their tasks are.
    """
    scope = one_of(SCOPES, asked.get("scope", ""), default="groups")
    status = one_of(STATUSES, asked.get("status", ""), default=WorkItemStatus.OPEN)
    is_open = status == WorkItemStatus.OPEN
    name, value = asked.get("variable", "").strip(), asked.get("value", "").strip()
    return WorkItemFilter(
        scope=cast("Any", "all" if scope == "groups" and not is_open else scope),
        away=away() if scope == "deputy" else (),
        status=WorkItemStatus(status),
        process=asked.get("process") or None,
        text=asked.get("text", "").strip(),
        group=asked.get("group", ""),
        assignee=people.get(asked["who"], NOBODY) if asked.get("who") else None,
        activity=asked.get("activity", "").strip(),
        priority_from=HIGH if asked.get("priority") == "high" else None,
        follow_up_until=now if asked.get("follow_up") == "reached" else None,
        cases=cases_of(asked["customer"].strip()) if asked.get("customer", "").strip() else None,
        variable=(name, value) if name else None,
        sort=cast("Any", one_of(SORTS, asked.get("sort", ""), default="") or "age"),
        after=after,
        **_due(asked.get("due", ""), now=now),
        **_days(asked),
    )


def _due(wanted: str, *, now: datetime) -> dict[str, Any]:
    if wanted == "overdue":
        return {"due_until": now}
    if wanted in ("day", "week"):
        return {"due_from": now, "due_until": now + timedelta(days=1 if wanted == "day" else 7)}
    return {"undated": True} if wanted == "none" else {}


def _days(asked: Asked) -> dict[str, Any]:
    return {each: _day(asked[each], later=each.endswith("until")) for each in DATES if asked.get(each)}


def _day(text: str, *, later: bool) -> datetime:
    """The beginning of a day, in UTC; of the next one where the day itself belongs to it."""
    try:
        day = datetime.combine(datetime.fromisoformat(text).date(), time.min, UTC)
        return day + timedelta(days=1) if later else day
    except (ValueError, OverflowError):
        raise InvalidInputError(
            _("%(text)s is no date.") % {"text": text}, remedy=_("Write for example 2026-03-31.")
        ) from None
