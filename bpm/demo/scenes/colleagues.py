"""What colleagues of the demo tell each other: notes at conversations, comments at tasks, and what can wait."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.engine import teamwork
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback import clocks
from bpm.feedback.models import FeedbackItem
from bpm.feedback.people.guests import write_note
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor

log = logger(__name__)

NOTES = (
    "She rings in the mornings: try before nine.",
    "He moved in May; the old address is on the bill still.",
    "Both contracts are his, the shop's is paid by his sister.",
)
COMMENTS = (
    "The depot found the parcel under another number, I asked for a photo.",
    "@omar can you see whether this one was paid twice?",
    "The technician was there and found nobody. A new day is wanted.",
)


def talk(app: App, actors: dict[str, Actor]) -> None:
    """Notes at the newest conversations, comments at open tasks of operations and IT, and two items for later."""
    with app.unit_of_work(actors["ada"]) as work:
        rows = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.conversation_id)
            .where(FeedbackItem.current, FeedbackItem.conversation_id.is_not(None))
            .order_by(FeedbackItem.id.desc())
            .limit(40)
        ).all()
        talks = list({row.conversation_id: row.id for row in rows}.items())
        for note, (conversation_id, _item) in zip(NOTES, talks, strict=False):
            write_note(work, conversation_id, note)
        for _conversation, item_id in talks[3:5]:
            clocks.snooze(work, item_id, work.now() + timedelta(days=2))
    for name, group in (("olga", "operations"), ("omar", "operations"), ("ivan", "it")):
        _comment(app, actors[name], group, COMMENTS[("olga", "omar", "ivan").index(name)])


def _comment(app: App, who: Actor, group: str, words: str) -> None:
    with app.unit_of_work.reading() as work:
        there = select(WorkItem.id).where(WorkItem.status == WorkItemStatus.OPEN, WorkItem.group_key == group)
        task = work.session.scalar(there.order_by(WorkItem.id.desc()).limit(1))
    if task is None:
        return
    try:
        with app.unit_of_work(who) as work:
            teamwork.write_comment(work, task, words)
    except EarshotError as error:
        log.debug("a comment was not possible", task=task, reason=str(error))
