"""Rows of the register by their number, and what is noted of each in its history and on the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.models import Improvement, ImprovementEvent, ImprovementSheet
from bpm.processes.models.register_lists import Origin, Stage

MOST_EVENTS = 200


@dataclass(frozen=True)
class EventRow:
    """What happened to an improvement, as its page tells it."""

    verb: str
    before: str
    after: str
    reason: str
    evidence: Mapping[str, str]
    who: str
    at: datetime


def get_row(work: Work, improvement_id: int) -> Improvement:
    """NotFoundError when there is none."""
    row = work.session.get(Improvement, improvement_id)
    if row is None:
        raise NotFoundError(_("There is no improvement %(number)s.") % {"number": improvement_id})
    return row


def thing(row: Improvement) -> audit.Thing:
    return audit.Thing("improvement", row.id, row.title)


def sheet_of(work: Work, row: Improvement) -> ImprovementSheet:
    """Its sheet, made now where it has none: those of earlier releases, and of cases, have not."""
    sheet = work.session.get(ImprovementSheet, row.id)
    if sheet is None:
        origin, ref = origin_of(row)
        sheet = ImprovementSheet(improvement_id=row.id, origin=origin, origin_ref=ref, stage=Stage.DEFINE)
        work.session.add(sheet)
        work.session.flush()
    return sheet


def origin_of(row: Improvement) -> tuple[Origin, str]:
    """What one without a sheet came from, by what its own row tells."""
    if (row.job_key or "").startswith("incident:"):
        return Origin.INCIDENT, (row.job_key or "").partition(":")[2]
    if row.instance_id is not None:
        return Origin.TASK, str(row.instance_id)
    if row.item_id is not None:
        return Origin.ITEM, str(row.item_id)
    return Origin.PLAIN, ""


def note(
    work: Work, row: Improvement, verb: str, *, before: str = "", after: str = "", reason: str = "",
    evidence: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Add to its history, which is never rewritten."""
    work.session.add(
        ImprovementEvent(
            improvement_id=row.id, verb=verb, before=before[:300], after=after[:300], reason=reason,
            evidence=dict(evidence or {}), user_id=work.actor.user_id, at=work.now(),
        )
    )  # fmt: skip


def history_of(work: Work, improvement_id: int) -> tuple[EventRow, ...]:
    """What happened to it, the newest first."""
    found = work.session.execute(
        select(ImprovementEvent, User.display_name)
        .outerjoin(User, User.id == ImprovementEvent.user_id)
        .where(ImprovementEvent.improvement_id == improvement_id)
        .order_by(ImprovementEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(_told(row, who) for row, who in found)


def _told(row: ImprovementEvent, who: str | None) -> EventRow:
    evidence: dict[str, Any] = row.evidence
    said = {str(key): str(value) for key, value in evidence.items()}
    return EventRow(row.verb, row.before, row.after, row.reason, said, who or _("the system"), row.at)
