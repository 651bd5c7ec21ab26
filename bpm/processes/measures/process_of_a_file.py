"""Which elements, instances and links of a version belong to one process of its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance, ProcessVersion
from bpm.engine.queries import DefinitionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Attribution


@dataclass(frozen=True)
class Part:
    """One process of a version, as its figures see it."""

    version_id: int
    number: int
    name: str
    process_id: str
    primary: str
    alone: bool
    """Whether the file lets no other process be started, so that all of the version is of this one."""
    elements: tuple[Mapping[str, Any], ...]
    elsewhere: tuple[str, ...]
    """Ids of the elements of the other processes."""


@dataclass(frozen=True)
class NumberedVersion:
    """A version without all that is told of it beside its number."""

    id: int
    number: int
    status: VersionStatus


def list_numbers(work: Work, key: str, definition: DefinitionRow | None = None) -> list[NumberedVersion]:
    """The versions of a process, newest first; of a process in another one's file those that have it.

    `definition`: its own, where it was read already. NotFoundError where there is no such process.
    """
    definition = definition or engine_queries.get_definition(work, key)
    rows = work.session.execute(
        select(ProcessVersion.id, ProcessVersion.number, ProcessVersion.status, ProcessVersion.processes)
        .where(ProcessVersion.definition_id == definition.id)
        .order_by(ProcessVersion.number.desc())
    )
    return [
        NumberedVersion(row.id, row.number, row.status)
        for row in rows
        if not definition.file_of or any(each["id"] == key for each in row.processes)
    ]


def get_part(work: Work, key: str, version_id: int, definition: DefinitionRow | None = None) -> Part:
    """The process `key` of the version: by the key of its file, or by its id; NotFoundError where it has none."""
    definition = definition or engine_queries.get_definition(work, key)
    row = work.session.execute(
        _TOLD.where(ProcessVersion.id == version_id, ProcessVersion.definition_id == definition.id)
    ).first()
    process_id = key if definition.file_of or row is None else row.primary
    if row is None or process_id not in {row.primary, *(each["id"] for each in row.processes)}:
        problem = _("The process “%(key)s” has no version %(version)s.") % {"key": key, "version": version_id}
        raise NotFoundError(problem)
    return _part(row, version_id, process_id, definition.name)


def parts_of(work: Work, version_id: int) -> list[Part]:
    """Every process of the version's file that can be started by itself, the one that the file is about among them."""
    row = work.session.execute(_TOLD.where(ProcessVersion.id == version_id)).first()
    if row is None:
        return []
    offered = [each["id"] for each in row.processes if each.get("offered", True) or each["id"] == row.primary]
    return [_part(row, version_id, process_id, process_id) for process_id in offered]


_TOLD = select(ProcessVersion.number, ProcessVersion.primary, ProcessVersion.processes, ProcessVersion.elements)


def _part(row: Any, version_id: int, process_id: str, name: str) -> Part:
    own = engine_queries.elements_of(row.elements, row.processes, process_id)
    ids = {each["id"] for each in own}
    return Part(
        version_id=version_id,
        number=row.number,
        name=name,
        process_id=process_id,
        primary=row.primary,
        alone=len(own) == len(row.elements) and sum(each.get("offered", True) for each in row.processes) <= 1,
        elements=own,
        elsewhere=tuple(each["id"] for each in row.elements if each["id"] not in ids),
    )


def instances_of(part: Part) -> tuple[ColumnElement[bool], ...]:
    """Conditions under which an instance of the version runs that process."""
    if part.alone:
        return ()
    return (func.coalesce(ProcessInstance.process_id, part.primary) == part.process_id,)


def linked_to(part: Part) -> tuple[ColumnElement[bool], ...]:
    """Conditions under which a link to the version is one to that process: by its element, else by its instance."""
    if part.alone:
        return ()
    ids = [each["id"] for each in part.elements]
    # Of the link alone: a statement that joins the case, too, would take this look at it for its own.
    of_instance = (
        exists().where(ProcessInstance.id == Attribution.instance_id, *instances_of(part)).correlate(Attribution)
    )
    nowhere = Attribution.element.not_in([*ids, *part.elsewhere])
    return (or_(Attribution.element.in_(ids), and_(nowhere, of_instance)),)
