"""Drafts that wait for signatures, and whose."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm.engine import api as engine
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
        select(
            ProcessVersion.id,
            ProcessVersion.number,
            ProcessVersion.note,
            ProcessVersion.definition_id,
            ProcessDefinition.name,
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.status == VersionStatus.DRAFT, ProcessVersion.replaced_by.is_(None))
        .order_by(ProcessVersion.id.desc())
        .limit(limit)
    )  # fmt: skip
    rows = unit.session.execute(query).all()
    given: dict[int, set[str]] = {}
    signed = select(Signature.version_id, Signature.department).where(Signature.version_id.in_([r.id for r in rows]))
    for version_id, department in unit.session.execute(signed):
        given.setdefault(version_id, set()).add(department)
    done = _signed_by(unit)
    mine = unit.actor.groups if may(unit.actor, Permission.SIGN) else frozenset[str]()
    drafts = []
    for row in rows:
        departments, given_here = engine.departments_of(unit, row.definition_id), given.get(row.id, set())
        missing = tuple(each for each in departments if each not in given_here)
        my_own = tuple(each for each in missing if each in mine and row.id not in done)
        drafts.append(WaitingDraft(row.id, row.name, row.number, row.note, missing, my_own))
    return drafts


def _signed_by(unit: Work) -> set[int]:
    """Versions that this person signed, and signs no more."""
    if unit.settings.sign_for_several or not unit.actor.is_person:
        return set()
    return set(unit.session.scalars(select(Signature.version_id).where(Signature.user_id == unit.actor.user_id)))
