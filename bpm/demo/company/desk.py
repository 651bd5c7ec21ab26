"""What the demo's desk settled for itself: measures that steer, what customers were given, and what may stop."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Actor
from bpm.processes import economics, goodwill
from bpm.processes.goodwill import Wish
from bpm.processes.reports.kpis import make_kpi
from bpm.processes.status import Purpose

KPIS = (
    ("first_answer", "How many of us answer when.", "Most second complaints of last year asked for a first word."),
    (
        "promises_kept",
        "Which department promises too early.",
        "Who was let down comes back twice as often.",
    ),
)
GIVEN = ("A month without the fee", 1_950, 800, "The bill was wrong for the second time.")
STOPPED = ("Stop the newsletter by mail", "Nobody answered it in half a year, and it brings questions.")


def settle(app: App, actors: dict[str, Actor]) -> None:
    """Two measures are named, gestures are given to who complained, and a manager asks what may stop."""
    with app.unit_of_work(actors["mia"]) as work:
        for name, purpose, evidence in KPIS:
            make_kpi(work, name, purpose=purpose, evidence=evidence)
        until = work.now()
        since = until - timedelta(days=28)
        keys = [row.key for row in economics.list_doings(work, since=since, until=until).rows if "email" in row.key]
        if keys:
            title, why = STOPPED
            economics.propose_stop(work, keys[:1], title=title, reason=why, since=since, until=until)
    with app.unit_of_work(actors["sam"]) as work:
        what, amount, cost, why = GIVEN
        angry = (
            select(FeedbackItem.id)
            .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
            .where(FeedbackItem.current, Classification.primary == "complaint", Classification.urgency >= 1)
            .order_by(FeedbackItem.id.desc())
            .limit(3)
        )
        for item in work.session.scalars(angry).all():
            goodwill.give(work, item, Wish(what, amount, cost, Purpose.SERVICE, why))
