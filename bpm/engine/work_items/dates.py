"""Due date, follow-up date and priority of work items, as people set them."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.models import NORMAL_PRIORITY
from bpm.engine.status import WorkItemStatus
from bpm.engine.work_items.access import note, refuse_if_somebody_elses, say_who_was_first, see, write_open
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

Values = Mapping[str, Any]
MOST_PRIORITY = 1_000_000_000


def schedule(work: Work, item_id: int, changes: Values) -> dict[str, Any]:
    """Set `due_at`, `follow_up_at` (aware instants or None) and `priority`, what of them is in `changes`.

    Gives what they were before. A due date that a person sets takes the place of the service target's.
    Raises InvalidInputError, ConflictError (somebody else has the work item, or it is done), NotFoundError.
    """
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    unknown = set(changes) - {"due_at", "follow_up_at", "priority"}
    priority = changes.get("priority", NORMAL_PRIORITY)
    if unknown or not isinstance(priority, int) or abs(priority) > MOST_PRIORITY:
        raise InvalidInputError(
            _("The priority has to be a whole number up to %(most)s.") % {"most": MOST_PRIORITY},
            remedy=_("Such as 50."),
        )
    before = {name: getattr(row, name) for name in changes}
    if before == dict(changes):
        return before
    follows: dict[str, Any] = {"target_seconds": None} if "due_at" in changes else {}
    follows |= {"rank": -priority} if "priority" in changes else {}
    write_open(work, item_id, {**changes, **follows})
    note(work, "schedule", (item_id, row.name, row.instance_id), _plain_dates(before), _plain_dates(changes))
    return before


def _plain_dates(values: Values) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
