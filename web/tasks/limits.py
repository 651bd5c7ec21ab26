"""One line above the tasks for each group of the reader's in which more is open than may be at once.

The limits are read once a minute; a request reads nothing more unless a group of the reader's has one.
"""

from datetime import datetime, timedelta

from flask import current_app

from bpm.foundation.work import Work
from bpm.processes import capacity
from bpm.processes.capacity import OverLimit

_AGAIN_AFTER = timedelta(minutes=1)


def over_limits(unit: Work) -> tuple[OverLimit, ...]:
    """Of the actor's groups, those above their limit."""
    kept: tuple[datetime, dict[str, int]] | None = current_app.extensions.get("wip limits")
    if kept is None or not kept[0] <= unit.now() < kept[0] + _AGAIN_AFTER:
        staffing = capacity.get_staffing(unit)
        kept = (unit.now(), {group: each.wip for group, each in staffing.items() if each.wip is not None})
        current_app.extensions["wip limits"] = kept
    return capacity.over_limits(unit, kept[1], unit.actor.groups)
