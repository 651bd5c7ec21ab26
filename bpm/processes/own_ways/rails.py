"""Guard rails: activities of a process that no own way leaves out, and the book of processes with ways in force.

The book is read again when this process changed a way or a rail, and else every few seconds: no step of a case of a
process without own ways costs a statement for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.lately import Lately
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.processes.own_ways.models import MandatoryStep, OwnWay
from bpm.processes.own_ways.status import WayStatus

PEOPLE = ("userTask", "manualTask")
"""Types of activities that people do: a way can leave out these alone, for systems do the rest unseen."""


@dataclass(frozen=True)
class Mandatory:
    """An activity that is never left out: why, who said so, and since when."""

    id: int
    element: str
    why: str
    by: str
    at: datetime


def _read(work: Work) -> frozenset[str]:
    """Ids of the activities of every process that has an accepted way."""
    with_ways = select(OwnWay.definition_key).where(OwnWay.status == WayStatus.ACCEPTED)
    versions = (
        select(ProcessVersion.elements)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key.in_(with_ways))
    )
    return frozenset(
        each["id"] for elements in work.session.scalars(versions) for each in elements if each["type"] in PEOPLE
    )


ACTIVITIES_WITH_WAYS = Lately(_read)


def mandatory_of(work: Work, key: str) -> Mapping[str, Mandatory]:
    """{activity: what was said of it} of those that no way leaves out."""
    query = (
        select(MandatoryStep, User.display_name)
        .outerjoin(User, User.id == MandatoryStep.marked_by)
        .where(MandatoryStep.definition_key == key, MandatoryStep.ended_at.is_(None))
        .order_by(MandatoryStep.id)
    )
    return {
        row.element: Mandatory(row.id, row.element, row.why, name or "", row.marked_at)
        for row, name in work.session.execute(query)
    }


def mark_mandatory(work: Work, key: str, element: str, why: str) -> int:
    """Let no way leave the activity out, cases that run included. Whoever signs versions may."""
    demand(work.actor, Permission.SIGN)
    if not why.strip():
        say = _("Say what would be lost without it.")
        raise InvalidInputError(_("A reason is needed."), remedy=say, fields={"why": say})
    elements = _live_elements(work, key)
    if elements.get(element) not in PEOPLE:
        say = _("Choose a task of people; what systems do is never left out.")
        raise InvalidInputError(_("There is no such task in the live version."), remedy=say, fields={"element": say})
    known = mandatory_of(work, key).get(element)
    if known is not None:
        return known.id
    row = MandatoryStep(
        definition_key=key, element=element, why=why.strip()[:1000], marked_by=work.actor.user_id,
        marked_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    thing = audit.Thing("process", key, element)
    audit.record(work, "process.mandatory", thing, before={"mandatory": False}, after={"mandatory": True}, reason=why)
    return row.id


def unmark_mandatory(work: Work, key: str, element: str) -> None:
    """Let ways leave it out again. NotFoundError where it is not mandatory."""
    demand(work.actor, Permission.SIGN)
    rows = work.session.scalars(
        select(MandatoryStep).where(
            MandatoryStep.definition_key == key, MandatoryStep.element == element, MandatoryStep.ended_at.is_(None)
        )
    ).all()
    if not rows:
        raise NotFoundError(_("It is not mandatory."))
    for row in rows:
        row.ended_at = work.now()
    thing = audit.Thing("process", key, element)
    audit.record(work, "process.mandatory", thing, before={"mandatory": True}, after={"mandatory": False})


def _live_elements(work: Work, key: str) -> dict[str, str]:
    live = select(ProcessVersion.elements).join(
        ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id
    )
    found = work.session.scalar(live.where(ProcessDefinition.key == key)) or []
    return {each["id"]: each["type"] for each in found}
