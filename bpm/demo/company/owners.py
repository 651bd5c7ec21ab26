"""Who owns the demo's processes together, who has which part, goals of two functions, and customers' own ways."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.engine import queries
from bpm.feedback.models import Classification, Customer, FeedbackItem
from bpm.foundation.work import Actor, Work
from bpm.processes import own_ways, ownership
from bpm.processes.own_ways import WaySource
from bpm.processes.ownership import GoalDraft

KEY = "complaint_to_resolution"
OWNERS = {"marketing": "mia", "it": "noor", "operations": "omar"}
GOALS = (
    ("Nobody waits two days for an answer", "first_answer", 48 * 3600.0, ("it", "marketing"), KEY),
    ("A refund is a matter of two days", "waiting", 48 * 3600.0, ("operations", "marketing"), "returns"),
    ("Nine of ten promises are kept in time", "promises_kept", 0.9, ("service", "operations", "it"), ""),
)
"""Title, measure, target, functions, process."""
PARTS = (("put_order_right", "service", "I"), ("fix_fault", "operations", "C"), ("tell_outcome", "marketing", "C"))
"""What the lanes do not say."""
WAYS = (
    ("Acknowledge and sort complaint", "Send me a photo of what you found", "Put order right", "Tell me the outcome"),
    ("Put order right", "Send me a photo of what you found", "Tell customer the outcome"),
)


def own(app: App, actors: dict[str, Actor]) -> None:
    """Name the owners and parts, mark what is never left out, set goals, hand in two ways and accept one."""
    people = {function: actors[name].user_id or 0 for function, name in OWNERS.items()}
    with app.unit_of_work(actors["mia"]) as work:
        for key in (KEY, "returns"):
            ownership.set_owners(work, key, people, actors["ada"].user_id, reason="It is everybody's.")
        for title, measure, target, functions, key in GOALS:
            due = (work.now() + timedelta(days=90)).date()
            ownership.save_goal(work, GoalDraft(title, measure, target, due, functions, key))
        live = queries.find_live_version(work, KEY)
        if live is not None:
            for element, function, letters in PARTS:
                ownership.give_part(work, live.id, element, function, letters)
        own_ways.mark_mandatory(work, KEY, "tell_outcome", "A complaint ends when a person told what became of it.")
    _let_in_ways(app, actors)


def _let_in_ways(app: App, actors: dict[str, Actor]) -> None:
    """Two customers would do it their way; a case runs on the one that was accepted."""
    with app.unit_of_work(actors["ada"]) as work:
        said = _complaints(work)
        ways = [
            own_ways.hand_in(work, KEY, item.customer_id or 0, steps, source=WaySource.TYPED)
            for item, steps in zip(said, WAYS, strict=False)
        ]
        for way in ways[:1]:
            for place, step in enumerate(own_ways.get_way(work, way).steps):
                if not step.is_sure:
                    own_ways.pair(work, way, place, step.element)
    if not ways:
        return
    with app.unit_of_work(actors["mia"]) as work:
        own_ways.accept(work, ways[0], reason="She asked twice for a picture: it costs us a minute.")
    with app.unit_of_work(actors["sam"]) as work:
        own_ways.start_on_way(work, ways[0], _brought_by(said[0]))


def _complaints(work: Work) -> list[FeedbackItem]:
    """The newest complaint of each of two customers with a name."""
    rows = work.session.scalars(
        select(FeedbackItem)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .join(Customer, Customer.id == FeedbackItem.customer_id)
        .where(FeedbackItem.current, Classification.primary == "complaint", Customer.name != "")
        .order_by(FeedbackItem.id.desc())
        .limit(50)
    )
    return list({item.customer_id: item for item in rows}.values())[: len(WAYS)]


def _brought_by(item: FeedbackItem) -> dict[str, object]:
    """What a trigger would have brought."""
    return {
        "item_id": item.id, "conversation_id": item.conversation_id, "customer_name": item.author_name,
        "channel": item.channel, "kind": "complaint", "text": item.text,
    }  # fmt: skip
