"""Who else may have a task."""

from bpm import identity
from bpm.engine import queries
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User


def colleagues(unit: Work, item_id: int) -> list[User]:
    """Who else may have the work item: people who work on items and are in its group, if it has one."""
    group = queries.get_work_item(unit, item_id).row.group_key
    return [
        user
        for user in identity.list_users(unit)
        if user.active
        and user.id != unit.actor.user_id
        and may(identity.actor_of(user), Permission.WORK)
        and (group is None or group in {each.key for each in user.groups})
    ]
