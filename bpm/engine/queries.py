"""Reads for screens and measures: frozen rows, keyset pages, no counting of what is long, and never a blob of state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar, cast

from sqlalchemy import Select, Table, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import load_only, undefer

from bpm.engine.forms import find_schema
from bpm.engine.history import (
    CommandRow,
    HistoryRow,
    OpenElement,
    VisitRow,
    activity_visits,
    instance_commands,
    instance_history,
    open_elements,
)
from bpm.engine.models import (
    ProcessDefinition,
    ProcessInstance,
    ProcessVersion,
    Signature,
    Upload,
    WorkItem,
)
from bpm.engine.operations import (
    FailureGroup,
    FailureRow,
    QueueState,
    TimerRow,
    WorkerRow,
    list_failure_groups,
    list_failures,
    list_timers_due,
    list_workers,
    queue_state,
)
from bpm.engine.runnables import get_live
from bpm.engine.work_items import seen_by
from bpm.errors import NotFoundError
from bpm.identity import Permission, may
from bpm.identity.models import User
from bpm.work import Work

__all__ = [
    "CommandRow",
    "DefinitionRow",
    "FailureGroup",
    "FailureRow",
    "HistoryRow",
    "InstanceDetail",
    "InstanceRow",
    "OpenElement",
    "Page",
    "QueueState",
    "SignatureRow",
    "TimerRow",
    "VersionDetail",
    "VersionRow",
    "VisitRow",
    "WorkItemDetail",
    "WorkItemFilter",
    "WorkItemRow",
    "WorkerRow",
    "activity_visits",
    "find_live_version",
    "get_definition",
    "get_instance",
    "get_start_form",
    "get_upload",
    "get_version",
    "get_work_item",
    "instance_commands",
    "instance_history",
    "list_definitions",
    "list_failure_groups",
    "list_failures",
    "list_instances",
    "list_timers_due",
    "list_versions",
    "list_work_items",
    "list_workers",
    "open_elements",
    "queue_state",
]

Row = TypeVar("Row")
ITEM = cast("Table", WorkItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list, and where the next page begins (None: this was the last)."""

    rows: tuple[Row, ...]
    next: int | None


@dataclass(frozen=True)
class DefinitionRow:
    id: int
    key: str
    name: str
    live_version_id: int | None
    live_number: int | None
    live_at: datetime | None


@dataclass(frozen=True)
class SignatureRow:
    department: str
    user_id: int | None
    signed_by: str | None
    signed_at: datetime
    method: str


@dataclass(frozen=True)
class VersionRow:
    """A version on the timeline; `active_instances` stops counting at 1,000."""

    id: int
    definition_id: int
    key: str
    number: int
    status: str
    note: str
    file_name: str
    created_at: datetime
    created_by: str | None
    live_at: datetime | None
    signatures: tuple[SignatureRow, ...]
    active_instances: int


@dataclass(frozen=True)
class VersionDetail:
    """Everything known of a version, its source included."""

    id: int
    definition_id: int
    key: str
    name: str
    number: int
    status: str
    note: str
    file_name: str
    content_hash: str
    source: bytes
    primary: str
    processes: tuple[dict[str, Any], ...]
    elements: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    forms: Mapping[str, Any]
    tests: tuple[dict[str, Any], ...]
    test_results: tuple[dict[str, Any], ...]
    created_at: datetime
    live_at: datetime | None
    signatures: tuple[SignatureRow, ...]


def list_definitions(work: Work) -> list[DefinitionRow]:
    """Every process, by name."""
    query = (
        select(*DEFINITION.c, VERSION.c.number, VERSION.c.live_at)
        .outerjoin(VERSION, VERSION.c.id == DEFINITION.c.live_version_id)
        .order_by(func.lower(DEFINITION.c.name), DEFINITION.c.key)
    )
    return [
        DefinitionRow(r.id, r.key, r.name, r.live_version_id, r.number, r.live_at) for r in work.session.execute(query)
    ]


def get_definition(work: Work, key: str) -> DefinitionRow:
    """The process of that key, or NotFoundError."""
    for row in list_definitions(work):
        if row.key == key:
            return row
    raise NotFoundError(f"There is no process {key!r}.")


def list_versions(work: Work, key: str) -> list[VersionRow]:
    """The versions of a process, newest first."""
    definition = get_definition(work, key)
    query = (
        select(ProcessVersion, User.display_name)
        .outerjoin(User, User.id == ProcessVersion.created_by)
        .where(ProcessVersion.definition_id == definition.id)
        .options(
            load_only(
                ProcessVersion.number, ProcessVersion.status, ProcessVersion.note, ProcessVersion.file_name,
                ProcessVersion.created_at, ProcessVersion.live_at, ProcessVersion.definition_id,
            )
        )
        .order_by(ProcessVersion.number.desc())
    )  # fmt: skip
    found = work.session.execute(query).all()
    signatures = _signatures(work, [version.id for version, _ in found])
    return [
        VersionRow(
            id=version.id, definition_id=definition.id, key=key, number=version.number, status=version.status,
            note=version.note, file_name=version.file_name, created_at=version.created_at, created_by=author,
            live_at=version.live_at, signatures=tuple(signatures.get(version.id, ())),
            active_instances=_count_active(work, version.id),
        )
        for version, author in found
    ]  # fmt: skip


def _count_active(work: Work, version_id: int) -> int:
    some = (
        select(INSTANCE.c.id)
        .where(INSTANCE.c.version_id == version_id, INSTANCE.c.status.in_(("active", "failed")))
        .limit(1000)
    )
    return work.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _signatures(work: Work, version_ids: Sequence[int]) -> dict[int, list[SignatureRow]]:
    query = (
        select(Signature, User.display_name)
        .outerjoin(User, User.id == Signature.user_id)
        .where(Signature.version_id.in_(version_ids))
        .order_by(Signature.signed_at)
    )
    found: dict[int, list[SignatureRow]] = {}
    for signature, name in work.session.execute(query):
        row = SignatureRow(signature.department, signature.user_id, name, signature.signed_at, signature.method)
        found.setdefault(signature.version_id, []).append(row)
    return found


def get_version(work: Work, version_id: int) -> VersionDetail:
    """A version with its model, or NotFoundError."""
    heavy = (undefer(ProcessVersion.source), undefer(ProcessVersion.elements), undefer(ProcessVersion.findings))
    query = (
        select(ProcessVersion, ProcessDefinition.key, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == version_id)
        .options(*heavy, undefer(ProcessVersion.tests))
    )
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    version = row[0]
    return VersionDetail(
        id=version.id, definition_id=version.definition_id, key=row.key, name=row.name, number=version.number,
        status=version.status, note=version.note, file_name=version.file_name, content_hash=version.content_hash,
        source=version.source, primary=version.primary, processes=tuple(version.processes),
        elements=tuple(version.elements), findings=tuple(version.findings), forms=version.forms,
        tests=tuple(version.tests), test_results=tuple(version.test_results), created_at=version.created_at,
        live_at=version.live_at, signatures=tuple(_signatures(work, [version.id]).get(version.id, ())),
    )  # fmt: skip


def find_live_version(work: Work, key: str) -> VersionDetail | None:
    """The version that new instances of the process run, or None."""
    query = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == key)
    version_id = work.session.scalar(query)
    return None if version_id is None else get_version(work, version_id)


def get_start_form(work: Work, key: str) -> dict[str, Any] | None:
    """The form that the live version declares at its start event, or None; NotFoundError when nothing is live."""
    live = get_live(work, key)
    return next((live.forms[element] for element in live.starts if element in live.forms), None)


def get_upload(work: Work, upload_id: int) -> Upload:
    """An upload with its source, or NotFoundError."""
    found = work.session.get(Upload, upload_id, options=[undefer(Upload.source)])
    if found is None:
        raise NotFoundError(f"There is no upload {upload_id}.")
    return found


@dataclass(frozen=True)
class WorkItemFilter:
    """What to list. `after` is the `next` of the page before."""

    scope: Literal["mine", "groups", "all"] = "all"
    """mine: assigned to me · groups: offered to my groups and free · all: everything I may see."""
    status: Literal["open", "completed", "cancelled"] = "open"
    process: str | None = None
    text: str = ""
    after: int | None = None


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
    status: str
    created_at: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True)
class WorkItemDetail:
    """One work item with what its page shows. `variables`: the instance's, with the visit's own on top."""

    row: WorkItemRow
    uid: str
    form: str | None
    schema: dict[str, Any] | None
    draft: dict[str, Any] | None
    result: dict[str, Any] | None
    variables: dict[str, Any]
    version_number: int
    instance_status: str
    instance_started_at: datetime
    completed_by: str | None


def list_work_items(work: Work, filter: WorkItemFilter, *, limit: int = 50) -> Page[WorkItemRow]:  # noqa: A002
    """Open items oldest first, ended ones newest first.

    Each branch of what a person may see is its own walk along its own index, cut at `limit`, so that the list costs
    the same however many items there are.
    """
    branches = [_branch(filter, condition, limit=limit + 1) for condition in _branches(work, filter)]
    ids = union_all(*branches).subquery()
    ascending = filter.status == "open"
    order = ids.c.id.asc() if ascending else ids.c.id.desc()
    sought = select(ids.c.id).distinct().order_by(order).limit(limit + 1)
    found = list(work.session.scalars(sought))
    shown = work.session.execute(_item_rows().where(ITEM.c.id.in_(found[:limit])))
    rows = sorted((_item_row(row) for row in shown), key=lambda row: row.id, reverse=not ascending)
    return Page(tuple(rows), found[limit - 1] if len(found) > limit else None)


def _direction(filter: WorkItemFilter) -> Any:  # noqa: A002
    return ITEM.c.id.asc() if filter.status == "open" else ITEM.c.id.desc()


def _branches(work: Work, filter: WorkItemFilter) -> list[Any]:  # noqa: A002
    actor = work.actor
    mine = ITEM.c.assignee_id == actor.user_id
    groups = [ITEM.c.group_key.is_(None), *(ITEM.c.group_key == key for key in sorted(actor.groups))]
    if filter.scope == "mine":
        return [mine]
    if filter.scope == "groups":
        return [and_(group, ITEM.c.assignee_id.is_(None)) for group in groups]
    if may(actor, Permission.OPERATE):
        return [ITEM.c.id.is_not(None)]
    return [mine, *groups]


def _branch(filter: WorkItemFilter, condition: Any, *, limit: int) -> Any:  # noqa: A002
    query = select(ITEM.c.id).where(condition, ITEM.c.status == filter.status)
    if filter.after is not None:
        query = query.where(ITEM.c.id > filter.after if filter.status == "open" else ITEM.c.id < filter.after)
    if filter.process:
        versions = select(VERSION.c.id).join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        query = query.where(ITEM.c.version_id.in_(versions.where(DEFINITION.c.key == filter.process)))
    if filter.text.strip():
        query = query.where(_contains(filter.text.strip()))
    return select(query.order_by(_direction(filter)).limit(limit).subquery().c.id)


def _contains(text: str) -> Any:
    keyed = select(INSTANCE.c.id).where(INSTANCE.c.business_key == text)
    return or_(ITEM.c.name.icontains(text, autoescape=True), ITEM.c.instance_id.in_(keyed))


def _item_rows() -> Select[Any]:
    return (
        select(
            *(column for column in ITEM.c if column.name not in ("draft", "result", "local", "uid", "form")),
            INSTANCE.c.business_key,
            DEFINITION.c.key.label("process_key"),
            DEFINITION.c.name.label("process_name"),
            User.display_name.label("assignee"),
        )
        .join(INSTANCE, INSTANCE.c.id == ITEM.c.instance_id)
        .join(VERSION, VERSION.c.id == ITEM.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .outerjoin(User, User.id == ITEM.c.assignee_id)
    )


def _item_row(row: Any) -> WorkItemRow:
    return WorkItemRow(
        id=row.id, name=row.name, element=row.element, process_key=row.process_key, process_name=row.process_name,
        version_id=row.version_id, instance_id=row.instance_id, business_key=row.business_key,
        group_key=row.group_key, assignee_id=row.assignee_id, assignee=row.assignee, meant_for=row.meant_for,
        status=row.status, created_at=row.created_at, due_at=row.due_at, claimed_at=row.claimed_at,
        completed_at=row.completed_at,
    )  # fmt: skip


# Read before every completion: built once, because building it costs more than running it.
_ITEM_DETAIL = (
    _item_rows()
    .add_columns(
        ITEM.c.uid, ITEM.c.form, ITEM.c.draft, ITEM.c.result, ITEM.c.local, ITEM.c.completed_by,
        INSTANCE.c.variables, INSTANCE.c.status.label("instance_status"),
        INSTANCE.c.started_at.label("instance_started_at"), VERSION.c.number, VERSION.c.forms,
    )
    .where(ITEM.c.id == bindparam("item"))
)  # fmt: skip
_ITEM_DETAIL_IF_SEEN = _ITEM_DETAIL.where(seen_by(bindparam("person"), bindparam("groups", expanding=True)))


def get_work_item(work: Work, item_id: int) -> WorkItemDetail:
    """A work item that the actor may see, or NotFoundError."""
    seen = _ITEM_DETAIL if may(work.actor, Permission.OPERATE) else _ITEM_DETAIL_IF_SEEN
    values = {"item": item_id, "person": work.actor.user_id, "groups": sorted(work.actor.groups)}
    row = work.session.execute(seen, values).first()
    if row is None:
        raise NotFoundError(f"There is no work item {item_id}.")
    return WorkItemDetail(
        row=_item_row(row),
        uid=row.uid,
        form=row.form,
        schema=find_schema(row.forms, form=row.form, element=row.element),
        draft=row.draft,
        result=row.result,
        variables={**row.variables, **(row.local or {})},
        version_number=row.number,
        instance_status=row.instance_status,
        instance_started_at=row.instance_started_at,
        completed_by=_name_of(work, row.completed_by),
    )


def _name_of(work: Work, user_id: int | None) -> str | None:
    return None if user_id is None else work.session.scalar(select(User.display_name).where(User.id == user_id))


@dataclass(frozen=True)
class InstanceRow:
    id: int
    key: str
    name: str
    version_id: int
    number: int
    status: str
    revision: int
    business_key: str | None
    started_at: datetime
    ended_at: datetime | None
    started_by: str | None


@dataclass(frozen=True)
class InstanceDetail:
    row: InstanceRow
    variables: dict[str, Any]


def get_instance(work: Work, instance_id: int) -> InstanceDetail:
    """An instance with its variables, or NotFoundError."""
    row = work.session.execute(_instance_rows(INSTANCE.c.variables).where(INSTANCE.c.id == instance_id)).first()
    if row is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return InstanceDetail(_instance_row(row), row.variables)


def list_instances(
    work: Work, key: str, *, status: str | None = None, after: int | None = None, limit: int = 50
) -> Page[InstanceRow]:
    """Instances of a process, newest first; `status` narrows it down."""
    query = _instance_rows().where(DEFINITION.c.key == key)
    if status:
        query = query.where(INSTANCE.c.status == status)
    if after is not None:
        query = query.where(INSTANCE.c.id < after)
    found = [_instance_row(r) for r in work.session.execute(query.order_by(INSTANCE.c.id.desc()).limit(limit + 1))]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def _instance_rows(*more: Any) -> Select[Any]:
    return (
        select(
            INSTANCE.c.id, INSTANCE.c.version_id, INSTANCE.c.status, INSTANCE.c.revision, INSTANCE.c.business_key,
            INSTANCE.c.started_at, INSTANCE.c.ended_at, VERSION.c.number, DEFINITION.c.key, DEFINITION.c.name,
            User.display_name.label("started_by"), *more,
        )
        .join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .outerjoin(User, User.id == INSTANCE.c.started_by)
    )  # fmt: skip


def _instance_row(row: Any) -> InstanceRow:
    return InstanceRow(
        id=row.id, key=row.key, name=row.name, version_id=row.version_id, number=row.number, status=row.status,
        revision=row.revision, business_key=row.business_key, started_at=row.started_at, ended_at=row.ended_at,
        started_by=row.started_by,
    )  # fmt: skip
