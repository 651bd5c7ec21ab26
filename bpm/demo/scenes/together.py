"""Who stands in for whom in the demo: Olga is away and Omar has her work, Mia speaks with one customer herself."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import teamwork
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback.models import FeedbackItem
from bpm.feedback.people.guests import invite_guest, write_note
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor

AWAY = (timedelta(days=1), timedelta(days=4))
"""Since when, and for how long yet."""
BEGUN = 2
"""Tasks that Olga had begun when she left."""
WRONGED = "Bruno Hop"
"""Who called, wrote and posted about one refund: a manager joins his conversation."""
WHY = "he called, wrote and posted; would you speak with him yourself?"
NOTE = "I ring him tonight, and tell you what we agreed."


def join(app: App, actors: dict[str, Actor]) -> None:
    """Plan the absence; let Mia answer in the conversation of who had to ask three times."""
    since, left = AWAY
    _begin(app, actors["olga"], before=since)
    with app.unit_of_work(actors["olga"]) as work:
        teamwork.plan_absence(work, actors["omar"].user_id or 0, work.now() - since, work.now() + left)
    with app.unit_of_work(actors["ada"]) as work:
        theirs = (FeedbackItem.author_name == WRONGED, FeedbackItem.conversation_id.is_not(None), FeedbackItem.current)
        item = work.session.scalars(select(FeedbackItem).where(*theirs).order_by(FeedbackItem.id.desc()).limit(1)).one()
        invite_guest(work, item.id, actors["mia"].user_id or 0, why=WHY, answers=True)
        conversation = item.conversation_id or 0
    with app.unit_of_work(actors["mia"]) as work:
        write_note(work, conversation, NOTE)


def _begin(app: App, who: Actor, *, before: timedelta) -> None:
    """Olga claims what waits longest for operations, just before she leaves."""
    clock = FixedClock(app.clock.now() - before)
    with app.unit_of_work.at(clock)(who) as work:
        waits = (WorkItem.status == WorkItemStatus.OPEN, WorkItem.group_key == "operations")
        old = select(WorkItem.id).where(*waits, WorkItem.assignee_id.is_(None), WorkItem.created_at < clock.now())
        for task in work.session.scalars(old.order_by(WorkItem.id).limit(BEGUN)).all():
            engine.claim(work, task)
