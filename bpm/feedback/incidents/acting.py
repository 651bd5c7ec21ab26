"""What people do with an incident: open one, acknowledge it in public with one act, watch, resolve, dismiss."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from bpm.feedback.incidents.ending import decide_linked
from bpm.feedback.incidents.linking import add_links, put_all_back, take_all_out_of_queue
from bpm.feedback.incidents.records import get_incident, note, person, put_on_trail, under_way, words
from bpm.feedback.incidents.telling import write_update
from bpm.feedback.models import FeedbackItem, Incident, IncidentUpdate
from bpm.feedback.status import KNOWN_INCIDENTS, UNDER_WAY_INCIDENTS, IncidentStatus, UpdateKind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

__all__ = [
    "acknowledge",
    "dismiss",
    "find_open_by_theme",
    "get_incident",
    "open_incident",
    "propose",
    "resolve",
    "set_severity",
    "watch",
]
SEVERITIES = (1, 2, 3)


def find_open_by_theme(work: Work, theme: str) -> Incident | None:
    """The incident about that theme that is not over."""
    return work.session.scalar(
        select(Incident).where(Incident.theme == theme, Incident.status.in_(UNDER_WAY_INCIDENTS)).limit(1)
    )


def open_incident(
    work: Work, title: str, *, item_ids: Collection[int] = (), theme: str = "", began_at: datetime | None = None
) -> Incident:
    """A person proposes an incident by hand, with the items that report it."""
    demand(work.actor, Permission.ANSWER)
    named = words(title, "title", _("Give it a name that customers would understand."))[:200]
    first = _first_said(work, item_ids)
    row = Incident(
        title=named,
        theme=theme,
        status=IncidentStatus.PROPOSED,
        began_at=began_at or first or work.now(),
        noticed_at=work.now(),
        proposed_at=work.now(),
        opened_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    add_links(work, row, sorted(set(item_ids)))
    note(work, row, "opened", _("Opened by hand"))
    put_on_trail(work, "open", row, before={"status": None}, after={"status": row.status, "items": len(set(item_ids))})
    return row


def _first_said(work: Work, item_ids: Collection[int]) -> datetime | None:
    ids = sorted(set(item_ids))[:500]
    if not ids:
        return None
    placed = select(FeedbackItem.placed_at).where(FeedbackItem.id.in_(ids)).order_by(FeedbackItem.placed_at)
    return work.session.scalar(placed.limit(1))


def propose(work: Work, incident_id: int) -> Incident:
    """A person takes a possible incident seriously: it stands before everybody from now on."""
    demand(work.actor, Permission.ANSWER)
    row = under_way(work, incident_id, IncidentStatus.POSSIBLE)
    _move(work, row, IncidentStatus.PROPOSED, _("Proposed by a person"))
    row.proposed_at = work.now()
    return row


def acknowledge(
    work: Work, incident_id: int, text: str, *, next_at: datetime | None, is_public: bool = True
) -> IncidentUpdate:
    """Say, as a named person, that it is known: one public post, one message to everybody linked, in one act.

    Its items leave the queue, since updates answer for them from now on. See `send_update` for what is refused.
    """
    person(work)
    row = under_way(work, incident_id, IncidentStatus.POSSIBLE, IncidentStatus.PROPOSED)
    said = write_update(work, row, UpdateKind.ACKNOWLEDGEMENT, text, next_at=next_at, is_public=is_public)
    row.acknowledged_at, row.acknowledged_by = work.now(), work.actor.user_id
    row.proposed_at = row.proposed_at or work.now()
    _move(work, row, IncidentStatus.ACKNOWLEDGED, _("Acknowledged"))
    take_all_out_of_queue(work, row.id)
    return said


def watch(work: Work, incident_id: int) -> Incident:
    """The cause is gone; people look whether it stays away."""
    demand(work.actor, Permission.ANSWER)
    row = under_way(work, incident_id, IncidentStatus.ACKNOWLEDGED)
    _move(work, row, IncidentStatus.WATCHING, _("The cause is gone; watching"))
    row.watching_at = work.now()
    return row


def resolve(work: Work, incident_id: int, *, reason: str, text: str = "", decide: bool = True) -> int:
    """It is over: what it was (`reason`), the last word to everybody linked, and what becomes of their items.

    `text` empty: nothing more is said. `decide`: linked items that nobody decided on or handed over are decided as
    done, with the reason; else they are in the queue again. Gives how many were decided.
    """
    person(work)
    row = under_way(work, incident_id, *KNOWN_INCIDENTS)
    why = words(reason, "reason", _("Say what it was; colleagues read it."))
    if text.strip():
        write_update(work, row, UpdateKind.ALL_CLEAR, text, next_at=None, is_public=True)
    done = decide_linked(work, row, why) if decide else 0
    put_all_back(work, row.id)
    _end(work, row, IncidentStatus.RESOLVED, why)
    return done


def dismiss(work: Work, incident_id: int, *, reason: str) -> Incident:
    """It is no incident, and why; its items are in the queue as before."""
    demand(work.actor, Permission.ANSWER)
    row = under_way(work, incident_id)
    why = words(reason, "reason", _("Say why it is none."))
    put_all_back(work, row.id)
    _end(work, row, IncidentStatus.DISMISSED, why)
    return row


def set_severity(work: Work, incident_id: int, severity: int) -> Incident:
    """How badly people are hit: 1 few are bothered, 2 many are, 3 nobody can go on. Apart from how we respond."""
    demand(work.actor, Permission.ANSWER)
    row = get_incident(work, incident_id)
    if severity not in SEVERITIES:
        raise InvalidInputError(_("There is no such severity."), remedy=_("Choose 1, 2 or 3."))
    before, row.severity = row.severity, severity
    note(work, row, "severity", _("Severity %(n)s") % {"n": severity})
    put_on_trail(work, "severity", row, before={"severity": before}, after={"severity": severity})
    return row


def _end(work: Work, row: Incident, status: IncidentStatus, why: str) -> None:
    _move(work, row, status, why)
    row.resolved_at, row.ended_by, row.reason, row.next_update_at = work.now(), work.actor.user_id, why, None


def _move(work: Work, row: Incident, status: IncidentStatus, text: str) -> None:
    before, row.status = row.status, status
    note(work, row, str(status), text)
    put_on_trail(work, str(status), row, before={"status": before}, after={"status": status}, reason=text)
