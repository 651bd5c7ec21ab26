"""Processes and their versions, as the designers' screens read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import load_only, undefer

from bpm.engine.definitions.version_cache import get_live
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, Signature, Upload
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


@dataclass(frozen=True)
class SignatureRow:
    department: str
    user_id: int | None
    signed_by: str | None
    signed_at: datetime
    method: str


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
            running=_count_running(work, version.id),
        )
        for version, author in found
    ]  # fmt: skip


def _count_running(work: Work, version_id: int) -> int:
    some = select(INSTANCE.c.id).where(INSTANCE.c.version_id == version_id, INSTANCE.c.status.in_(RUNNING)).limit(1000)
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
        .options(*heavy, undefer(ProcessVersion.tests), undefer(ProcessVersion.decisions))
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
        decisions=version.decisions,
        tests=tuple(version.tests), test_results=tuple(version.test_results), created_at=version.created_at,
        live_at=version.live_at, keep_for_days=version.keep_for_days,
        signatures=tuple(_signatures(work, [version.id]).get(version.id, ())),
    )  # fmt: skip


def find_live_version(work: Work, key: str) -> VersionDetail | None:
    """The version that new instances of the process run, or None."""
    query = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == key)
    version_id = work.session.scalar(query)
    return None if version_id is None else get_version(work, version_id)


def get_start_form(work: Work, key: str) -> dict[str, Any] | None:
    """The form that the live version declares at its start event, or None; NotFoundError when nothing is live."""
    live = get_live(work, key)
    return None if live.start_with_form is None else live.forms[live.start_with_form]


def get_upload(work: Work, upload_id: int) -> Upload:
    """An upload with its source, or NotFoundError."""
    found = work.session.get(Upload, upload_id, options=[undefer(Upload.source)])
    if found is None:
        raise NotFoundError(f"There is no upload {upload_id}.")
    return found
