"""The same task in finished cases: which they are, and what was entered there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, func, literal_column, select

from bpm.engine.models import ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import ENDED, WorkItemStatus
from bpm.engine.work_items.access import seen_by
from bpm.foundation.db import at_most
from bpm.foundation.work import Work
from bpm.identity import Permission, may

ITEM = cast("Table", WorkItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
LOOKED_AT = 300
"""Tasks of that element done last, of all processes that have one of the name; a page costs no more than them."""
MOST = 100
_ASKED = (
    "id", "instance_id", "version_id", "called_version_id", "completed_at", "assignee_id", "owner_id", "group_key",
)  # fmt: skip


@dataclass(frozen=True)
class DoneBefore:
    """The task as it was done in another case of the same process."""

    item_id: int
    instance_id: int
    business_key: str | None
    completed_at: datetime


def same_task_done_before(work: Work, element: str, *, version_id: int, but_case: int) -> tuple[DoneBefore, ...]:
    """The latest of the same element and process that the actor may see, whose cases have ended.

    `version_id`: a version of the process whose element it is; `but_case`: the case that is looked at.
    """
    statement = _DONE if may(work.actor, Permission.OPERATE) else _DONE_IF_SEEN
    values = {
        "element": element, "version": version_id, "but_case": but_case,
        "person": work.actor.user_id, "groups": sorted(work.actor.groups),
    }  # fmt: skip
    return tuple(DoneBefore(*row) for row in work.session.execute(statement, values))


def answers_in(work: Work, item_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Work item -> what was entered in it."""
    rows = work.session.execute(select(ITEM.c.id, ITEM.c.result).where(ITEM.c.id.in_(item_ids)))
    return {row.id: row.result or {} for row in rows}


def _done(*, only_seen: bool) -> Select[Any]:
    # The status stands in the text: the index holds completed ones alone.
    last = (
        select(*(ITEM.c[name] for name in _ASKED))
        .where(ITEM.c.element == bindparam("element"), ITEM.c.status == literal_column(f"'{WorkItemStatus.COMPLETED}'"))
        .order_by(ITEM.c.id.desc())
        .limit(at_most(LOOKED_AT))
        .subquery("done")
    )
    of_process = select(VERSION.c.definition_id).where(VERSION.c.id == bindparam("version")).scalar_subquery()
    found = (
        select(last.c.id, last.c.instance_id, INSTANCE.c.business_key, last.c.completed_at)
        .join(INSTANCE, INSTANCE.c.id == last.c.instance_id)
        .join(VERSION, VERSION.c.id == func.coalesce(last.c.called_version_id, last.c.version_id))
        .where(VERSION.c.definition_id == of_process, last.c.instance_id != bindparam("but_case"))
        .where(INSTANCE.c.status.in_(ENDED))
        .order_by(last.c.id.desc())
        .limit(at_most(MOST))
    )
    if only_seen:
        return found.where(seen_by(bindparam("person"), "groups", of=last))
    return found


# Built once: building them costs many times what running them does.
_DONE = _done(only_seen=False)
_DONE_IF_SEEN = _done(only_seen=True)
