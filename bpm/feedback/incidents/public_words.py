"""What everybody may read of incidents: what a named person said in public, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bpm.feedback.models import Incident, IncidentUpdate
from bpm.feedback.status import KNOWN_INCIDENTS, IncidentStatus
from bpm.foundation.work import Work
from bpm.identity.models import User

PUBLIC_FOR = timedelta(days=14)
"""How long a resolved incident stands on the public page."""


@dataclass(frozen=True)
class PublicUpdate:
    """One public word: what, by whom, when, and when the next comes."""

    kind: str
    text: str
    author: str
    at: datetime
    next_at: datetime | None


@dataclass(frozen=True)
class PublicIncident:
    """What everybody may read of an incident."""

    id: int
    title: str
    began_at: datetime
    resolved_at: datetime | None
    updates: tuple[PublicUpdate, ...]


def list_public(work: Work) -> list[PublicIncident]:
    """Incidents of which a person spoke in public, and what they said: what goes on, then what is over lately."""
    rows = work.session.execute(
        select(IncidentUpdate, User.display_name, Incident)
        .join(User, User.id == IncidentUpdate.author_user_id)
        .join(Incident, Incident.id == IncidentUpdate.incident_id)
        .where(
            IncidentUpdate.is_public,
            Incident.status.in_([*KNOWN_INCIDENTS, IncidentStatus.RESOLVED]),
            func.coalesce(Incident.resolved_at, work.now()) > work.now() - PUBLIC_FOR,
        )
        .order_by(IncidentUpdate.id.desc())
        .limit(100)
    ).all()
    grouped: dict[int, list[tuple[IncidentUpdate, str, Incident]]] = {}
    for said, name, incident in rows:
        grouped.setdefault(incident.id, []).append((said, name, incident))
    found = [_public(each) for each in grouped.values()]
    return sorted(found, key=lambda each: (each.resolved_at is not None, -each.id))


def _public(rows: Sequence[tuple[IncidentUpdate, str, Incident]]) -> PublicIncident:
    incident = rows[0][2]
    updates = tuple(PublicUpdate(said.kind, said.text, name, said.approved_at, said.next_at) for said, name, _i in rows)
    return PublicIncident(incident.id, incident.title, incident.began_at, incident.resolved_at, updates)
