"""Which items report an incident: added by the detector or by people, taken out by people, out of the queue meanwhile.

An item's `incident_id` says whose updates answer for it. It is set while an incident goes on that people confirmed, so
that a queue asks one column and no table.
"""

from collections.abc import Collection, Sequence
from typing import cast

from sqlalchemy import Table, insert, select, update

from bpm.feedback.incidents.records import note, put_on_trail, under_way
from bpm.feedback.models import FeedbackItem, Incident, IncidentItem
from bpm.feedback.status import KNOWN_INCIDENTS
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, demand
from bpm.search import Changed

ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", IncidentItem.__table__)
PART = 500


def link_items(work: Work, incident_id: int, item_ids: Collection[int]) -> int:
    """A person says that these items report the incident; how many are new to it. One taken out before comes back."""
    demand(work.actor, Permission.ANSWER)
    incident = under_way(work, incident_id)
    added = add_links(work, incident, sorted(set(item_ids)), anew=True)
    if added:
        text = ngettext("%(n)s item linked", "%(n)s items linked", added) % {"n": added}
        note(work, incident, "linked", text)
        put_on_trail(work, "link", incident, before={"items": 0}, after={"items": added})
    return added


def add_links(work: Work, incident: Incident, item_ids: Sequence[int], *, anew: bool = False) -> int:
    """Link what is not linked yet. `anew`: also what a person took out; the detector leaves that out."""
    added = 0
    for start in range(0, len(item_ids), PART):
        part = item_ids[start : start + PART]
        known = {
            row.item_id: row.removed_at
            for row in work.session.execute(
                select(LINK.c.item_id, LINK.c.removed_at).where(
                    LINK.c.incident_id == incident.id, LINK.c.item_id.in_(part)
                )
            )
        }
        there = set(work.session.scalars(select(ITEM.c.id).where(ITEM.c.id.in_(part))))
        fresh = [each for each in part if each in there and each not in known]
        if fresh:
            by, at = work.actor.user_id, work.now()
            rows = [{"incident_id": incident.id, "item_id": each, "added_by": by, "added_at": at} for each in fresh]
            work.session.execute(insert(IncidentItem), rows)
        back = [each for each, removed_at in known.items() if removed_at is not None] if anew else []
        if back:
            again = update(LINK).where(LINK.c.incident_id == incident.id, LINK.c.item_id.in_(back))
            work.session.execute(
                again.values(removed_at=None, removed_by=None, added_at=work.now(), added_by=work.actor.user_id)
            )
        added += len(fresh) + len(back)
        if incident.status in KNOWN_INCIDENTS and (fresh or back):
            _take_out_of_queue(work, incident.id, [*fresh, *back])
    if added:
        work.nudge("incidents")
    return added


def unlink_item(work: Work, incident_id: int, item_id: int) -> None:
    """A person says that an item is about something else: it goes back to the queue and is not linked again."""
    demand(work.actor, Permission.ANSWER)
    incident = under_way(work, incident_id)
    gone = update(LINK).where(LINK.c.incident_id == incident_id, LINK.c.item_id == item_id, LINK.c.removed_at.is_(None))
    if not affected(work, gone.values(removed_at=work.now(), removed_by=work.actor.user_id)):
        raise NotFoundError(_("This item is not linked to the incident."))
    work.session.execute(
        update(ITEM).where(ITEM.c.id == item_id, ITEM.c.incident_id == incident_id).values(incident_id=None)
    )
    note(work, incident, "unlinked", _("Feedback %(id)s is about something else") % {"id": item_id})
    put_on_trail(work, "unlink", incident, before={"item": item_id}, after={"item": None})
    work.publish(Changed("item", (item_id,)))
    work.nudge("feedback")


def take_all_out_of_queue(work: Work, incident_id: int) -> None:
    """From now on the incident's updates answer for its items."""
    linked = select(LINK.c.item_id).where(LINK.c.incident_id == incident_id, LINK.c.removed_at.is_(None))
    work.session.execute(update(ITEM).where(ITEM.c.id.in_(linked)).values(incident_id=incident_id))
    work.nudge("feedback")


def put_all_back(work: Work, incident_id: int) -> None:
    """What nobody decided is in the queue again."""
    work.session.execute(update(ITEM).where(ITEM.c.incident_id == incident_id).values(incident_id=None))
    work.nudge("feedback")


def _take_out_of_queue(work: Work, incident_id: int, item_ids: Collection[int]) -> None:
    work.session.execute(update(ITEM).where(ITEM.c.id.in_(item_ids)).values(incident_id=incident_id))
    work.nudge("feedback")
