"""What becomes of an incident's items when it is over: one decision for all of them, however many."""

from typing import cast

from sqlalchemy import Table, exists, insert, select, update

from bpm.feedback.models import Decision, Episode, FeedbackItem, Incident, IncidentItem
from bpm.feedback.status import DecisionKind
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.search import Changed

ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", IncidentItem.__table__)
EPISODE = cast("Table", Episode.__table__)
PART = 500


def decide_linked(work: Work, incident: Incident, reason: str) -> int:
    """Decide as done what is linked, undecided and with nobody else; gives how many. A few statements for 500."""
    linked = select(LINK.c.item_id).where(LINK.c.incident_id == incident.id, LINK.c.removed_at.is_(None))
    rows = work.session.execute(
        select(ITEM.c.id, ITEM.c.episode_id).where(
            ITEM.c.id.in_(linked), ITEM.c.current, ITEM.c.decision.is_(None), ITEM.c.distributed_to.is_(None)
        )
    ).all()
    why = _("%(incident)s: %(reason)s") % {"incident": incident.title, "reason": reason}
    for start in range(0, len(rows), PART):
        ids = [row.id for row in rows[start : start + PART]]
        decided = {"decision": DecisionKind.DO, "reason": why, "user_id": work.actor.user_id, "at": work.now()}
        work.session.execute(insert(Decision), [{"item_id": each, **decided} for each in ids])
        work.session.execute(update(ITEM).where(ITEM.c.id.in_(ids)).values(decision=DecisionKind.DO))
        _close_episodes(work, sorted({row.episode_id for row in rows[start : start + PART] if row.episode_id}))
        work.publish(Changed("item", tuple(ids)))
    return len(rows)


def _close_episodes(work: Work, episode_ids: list[int]) -> None:
    still_open = exists().where(ITEM.c.episode_id == EPISODE.c.id, ITEM.c.current, ITEM.c.decision.is_(None))
    closing = update(EPISODE).where(EPISODE.c.id.in_(episode_ids), EPISODE.c.closed_at.is_(None), ~still_open)
    work.session.execute(closing.values(closed_at=work.now()))
