"""Processes and their versions, as the designers' screens read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, case, func, select
from sqlalchemy.orm import load_only, undefer

from bpm.engine.definitions.version_cache import Startable, get_live
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, Signature
from bpm.engine.status import RUNNING, VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity.models import User

INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)


@dataclass(frozen=True)
class DefinitionRow:
    id: int
    key: str
    name: str
    live_version_id: int | None
    live_number: int | None
    live_at: datetime | None
    file_of: str = ""
    """Key of the process in whose file it stands; "" for the process that the file is about."""

    @property
    def file_key(self) -> str:
        """The key under which its versions are deployed."""
        return self.file_of or self.key


@dataclass(frozen=True)
class SignatureRow:
    department: str
    user_id: int | None
    signed_by: str | None
    signed_at: datetime
    method: str
    content_hash: str = ""
    """What was signed; "" in those of earlier releases."""


@dataclass(frozen=True)
class VersionRow:
    """A version on the timeline; `running` stops counting at 1,000."""

    id: int
    definition_id: int
    key: str
    number: int
    status: VersionStatus
    note: str
    file_name: str
    created_at: datetime
    created_by: str | None
    live_at: datetime | None
    signatures: tuple[SignatureRow, ...]
    running: int
    """Its instances that have not ended."""
    beside: tuple[tuple[str, str], ...] = ()
    """(key, name) of the other processes of its file."""


@dataclass(frozen=True)
class VersionDetail:
    """Everything known of a version, its source included."""

    id: int
    definition_id: int
    key: str
    name: str
    number: int
    status: VersionStatus
    note: str
    file_name: str
    content_hash: str
    source: bytes
    drawing_notes: Mapping[str, Any] | None
    """What is said under its drawing; None for versions of earlier releases."""
    primary: str
    processes: tuple[dict[str, Any], ...]
    elements: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    forms: Mapping[str, Any]
    decisions: Mapping[str, str]
    """{file name: text} of its DMN files."""
    tests: tuple[dict[str, Any], ...]
    test_results: tuple[dict[str, Any], ...]
    created_at: datetime
    live_at: datetime | None
    keep_for_days: int | None
    signatures: tuple[SignatureRow, ...]
    uploaded_forms: tuple[str, ...] | None
    """Keys of the forms that came as files; None for versions of earlier releases."""
    triggers: tuple[dict[str, Any], ...]
    documentation: str
    unsigned_reason: str
    replaced_by: int | None
    """The newer draft that took its place."""


# Built once: every page with a choice of processes asks it.
_DEFINITIONS = (
    select(*DEFINITION.c, VERSION.c.number, VERSION.c.live_at)
    .outerjoin(VERSION, VERSION.c.id == DEFINITION.c.live_version_id)
    .order_by(func.lower(DEFINITION.c.name), DEFINITION.c.key)
)


def list_definitions(work: Work) -> list[DefinitionRow]:
    """Every process, by name."""
    return [
        DefinitionRow(r.id, r.key, r.name, r.live_version_id, r.number, r.live_at)
        for r in work.session.execute(_DEFINITIONS)
    ]


# Versions that say which processes a file offers: live ones first, then drafts, then the newest of what is retired.
_NEWEST = select(func.max(VERSION.c.id)).group_by(VERSION.c.definition_id)
_TELLING = (
    select(
        *DEFINITION.c, VERSION.c.number, VERSION.c.live_at, VERSION.c.status, VERSION.c.processes,
        VERSION.c.primary_process,
    )
    .join(VERSION, VERSION.c.definition_id == DEFINITION.c.id)
    .where((VERSION.c.status != VersionStatus.RETIRED) | VERSION.c.id.in_(_NEWEST))
    .order_by(
        case((VERSION.c.status == VersionStatus.LIVE, 0), (VERSION.c.status != VersionStatus.RETIRED, 1), else_=2),
        VERSION.c.id.desc(),
    )
)  # fmt: skip


def list_processes(work: Work) -> list[DefinitionRow]:
    """Every process, by name, and with it every other process that its file offers under its own id."""
    rows = {row.key: row for row in list_definitions(work)}
    for row in work.session.execute(_TELLING):
        live = row.status == VersionStatus.LIVE
        for process in row.processes:
            if process.get("offered", True) and process["id"] not in {*rows, row.primary_process}:
                rows[process["id"]] = DefinitionRow(
                    row.id, process["id"], process["name"] or process["id"], row.live_version_id if live else None,
                    row.number if live else None, row.live_at if live else None, file_of=row.key,
                )  # fmt: skip
    return sorted(rows.values(), key=lambda row: (row.name.lower(), row.key))


def get_definition(work: Work, key: str) -> DefinitionRow:
    """The process of that key, or NotFoundError."""
    for rows in (list_definitions, list_processes):
        for row in rows(work):
            if row.key == key:
                return row
    raise NotFoundError(f"There is no process {key!r}.")


def find_versions(work: Work, key: str) -> list[VersionRow]:
    """The versions of a process, newest first; empty where no process has that key."""
    try:
        return list_versions(work, key)
    except NotFoundError:
        return []


def list_versions(work: Work, key: str) -> list[VersionRow]:
    """The versions of a process, newest first; of a process in another one's file those that have it."""
    definition = get_definition(work, key)
    query = (
        select(ProcessVersion, User.display_name)
        .outerjoin(User, User.id == ProcessVersion.created_by)
        .where(ProcessVersion.definition_id == definition.id)
        .options(
            load_only(
                ProcessVersion.number, ProcessVersion.status, ProcessVersion.note, ProcessVersion.file_name,
                ProcessVersion.created_at, ProcessVersion.live_at, ProcessVersion.definition_id,
                ProcessVersion.processes, ProcessVersion.primary,
            )
        )
        .order_by(ProcessVersion.number.desc())
    )  # fmt: skip
    found = [row for row in work.session.execute(query).all() if not definition.file_of or _has(row[0], key)]
    signatures = _signatures(work, [version.id for version, _ in found])
    return [
        VersionRow(
            id=version.id, definition_id=definition.id, key=key, number=version.number, status=version.status,
            note=version.note, file_name=version.file_name, created_at=version.created_at, created_by=author,
            live_at=version.live_at, signatures=tuple(signatures.get(version.id, ())),
            running=_count_running(work, version.id, process_id=key if definition.file_of else None),
            beside=tuple(_others(version, definition)),
        )
        for version, author in found
    ]  # fmt: skip


def _others(version: ProcessVersion, definition: DefinitionRow) -> Iterator[tuple[str, str]]:
    for process in version.processes:
        key = definition.file_key if process["id"] == version.primary else process["id"]
        if process.get("offered", True) and key != definition.key:
            yield key, process["name"] or process["id"]


def elements_of(
    elements: Sequence[Mapping[str, Any]], processes: Sequence[Mapping[str, Any]], process_id: str
) -> tuple[Mapping[str, Any], ...]:
    """The elements of one process of a version: all but those of the others that its file lets be started."""
    others = {each["id"] for each in processes if each.get("offered", True)} - {process_id}
    return tuple(each for each in elements if each.get("process") not in others)


def _has(version: ProcessVersion, process_id: str) -> bool:
    return any(process["id"] == process_id for process in version.processes)


def _count_running(work: Work, version_id: int, *, process_id: str | None) -> int:
    of_process = () if process_id is None else (INSTANCE.c.process_id == process_id,)
    some = (
        select(INSTANCE.c.id)
        .where(INSTANCE.c.version_id == version_id, INSTANCE.c.status.in_(RUNNING), *of_process)
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
        row = SignatureRow(
            signature.department, signature.user_id, name, signature.signed_at, signature.method,
            signature.content_hash or "",
        )  # fmt: skip
        found.setdefault(signature.version_id, []).append(row)
    return found


def get_version(work: Work, version_id: int) -> VersionDetail:
    """A version with its model, or NotFoundError."""
    heavy = (undefer(ProcessVersion.source), undefer(ProcessVersion.elements), undefer(ProcessVersion.findings))
    query = (
        select(ProcessVersion, ProcessDefinition.key, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == version_id)
        .options(*heavy, undefer(ProcessVersion.tests), undefer(ProcessVersion.decisions))
        .options(undefer(ProcessVersion.drawing_notes), undefer(ProcessVersion.uploaded_forms))
        .options(undefer(ProcessVersion.triggers), undefer(ProcessVersion.documentation))
    )
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    version = row[0]
    return VersionDetail(
        id=version.id, definition_id=version.definition_id, key=row.key, name=row.name, number=version.number,
        status=version.status, note=version.note, file_name=version.file_name, content_hash=version.content_hash,
        source=version.source, drawing_notes=version.drawing_notes, primary=version.primary,
        processes=tuple(version.processes),
        elements=tuple(version.elements), findings=tuple(version.findings), forms=version.forms,
        decisions=version.decisions,
        tests=tuple(version.tests), test_results=tuple(version.test_results), created_at=version.created_at,
        live_at=version.live_at, keep_for_days=version.keep_for_days,
        signatures=tuple(_signatures(work, [version.id]).get(version.id, ())),
        uploaded_forms=None if version.uploaded_forms is None else tuple(version.uploaded_forms),
        triggers=tuple(version.triggers or ()), documentation=version.documentation or "",
        unsigned_reason=version.unsigned_reason or "", replaced_by=version.replaced_by,
    )  # fmt: skip


def get_drawing(work: Work, version_id: int) -> bytes:
    """What is drawn of a version: what was laid out for it, else its file; NotFoundError."""
    query = select(func.coalesce(ProcessVersion.drawing, ProcessVersion.source)).where(ProcessVersion.id == version_id)
    found: bytes | None = work.session.scalar(query)
    if found is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    return found


def find_live_version(work: Work, key: str) -> VersionDetail | None:
    """The version that new instances of the process run, or None."""
    query = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == key)
    version_id = work.session.scalar(query)
    return None if version_id is None else get_version(work, version_id)


def find_base_version(work: Work, key: str) -> VersionDetail | None:
    """What a next version is laid upon: the live one, else the one that was live last, else the newest draft."""
    query = (
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == key)
        .order_by(
            (ProcessVersion.id == ProcessDefinition.live_version_id).desc().nulls_last(),
            ProcessVersion.live_at.desc().nulls_last(),
            ProcessVersion.number.desc(),
        )
        .limit(1)
    )
    version_id = work.session.scalar(query)
    return None if version_id is None else get_version(work, version_id)


def get_startable(work: Work, key: str) -> Startable:
    """What starts under that key, with its form; NotFoundError when nothing is live."""
    return get_live(work, key)
