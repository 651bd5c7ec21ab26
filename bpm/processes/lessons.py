"""What an incident taught becomes a proposed change to a process: the post-mortem ends in an improvement, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.feedback.incidents import get_incident
from bpm.feedback.models import IncidentItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.improvements import OpenedFrom, Origin, open_sheet
from bpm.processes.models import Improvement
from bpm.processes.status import ImprovementStatus


@dataclass(frozen=True)
class Lesson:
    """The improvement that an incident led to."""

    improvement_id: int
    title: str
    description: str
    definition_key: str
    status: str
    created_at: datetime


def record_lesson(work: Work, incident_id: int, *, title: str, description: str, key: str) -> int:
    """Propose a change to the process `key` from an incident; a second time gives the first one's id.

    InvalidInputError without a title (field `title`) or for a process that is not there (field `key`).
    """
    demand(work.actor, Permission.ANSWER)
    incident = get_incident(work, incident_id)
    known = work.session.scalar(select(Improvement.id).where(Improvement.job_key == _key(incident_id)))
    if known is not None:
        return known
    if not title.strip():
        problem = _("Say what is to change.")
        raise InvalidInputError(_("The lesson has no title."), remedy=problem, fields={"title": problem})
    if work.session.scalar(select(ProcessDefinition.id).where(ProcessDefinition.key == key)) is None:
        problem = _("Choose the process that it changes.")
        raise InvalidInputError(_("There is no such process."), remedy=problem, fields={"key": problem})
    items = select(IncidentItem.item_id).where(
        IncidentItem.incident_id == incident_id, IncidentItem.removed_at.is_(None)
    )
    voices = work.session.scalars(items.order_by(IncidentItem.id)).all()
    row = Improvement(
        definition_key=key,
        title=title.strip()[:300],
        description=description.strip(),
        item_id=next(iter(voices), None),
        job_key=_key(incident_id),
        proposed_by=work.actor.user_id,
        status=ImprovementStatus.PROPOSED,
        created_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    open_sheet(work, row, OpenedFrom(Origin.INCIDENT, str(incident_id), incident.title), voices)
    thing = audit.Thing("improvement", row.id, row.title)
    after = {"title": row.title, "process": key, "incident": incident.title}
    audit.record(work, "improvement.propose", thing, before={"improvement": None}, after=after)
    return row.id


def find_lesson(work: Work, incident_id: int) -> Lesson | None:
    """What the incident led to; None: nothing yet."""
    row = work.session.scalar(select(Improvement).where(Improvement.job_key == _key(incident_id)))
    if row is None:
        return None
    return Lesson(row.id, row.title, row.description, row.definition_key, row.status, row.created_at)


def _key(incident_id: int) -> str:
    return f"incident:{incident_id}"
