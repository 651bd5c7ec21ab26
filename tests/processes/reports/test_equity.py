"""Answers to those whom many follow, and to all others: injected bias is found, and none is found where none is."""

import random
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem
from bpm.feedback.models import Reply
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes.reports.equity import Group, answered_alike
from tests.processes.conftest import advocate

__all__ = ["advocate"]


def heard(app: App, clock: FixedClock, advocate: Actor, *, faster: float, seed: int) -> dict[tuple[str, str], Group]:
    """200 posts, all answered; those of the quarter that most people follow `faster` times as fast."""
    chance = random.Random(seed)
    now = clock.now()
    said = [
        RawItem(
            channel="social", source="posts", natural_key=f"{seed}-{place}", text=f"Post {place}",
            said_at=now - timedelta(days=10, minutes=place), author_id=f"{seed}-{place}", language="en",
            extra={"followers_count": place * 10, "segment": ("gold", "plain")[place % 2]},
        )
        for place in range(200)
    ]  # fmt: skip
    with app.unit_of_work() as work:
        ids = [each.item_id for each in feedback.receive_all(work, said)]
    with app.unit_of_work(advocate) as work:
        for place, item_id in enumerate(ids):
            item = work.session.get_one(feedback.models.FeedbackItem, item_id)
            hours = chance.lognormvariate(1.5, 0.8) / (faster if place >= 150 else 1)
            work.session.add(
                Reply(
                    item_id=item_id, conversation_id=item.conversation_id, author_user_id=advocate.user_id or 0,
                    approved_at=now, text="Here.", channel="social",
                    sent_at=now - timedelta(days=10, minutes=place) + timedelta(hours=hours),
                )
            )  # fmt: skip
    with app.unit_of_work.reading() as work:
        groups = answered_alike(work, since=now - timedelta(days=30), until=now, segment="segment")
    return {(group.by, group.name): group for group in groups}


def test_those_whom_many_follow_are_not_answered_twice_as_fast_unseen(
    app: App, clock: FixedClock, advocate: Actor
) -> None:
    found = heard(app, clock, advocate, faster=2.0, seed=1)
    assert "time" in found["reach", "4"].flagged
    beside = found["reach", "4"].time_beside
    assert beside is not None
    assert beside.low < 0.5 < beside.high < 1
    assert not found["segment", "gold"].flagged


@pytest.mark.parametrize("seed", [2, 3])
def test_nothing_is_flagged_where_all_are_answered_alike(
    app: App, clock: FixedClock, advocate: Actor, seed: int
) -> None:
    found = heard(app, clock, advocate, faster=1.0, seed=seed)
    assert [name for name, group in found.items() if group.flagged] == []
