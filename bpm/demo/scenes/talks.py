"""Managers of the demo talk to customers: one did and wrote down what they heard, one could not, one is to come."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback.models import ContactPoint
from bpm.feedback.people.consent import give_consent
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.processes import improvements, two_way
from bpm.processes.improvements import ImprovementFilter
from bpm.processes.models import CustomerTalk
from bpm.processes.two_way import About, TalkDraft

log = logger(__name__)

TALKED = "“I do not mind waiting. I mind asking. Tell me on the second day that it takes a week, and I do not call.”"
TALKS = (
    ("omar", "call", "What would they have wanted to hear, and when?", ("talked", TALKED)),
    (
        "noor",
        "call",
        "Where did they look before they wrote?",
        ("not_reached", "Tried it three times, at noon and late."),
    ),
    ("omar", "meet", "Bring the letter and go through it together.", None),
)
"""(who talks, how, why, what came of it); the last one is still to come."""


def talk(app: App, actors: dict[str, Actor]) -> None:
    """Customers who spoke for the newest improvements agree to be talked to, and managers do."""
    clock = FixedClock(app.clock.now() - timedelta(days=4))
    past = replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))
    with past.unit_of_work(actors["ada"]) as work:
        rows = improvements.list_improvements(work, ImprovementFilter()).rows[:8]
        abouts = [About(improvement_id=row.id) for row in rows]
        whom = [(about, each) for about in abouts for each in two_way.candidates_of(work, about).left_out]
        chosen = {each.customer_id: about for about, each in reversed(whom) if each.customer_id is not None}
        asked = list(chosen.items())[: len(TALKS)]
        for customer_id, _about in asked:
            theirs = select(ContactPoint.id).where(ContactPoint.customer_id == customer_id)
            point = work.session.scalar(theirs.order_by(ContactPoint.id).limit(1))
            if point is not None:
                give_consent(work, point, purpose="research", channel="call", given_by="Said so on the telephone.")
    for (customer_id, about), (who, kind, why, came) in zip(asked, TALKS, strict=False):
        try:
            with past.unit_of_work(actors["mia"]) as work:
                talk_id = two_way.ask_talk(
                    work, about, TalkDraft(customer_id or 0, kind, why, user_id=actors[who].user_id)
                )
            if came is not None:
                _happened(past, actors[who], talk_id, came)
        except EarshotError as error:
            log.debug("a talk was not possible", customer=customer_id, reason=str(error))


def _happened(app: App, who: Actor, talk_id: int, came: tuple[str, str]) -> None:
    outcome, note = came
    with app.unit_of_work(who) as work:
        case = work.session.get_one(CustomerTalk, talk_id).instance_id
        task = work.session.scalars(
            select(WorkItem).where(WorkItem.instance_id == case, WorkItem.status == WorkItemStatus.OPEN)
        ).one()
        if task.assignee_id is None:
            engine.claim(work, task.id)
        engine.complete(work, task.id, {"outcome": outcome, "note": note})
