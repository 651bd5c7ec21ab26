"""How lists of work items are found: each branch of what a person may see is its own walk along its own index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import String, Table, and_, bindparam, literal_column, or_, select, union_all

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


@dataclass(frozen=True)
class WorkItemFilter:
    """What to list. `after` is the `next` of the page before."""

    scope: Literal["mine", "groups", "all"] = "all"
    """mine: assigned to me · groups: offered to my groups and free · all: everything I may see."""
    status: WorkItemStatus = WorkItemStatus.OPEN
    process: str | None = None
    text: str = ""
    after: int | None = None


@dataclass(frozen=True)
class Walk:
    """What the text of a list's statement depends on; everything else is a value."""

    scope: str
    status: WorkItemStatus
    groups: int
    unbounded: bool
    """An operator sees everything."""
    after: bool
    process: bool
    text: bool
    limit: int

    @classmethod
    def of(cls, actor: Actor, filter: WorkItemFilter, *, limit: int) -> "Walk":  # noqa: A002
        """The walk of a list that `actor` asks for."""
        return cls(
            scope=filter.scope,
            status=filter.status,
            groups=len(actor.groups),
            unbounded=may(actor, Permission.OPERATE),
            after=filter.after is not None,
            process=bool(filter.process),
            text=bool(filter.text.strip()),
            limit=limit,
        )

    @property
    def ascending(self) -> bool:
        """Open items oldest first, ended ones newest first."""
        return self.status == WorkItemStatus.OPEN


def values_of(actor: Actor, filter: WorkItemFilter) -> dict[str, Any]:  # noqa: A002
    """The values of every bind parameter that a walk may have."""
    text = filter.text.strip()
    return {
        "person": actor.user_id,
        **{f"group_{number}": key for number, key in enumerate(sorted(actor.groups))},
        "after": filter.after,
        "process": filter.process,
        "words": text.replace("/", "//").replace("%", "/%").replace("_", "/_"),
        "business_key": text,
    }


def first_of(walk: Walk, *columns: Any, limit: int) -> Any:
    """A subquery of these columns, the id first, of the first `limit` items, each once.

    Each branch is cut at `limit` too, so that none is walked further.
    """
    found = union_all(*(_branch(walk, condition, columns, limit=limit) for condition in _branches(walk))).subquery()
    order = found.c.id.asc() if walk.ascending else found.c.id.desc()
    return select(found).distinct().order_by(order).limit(at_most(limit)).subquery()


def _branches(walk: Walk) -> list[Any]:
    mine = ITEM.c.assignee_id == bindparam("person")
    offered = (ITEM.c.group_key == bindparam(f"group_{number}") for number in range(walk.groups))
    groups = [ITEM.c.group_key.is_(None), *offered]
    if walk.scope == "mine":
        return [mine]
    if walk.scope == "groups":
        return [and_(group, ITEM.c.assignee_id.is_(None)) for group in groups]
    if walk.unbounded:
        return [ITEM.c.id.is_not(None)]
    return [mine, *groups]


def _branch(walk: Walk, condition: Any, columns: Sequence[Any], *, limit: int) -> Any:
    query = select(*columns).where(condition, ITEM.c.status == _STATUS[walk.status])
    if walk.after:
        last = bindparam("after", type_=ITEM.c.id.type)
        query = query.where(ITEM.c.id > last if walk.ascending else ITEM.c.id < last)
    if walk.process:
        versions = select(VERSION.c.id).join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        query = query.where(ITEM.c.version_id.in_(versions.where(DEFINITION.c.key == bindparam("process"))))
    if walk.text:
        query = query.where(_contains())
    order = ITEM.c.id.asc() if walk.ascending else ITEM.c.id.desc()
    return select(query.order_by(order).limit(at_most(limit)).subquery())


def _contains() -> Any:
    keyed = select(INSTANCE.c.id).where(INSTANCE.c.business_key == bindparam("business_key"))
    named = ITEM.c.name.icontains(bindparam("words", type_=String()), escape="/")
    return or_(named, ITEM.c.instance_id.in_(keyed))
