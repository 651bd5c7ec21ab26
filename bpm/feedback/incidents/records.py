"""Getting hold of an incident to act on it, and its lines: the timeline, the audit trail, news for pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpm import audit
from bpm.feedback.limits import is_blank
from bpm.feedback.models import Incident, IncidentEntry
from bpm.feedback.status import UNDER_WAY_INCIDENTS, IncidentStatus
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

LONGEST_TEXT = 10_000


def get_incident(work: Work, incident_id: int) -> Incident:
    """The incident, for acting on it; NotFoundError when there is none."""
    found = work.session.get(Incident, incident_id)
    if found is None:
        raise NotFoundError(_("There is no incident %(id)s.") % {"id": incident_id})
    return found


def under_way(work: Work, incident_id: int, *among: IncidentStatus) -> Incident:
    """The incident in one of these states (any that is not over); ConflictError says in which it is."""
    found = get_incident(work, incident_id)
    if found.status not in (among or UNDER_WAY_INCIDENTS):
        raise ConflictError(
            _("The incident is %(status)s.") % {"status": found.status}, remedy=_("Look at it again, then decide.")
        )
    return found


def person(work: Work) -> int:
    """Who acts: a named person who may answer customers. ForbiddenError for anybody and anything else (law 1)."""
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a named person can speak to customers."), remedy=_("Let a person do it."))
    demand(work.actor, Permission.ANSWER)
    return work.actor.user_id


def words(text: str, field: str, remedy: str) -> str:
    """The text without blanks around it; InvalidInputError at `field` when there is none, or too much."""
    found = text.replace("\x00", "").strip()
    if is_blank(found):
        raise InvalidInputError(_("Nothing was written."), remedy=remedy, fields={field: remedy})
    if len(found) > LONGEST_TEXT:
        most = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
        raise InvalidInputError(_("It is too long."), remedy=most, fields={field: most})
    return found


def note(work: Work, incident: Incident, kind: str, text: str, *, at: datetime | None = None) -> None:
    """Add a line to the timeline, by whoever acts."""
    work.session.add(
        IncidentEntry(
            incident_id=incident.id, at=at or work.now(), kind=kind, text=text, user_id=work.actor.user_id
        )
    )  # fmt: skip
    work.nudge("incidents")


def put_on_trail(
    work: Work, verb: str, incident: Incident, *, before: Mapping[str, Any], after: Mapping[str, Any], reason: str = ""
) -> None:
    """Put an act on an incident on the audit trail."""
    thing = audit.Thing("incident", incident.id, incident.title, f"incident {incident.id}")
    audit.record(work, f"incident.{verb}", thing, before=before, after=after, reason=reason)
