"""The versions of a process by number alone: for figures, which ask for many processes at once."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm.engine.models import ProcessVersion
from bpm.engine.queries.versions import get_definition
from bpm.engine.status import VersionStatus
from bpm.foundation.work import Work


@dataclass(frozen=True)
class NumberedVersion:
    """A version without all that is told of it beside its number."""

    id: int
    number: int
    status: VersionStatus


def list_numbers(work: Work, key: str) -> list[NumberedVersion]:
    """The versions of a process, newest first; of a process in another one's file those that have it.

    NotFoundError where there is no such process.
    """
    definition = get_definition(work, key)
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
