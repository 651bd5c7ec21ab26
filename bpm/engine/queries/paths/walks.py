"""How lists of work items are found: each branch of what a person may see is its own walk along its own index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import JSON, String, Table, and_, bindparam, exists, literal_column, or_, select, tuple_, union_all

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.db import at_most
from bpm.foundation.work import Actor
from bpm.identity import Permission, may

ITEM = cast("Table", WorkItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)

_STATUS: dict[WorkItemStatus, Any] = {status: literal_column(f"'{status}'") for status in WorkItemStatus}
"""In the text too, for the same reason as a limit (see `at_most`)."""


Sort = Literal["age", "due", "priority"]
"""Oldest first; by due date, those alone that have one; by priority, the oldest first in each."""
_SORTED_BY = {"due": "due_at", "priority": "rank"}


@dataclass(frozen=True)
class WorkItemFilter:
    """What to list. `after` is the `next` of the page before."""

    scope: Literal["mine", "groups", "deputy", "all"] = "all"
    """mine: assigned to me · groups: offered to my groups and free · deputy: of `away` · all: what I may see."""
    away: tuple[int, ...] = ()
    """Ids of those for whom the actor stands in."""
    status: WorkItemStatus = WorkItemStatus.OPEN
    process: str | None = None
    text: str = ""
    group: str = ""
    assignee: int | None = None
    activity: str = ""
    """Part of its name."""
    due_from: datetime | None = None
    due_until: datetime | None = None
    undated: bool = False
    """Only those without a due date."""
    follow_up_until: datetime | None = None
    priority_from: int | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None
    ended_from: datetime | None = None
    ended_until: datetime | None = None
    variable: tuple[str, str] | None = None
    """(name, value as a text) of a variable of its case."""
    cases: tuple[int, ...] | None = None
    """Only tasks of these cases."""
    sort: Sort = "age"
    after: int | None = None

    @property
    def asked(self) -> frozenset[str]:
        """The names of what is filtered by."""
        found = {
            name for name in _CONDITIONS if not (getattr(self, name) in (None, "") or getattr(self, name) is False)
        }
        return frozenset(found - (set() if self.text.strip() else {"text"}))


@dataclass(frozen=True)
class Walk:
    """What the text of a list's statement depends on; everything else is a value."""

    scope: str
    status: WorkItemStatus
    groups: int
    away: int
    unbounded: bool
    """An operator sees everything."""
    after: bool
    asked: frozenset[str]
    sort: Sort
    limit: int
    prefix: str = ""
    """Before the names of its bind parameters, where several walks make one statement."""

    @classmethod
    def of(cls, actor: Actor, filter: WorkItemFilter, *, limit: int, prefix: str = "") -> "Walk":  # noqa: A002
        """The walk of a list that `actor` asks for."""
        return cls(
            scope=filter.scope,
            status=filter.status,
            groups=len(actor.groups),
            away=len(filter.away),
            unbounded=may(actor, Permission.OPERATE),
            after=filter.after is not None,
            asked=filter.asked,
            sort=filter.sort if filter.status == WorkItemStatus.OPEN else "age",
            limit=limit,
            prefix=prefix,
        )

    @property
    def ascending(self) -> bool:
        """Open items oldest first, ended ones newest first."""
        return self.status == WorkItemStatus.OPEN

    def value(self, name: str, type_: Any = None) -> Any:
        """The bind parameter of that name."""
        return bindparam(f"{self.prefix}{name}", type_=type_)

    @property
    def order(self) -> tuple[Any, ...]:
        """What it is in the order of, before the id."""
        return () if self.sort == "age" else (ITEM.c[_SORTED_BY[self.sort]],)


def values_of(actor: Actor, filter: WorkItemFilter, *, prefix: str = "") -> dict[str, Any]:  # noqa: A002
    """The values of every bind parameter that a walk may have."""
    text = filter.text.strip()
    name, value = filter.variable or ("", "")
    values = {
        "person": actor.user_id,
        **{f"group_{number}": key for number, key in enumerate(sorted(actor.groups))},
        **{f"away_{number}": person for number, person in enumerate(filter.away)},
        "after": filter.after,
        "process": filter.process,
        "words": _literal(text),
        "business_key": text,
        "activity": _literal(filter.activity),
        "variable": name,
        "variable_value": value,
        # SQLite gives true and false out of JSON as 1 and 0.
        "variable_value_stored": {"true": "1", "false": "0"}.get(value.lower(), value),
        **{each: getattr(filter, each) for each in _PLAIN},
    }
    if filter.cases is not None:
        values["cases"] = list(filter.cases)
    return {f"{prefix}{each}": value for each, value in values.items()}


def _literal(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def first_of(walk: Walk, *columns: Any, limit: int) -> Any:
    """A subquery of these columns, the id first, of the first `limit` items, each once.

    Each branch is cut at `limit` too, so that none is walked further.
    """
    columns = (*columns, *(each.label("in_order_of") for each in walk.order))
    found = union_all(*(_branch(walk, condition, columns, limit=limit) for condition in _branches(walk))).subquery()
    order: list[Any] = [found.c.in_order_of] if walk.order else []
    order.append(found.c.id.asc() if walk.ascending else found.c.id.desc())
    return select(found).distinct().order_by(*order).limit(at_most(limit)).subquery()


def _branches(walk: Walk) -> list[Any]:
    mine = ITEM.c.assignee_id == walk.value("person")
    offered = (ITEM.c.group_key == walk.value(f"group_{number}") for number in range(walk.groups))
    groups = [ITEM.c.group_key.is_(None), *offered]
    if walk.scope == "mine":
        return [mine]
    if walk.scope == "groups":
        return [and_(group, ITEM.c.assignee_id.is_(None)) for group in groups]
    if walk.scope == "deputy":
        away = [ITEM.c.assignee_id == walk.value(f"away_{number}") for number in range(walk.away)]
        return away or [ITEM.c.id.is_(None)]
    if walk.unbounded:
        return [ITEM.c.id.is_not(None)]
    return [mine, *groups]


def _branch(walk: Walk, condition: Any, columns: Sequence[Any], *, limit: int) -> Any:
    query = select(*columns).where(condition, ITEM.c.status == _STATUS[walk.status])
    if walk.sort == "due":
        query = query.where(ITEM.c.due_at.is_not(None))
    if walk.after:
        query = query.where(_behind(walk))
    query = query.where(*(_CONDITIONS[name](walk) for name in sorted(walk.asked)))
    order = ITEM.c.id.asc() if walk.ascending else ITEM.c.id.desc()
    return select(query.order_by(*walk.order, order).limit(at_most(limit)).subquery())


def _behind(walk: Walk) -> Any:
    last = walk.value("after", ITEM.c.id.type)
    if not walk.order:
        return ITEM.c.id > last if walk.ascending else ITEM.c.id < last
    before = ITEM.alias("last_seen")
    key = select(before.c[_SORTED_BY[walk.sort]]).where(before.c.id == last).scalar_subquery()
    return tuple_(*walk.order, ITEM.c.id) > tuple_(key, last)


def _of_process(walk: Walk) -> Any:
    versions = select(VERSION.c.id).join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
    return ITEM.c.version_id.in_(versions.where(DEFINITION.c.key == walk.value("process")))


def _contains(walk: Walk) -> Any:
    keyed = select(INSTANCE.c.id).where(INSTANCE.c.business_key == walk.value("business_key"))
    named = ITEM.c.name.icontains(walk.value("words", String()), escape="/")
    return or_(named, ITEM.c.instance_id.in_(keyed))


def _with_variable(walk: Walk) -> Any:
    """Its case has a variable of that value: a text, a number or yes and no as JSON writes them."""
    known = INSTANCE.alias("its_case")
    value = known.c.variables[walk.value("variable", JSON.JSONStrIndexType())].as_string()
    return exists().where(
        known.c.id == ITEM.c.instance_id,
        value.in_([walk.value(f"variable_value{each}", String()) for each in ("", "_stored")]),
    )


_CONDITIONS: dict[str, Callable[[Walk], Any]] = {
    "process": _of_process,
    "text": _contains,
    "group": lambda walk: ITEM.c.group_key == walk.value("group"),
    "assignee": lambda walk: ITEM.c.assignee_id == walk.value("assignee"),
    "activity": lambda walk: ITEM.c.name.icontains(walk.value("activity", String()), escape="/"),
    "due_from": lambda walk: ITEM.c.due_at >= walk.value("due_from", ITEM.c.due_at.type),
    "due_until": lambda walk: ITEM.c.due_at < walk.value("due_until", ITEM.c.due_at.type),
    "undated": lambda _walk: ITEM.c.due_at.is_(None),
    "follow_up_until": lambda walk: ITEM.c.follow_up_at < walk.value("follow_up_until", ITEM.c.due_at.type),
    "priority_from": lambda walk: ITEM.c.rank <= -walk.value("priority_from", ITEM.c.rank.type),
    "created_from": lambda walk: ITEM.c.created_at >= walk.value("created_from", ITEM.c.due_at.type),
    "created_until": lambda walk: ITEM.c.created_at < walk.value("created_until", ITEM.c.due_at.type),
    "ended_from": lambda walk: ITEM.c.completed_at >= walk.value("ended_from", ITEM.c.due_at.type),
    "ended_until": lambda walk: ITEM.c.completed_at < walk.value("ended_until", ITEM.c.due_at.type),
    "variable": _with_variable,
    "cases": lambda walk: ITEM.c.instance_id.in_(bindparam(f"{walk.prefix}cases", expanding=True)),
}
"""What may be filtered by: field of the filter -> its condition."""
_PLAIN = tuple(
    name for name in _CONDITIONS if name not in ("process", "text", "activity", "undated", "variable", "cases")
)
"""Those whose value is compared as it is."""
