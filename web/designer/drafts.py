"""Drafts that wait for signatures, and whose."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessVersion, Signature
from bpm.engine.status import VersionStatus
from bpm.foundation.work import Work
from bpm.identity import Permission, may


@dataclass(frozen=True)
class WaitingDraft:
    """A version that is newer than the live one and waits for signatures."""

    version_id: int
    name: str
    number: int
    note: str
    missing: tuple[str, ...]
    mine: tuple[str, ...]
    """Missing departments that this person can sign for."""


def waiting_drafts(unit: Work, *, limit: int = 20) -> list[WaitingDraft]:
    """The newest drafts, with the departments that have yet to sign."""
    query = (
        select(ProcessVersion.id, ProcessVersion.number, ProcessVersion.note, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.status == VersionStatus.DRAFT)
        .order_by(ProcessVersion.id.desc())
        .limit(limit)
    )
    rows = unit.session.execute(query).all()
    given: dict[int, set[str]] = {}
    signed = select(Signature.version_id, Signature.department).where(Signature.version_id.in_([r.id for r in rows]))
    for version_id, department in unit.session.execute(signed):
        given.setdefault(version_id, set()).add(department)
    mine = unit.actor.groups if may(unit.actor, Permission.SIGN) else frozenset[str]()
    return [
        WaitingDraft(
            version_id=row.id,
            name=row.name,
            number=row.number,
            note=row.note,
            missing=(missing := tuple(d for d in unit.settings.sign_offs if d not in given.get(row.id, set()))),
            mine=tuple(department for department in missing if department in mine),
        )
        for row in rows
    ]
