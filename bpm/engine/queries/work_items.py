"""Work items as lists and pages show them; each list walks indexes and costs the same however long it is."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CompoundSelect, Select, Table, bindparam, func, literal, select, union_all

from bpm.engine.definitions.version_cache import Runnable, runnable
from bpm.engine.forms import Form
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.queries.paths.walks import Walk, WorkItemFilter, first_of, values_of
from bpm.engine.status import InstanceStatus, WorkItemStatus
from bpm.engine.work_items.access import seen_by
from bpm.engine.work_items.forms import find_schema
from bpm.engine.work_items.needs import is_missing, needs_of
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User

ITEM = cast("Table", WorkItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)
USER = cast("Table", User.__table__)
DRAWN = VERSION.alias("drawn_version")
MOST_KEPT = 2_000
"""Rows of lists that a process keeps: forty pages."""


@dataclass(frozen=True)
class WorkItemRow:
    id: int
    name: str
    element: str
    process_key: str
    process_name: str
    version_id: int
    instance_id: int
    business_key: str | None
    group_key: str | None
    assignee_id: int | None
    assignee: str | None
    meant_for: str | None
    status: WorkItemStatus
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    target_seconds: int | None
    """Open seconds that the service target gives, where it made the due date."""
    paused_at: datetime | None
    """Since when its clock stands still."""
    paused_seconds: int
    claimed_at: datetime | None
    completed_at: datetime | None
    is_suspended: bool
    """Its instance is suspended: it cannot be completed before that is resumed."""
    form: str | None = None
    content_hash: str = ""
    """Of the version, as it is kept in process by."""
    called_version_id: int | None = None
    """Version of the process called in which it stands, where that is another."""


@dataclass(frozen=True)
class KnownFact:
    """Something that a person needs to know for a work item, and whether the process knows it."""

    name: str
    label: str
    read_by: str
    """The place that reads it, in words."""
    value: Any
    is_missing: bool


@dataclass(frozen=True)
class WorkItemDetail:
    """One work item with what its page shows. `variables`: the instance's, with the visit's own on top."""

    row: WorkItemRow
    uid: str
    drawn_version_id: int
    """Version whose drawing shows the element and whose form it has: the called one's inside a call."""
    form: str | None
    schema: dict[str, Any] | None
    asked: Form
    """What the schema asks for, as a model."""
    draft: dict[str, Any] | None
    result: dict[str, Any] | None
    variables: dict[str, Any]
    version_number: int
    instance_status: InstanceStatus
    instance_started_at: datetime
    completed_by: str | None
    completed_for: str
    """Name of the person whose task it was, where another completed it."""
    facts: tuple[KnownFact, ...] = ()
    owner: str = ""
    """Name of who delegated it and gets it back."""


def list_work_items(work: Work, filter: WorkItemFilter, *, limit: int = 50) -> Page[WorkItemRow]:  # noqa: A002
    """Open items oldest first, ended ones newest first.

    Each branch of what a person may see is its own walk along its own index, cut at `limit`, so that the list costs
    the same however many items there are.
    """
    statement, values = _listing(Walk.of(work.actor, filter, limit=limit)), values_of(work.actor, filter)
    found = [_listed(tuple(row)) for row in work.session.execute(statement, values).all()]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def entered_in(work: Work, item_ids: Sequence[int]) -> dict[int, tuple[dict[str, Any] | None, dict[str, Any]]]:
    """{item: (schema of its form, what was entered)} of finished items that the actor has listed."""
    query = (
        select(
            ITEM.c.id, ITEM.c.form, ITEM.c.element, ITEM.c.result, VERSION.c.id.label("version"), VERSION.c.content_hash
        )
        .join(VERSION, VERSION.c.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
        .where(ITEM.c.id.in_(item_ids), ITEM.c.result.is_not(None))
    )
    found = {}
    for row in work.session.execute(query):
        drawn = runnable(work, row.version, row.content_hash)
        found[row.id] = find_schema(drawn.forms, form=row.form, element=row.element), row.result or {}
    return found


def count_work_items(work: Work, filters: Sequence[WorkItemFilter], *, most: int = 100) -> list[int]:
    """How many items each of the filters lists, `most` standing for all that is more; one statement for all."""
    parts: list[Any] = []
    values: dict[str, Any] = {}
    for number, each in enumerate(filters):
        prefix = f"view_{number}_"
        walk = Walk.of(work.actor, each, limit=most, prefix=prefix)
        found = first_of(walk, ITEM.c.id, limit=most)
        parts.append(select(literal(number).label("number"), func.count().label("items")).select_from(found))
        values |= values_of(work.actor, each, prefix=prefix)
    rows = work.session.execute(union_all(*parts), values).all() if parts else []
    counted = {row.number: row.items for row in rows}
    return [counted[number] for number in range(len(filters))]


def work_items_mark(work: Work, *, limit: int = 50) -> str:
    """Changes when the first `limit` open items that the actor may see do, or when there is a new one anywhere."""
    wanted = WorkItemFilter(scope="all")
    return _mark_of(work, wanted, limit=limit)


# Built once for each walk: building it costs many times what running it does.
@lru_cache(maxsize=256)
def _listing(walk: Walk) -> Select[Any]:
    ids = first_of(walk, ITEM.c.id, limit=walk.limit + 1)
    order = ITEM.c.id.asc() if walk.ascending else ITEM.c.id.desc()
    return _item_rows().where(ITEM.c.id.in_(select(ids.c.id))).order_by(*walk.order, order)


def deputy_mark(work: Work, away: tuple[int, ...], *, limit: int = 50) -> str:
    """The same for the first open items of those who are away."""
    wanted = WorkItemFilter(scope="deputy", away=away)
    return _mark_of(work, wanted, limit=limit)


def _mark_of(work: Work, wanted: WorkItemFilter, *, limit: int) -> str:
    rows = work.session.execute(_marks(Walk.of(work.actor, wanted, limit=limit)), values_of(work.actor, wanted)).all()
    return " ".join(sorted([f"{item}:{assignee}" for item, assignee in rows]))


@lru_cache(maxsize=64)
def _marks(walk: Walk) -> CompoundSelect[Any]:
    first = first_of(walk, ITEM.c.id, ITEM.c.assignee_id, limit=walk.limit)
    return union_all(select(first), select(func.max(ITEM.c.id), literal(-1)))


def _item_rows() -> Select[Any]:
    return (
        select(
            *(column for column in ITEM.c if column.name not in ("draft", "result", "local", "uid")),
            INSTANCE.c.business_key,
            INSTANCE.c.status.label("instance_status"),
            VERSION.c.content_hash,
            DEFINITION.c.key.label("process_key"),
            DEFINITION.c.name.label("process_name"),
            USER.c.display_name.label("assignee"),
        )
        .join(INSTANCE, INSTANCE.c.id == ITEM.c.instance_id)
        .join(VERSION, VERSION.c.id == ITEM.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .outerjoin(USER, USER.c.id == ITEM.c.assignee_id)
    )


def _item_row(row: Any) -> WorkItemRow:
    return WorkItemRow(
        id=row.id, name=row.name, element=row.element, process_key=row.process_key, process_name=row.process_name,
        version_id=row.version_id, instance_id=row.instance_id, business_key=row.business_key,
        group_key=row.group_key, assignee_id=row.assignee_id, assignee=row.assignee, meant_for=row.meant_for,
        status=row.status, created_at=row.created_at, due_at=row.due_at,
        follow_up_at=row.follow_up_at, priority=row.priority,
        target_seconds=row.target_seconds, paused_at=row.paused_at, paused_seconds=row.paused_seconds,
        claimed_at=row.claimed_at,
        completed_at=row.completed_at, is_suspended=row.instance_status == InstanceStatus.SUSPENDED,
        form=row.form, content_hash=row.content_hash, called_version_id=row.called_version_id,
    )  # fmt: skip


_Listed = namedtuple("_Listed", _item_rows().selected_columns.keys())  # type: ignore[misc]  # its names are the columns'


# The same tasks stand in the lists of many and in the next look of each: a row that is as it was is the same object.
@lru_cache(maxsize=MOST_KEPT)
def _listed(values: tuple[Any, ...]) -> WorkItemRow:
    return _item_row(_Listed(*values))


# Read before every completion: built once, because building it costs more than running it.
_ITEM_DETAIL = (
    _item_rows()
    .add_columns(
        ITEM.c.uid, ITEM.c.draft, ITEM.c.result, ITEM.c.local, ITEM.c.completed_by,
        INSTANCE.c.variables,
        INSTANCE.c.started_at.label("instance_started_at"), VERSION.c.number,
        DRAWN.c.id.label("drawn_version_id"), DRAWN.c.content_hash.label("drawn_hash"),
    )
    .join(DRAWN, DRAWN.c.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
    .where(ITEM.c.id == bindparam("item"))
)  # fmt: skip
_ITEM_DETAIL_IF_SEEN = _ITEM_DETAIL.where(seen_by(bindparam("person"), "groups"))


def get_work_item(work: Work, item_id: int) -> WorkItemDetail:
    """A work item that the actor may see, or NotFoundError."""
    seen = _ITEM_DETAIL if may(work.actor, Permission.OPERATE) else _ITEM_DETAIL_IF_SEEN
    values = {"item": item_id, "person": work.actor.user_id, "groups": sorted(work.actor.groups)}
    row = work.session.execute(seen, values).first()
    if row is None:
        raise NotFoundError(f"There is no work item {item_id}.")
    drawn = runnable(work, row.drawn_version_id, row.drawn_hash)
    variables = {**row.variables, **(row.local or {})}
    return WorkItemDetail(
        row=_item_row(row),
        uid=row.uid,
        drawn_version_id=row.drawn_version_id,
        form=row.form,
        schema=find_schema(drawn.forms, form=row.form, element=row.element),
        asked=drawn.form_at(row.form, row.element),
        draft=row.draft,
        result=row.result,
        variables=variables,
        version_number=row.number,
        instance_status=row.instance_status,
        instance_started_at=row.instance_started_at,
        completed_by=_name_of(work, row.completed_by),
        completed_for=row.assignee or "" if row.completed_by not in (None, row.assignee_id) else "",
        owner=_name_of(work, row.owner_id) or "",
        facts=_facts(drawn, row, variables),
    )


def _facts(drawn: Runnable, row: Any, variables: Mapping[str, Any]) -> tuple[KnownFact, ...]:
    """What the model reads there, known or missing; of what the form shows by itself only what is missing."""
    own = {fact.name for fact in drawn.facts.get(row.element, ())}
    needed = needs_of(drawn, element=row.element, form=row.form)
    gone = {fact.name for fact in needed if is_missing(variables, fact.name)}
    return tuple(
        KnownFact(fact.name, fact.label, fact.read_by, variables.get(fact.name), is_missing=fact.name in gone)
        for fact in needed
        if fact.name in own | gone
    )


def _name_of(work: Work, user_id: int | None) -> str | None:
    return None if user_id is None else work.session.scalar(select(User.display_name).where(User.id == user_id))
