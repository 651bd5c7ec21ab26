"""Who owns the complaint process together, a goal of two of them, and two customers who would do it their way."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Actor
from bpm.processes import own_ways, ownership
from bpm.processes.own_ways import WaySource
from bpm.processes.ownership import GoalDraft

KEY = "complaint_to_resolution"
OWNERS = {"marketing": "mia", "it": "noor", "operations": "omar"}
WAYS = (
    ("Acknowledge and sort complaint", "Send me a photo of what you found", "Put order right", "Tell me the outcome"),
    ("Put order right", "Send me a photo of what you found", "Tell customer the outcome"),
)


def own(app: App, actors: dict[str, Actor]) -> None:
    """Name the owners, mark what is never left out, set a goal, and hand in two ways."""
    people = {function: actors[name].user_id or 0 for function, name in OWNERS.items()}
    with app.unit_of_work(actors["mia"]) as work:
        ownership.set_owners(work, KEY, people, actors["ada"].user_id, reason="Complaints are everybody's.")
        due = (work.now() + timedelta(days=90)).date()
        goal = GoalDraft(
            "Nobody waits two days for an answer", "first_answer", 48 * 3600.0, due, ("it", "marketing"), KEY
        )
        ownership.save_goal(work, goal)
        own_ways.mark_mandatory(work, KEY, "tell_outcome", "A complaint ends when a person told what became of it.")
    with app.unit_of_work(actors["ada"]) as work:
        customers = work.session.scalars(
            select(FeedbackItem.customer_id)
            .where(FeedbackItem.customer_id.is_not(None))
            .group_by(FeedbackItem.customer_id)
            .order_by(FeedbackItem.customer_id)
            .limit(len(WAYS))
        ).all()
        for customer_id, steps in zip(customers, WAYS, strict=False):
            own_ways.hand_in(work, KEY, customer_id or 0, steps, source=WaySource.TYPED)
