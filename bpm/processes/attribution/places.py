"""Where a case stood when something was said: the element that a link is charged to."""

from sqlalchemy import select

from bpm.engine.models import ActivityInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work

HALTS = ("userTask", "manualTask", "task", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway")
"""Elements at which an instance stands until a person or the world does something."""
JOBS = ("serviceTask", "sendTask", "businessRuleTask", "scriptTask")
"""Elements that a worker passes in moments, and at which an instance stands only when the job fails."""


def element_at(work: Work, instance_id: int, item: FeedbackItem) -> tuple[str, int | None]:
    """The oldest activity open when the item was said, with its version; if none was, where the case halts now.

    An item that started the case was said before it: it is charged to where the case came to a halt first, or to
    the start event while only jobs run, never to a job that nobody waited for yet.
    """
    visits = work.session.execute(
        select(
            ActivityInstance.element, ActivityInstance.version_id, ActivityInstance.type, ActivityInstance.opened_at,
            ActivityInstance.closed_at,
        )
        # An element of a called process stands in another diagram; here its call activity is open too.
        .where(ActivityInstance.instance_id == instance_id, ActivityInstance.process.is_(None))
        .order_by(ActivityInstance.opened_at, ActivityInstance.id)
    ).all()  # fmt: skip
    places = [visit for visit in visits if visit.type in (*HALTS, *JOBS)]
    then = [v for v in places if v.opened_at < item.placed_at and (v.closed_at is None or v.closed_at > item.placed_at)]
    now = [v for v in visits if v.type in HALTS and v.closed_at is None]
    return next(((v.element, v.version_id) for v in (*then, *now, *visits)), ("", None))
