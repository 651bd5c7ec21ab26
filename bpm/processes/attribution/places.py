"""Where a case stood when something was said: the element that a link is charged to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bpm.engine.models import ActivityInstance
from bpm.engine.status import ActivityStatus
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.status import LinkKind

HALTS = ("userTask", "manualTask", "task", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway")
"""Elements at which an instance stands until a person or the world does something."""
JOBS = ("serviceTask", "sendTask", "businessRuleTask", "scriptTask")
"""Elements that a worker passes in moments, and at which an instance stands only when the job fails."""


WORKED = ("userTask", "manualTask", "task")
"""Elements at which people work."""

Place = tuple[str, int | None]
"""An element and the version whose drawing has it; ("", None) where a case has not passed any."""


def place_of(work: Work, instance_id: int, item: FeedbackItem, kind: LinkKind) -> Place:
    """The element that a link of that kind is charged to.

    What opened the case, or was said before it, stands at its beginning; what was said after it at the last activity
    that people worked at, else the last at which it halted: nothing after that can have been lived through.
    """
    visits = _visits(work, instance_id)
    if kind in (LinkKind.OPENED_BY, LinkKind.SAID_BEFORE):
        return _place(visits[:1])
    if kind == LinkKind.SAID_AFTER:
        return _last(visits)
    return _then(visits, item)


def element_at(work: Work, instance_id: int, item: FeedbackItem) -> Place:
    """The oldest activity open when the item was said; if none was, where the case halts now."""
    return _then(_visits(work, instance_id), item)


def _visits(work: Work, instance_id: int) -> Sequence[Any]:
    return work.session.execute(
        select(
            ActivityInstance.element, ActivityInstance.version_id, ActivityInstance.type, ActivityInstance.opened_at,
            ActivityInstance.closed_at, ActivityInstance.status,
        )
        # An element of a called process stands in another diagram; here its call activity is open too.
        .where(ActivityInstance.instance_id == instance_id, ActivityInstance.process.is_(None))
        .order_by(ActivityInstance.opened_at, ActivityInstance.id)
    ).all()  # fmt: skip


def _then(visits: Sequence[Any], item: FeedbackItem) -> Place:
    places = [visit for visit in visits if visit.type in (*HALTS, *JOBS)]
    then = [v for v in places if v.opened_at < item.placed_at and (v.closed_at is None or v.closed_at > item.placed_at)]
    now = [v for v in visits if v.type in HALTS and v.closed_at is None]
    return _place([*then, *now, *visits])


def _last(visits: Sequence[Any]) -> Place:
    done = [v for v in visits if v.closed_at is not None and v.status == ActivityStatus.COMPLETED]
    for types in (WORKED, HALTS, JOBS):
        passed = [v for v in done if v.type in types]
        if passed:
            return _place([max(passed, key=lambda v: v.closed_at)])
    return _place(visits[-1:])


def _place(visits: Sequence[Any]) -> Place:
    return next(((v.element, v.version_id) for v in visits), ("", None))
