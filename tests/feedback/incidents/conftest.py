"""People who report things, and advocates who speak to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem, incidents
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.feedback.conftest import reading

Report = Callable[..., int]


@pytest.fixture
def report(app: App, clock: FixedClock) -> Report:
    """Somebody reports something, and it is classified at once; gives the item's id."""
    count = iter(range(1, 100_000))

    def take(who: str = "", text: str = "", kind: str = "outage_report", topic: str = "login", **fields: Any) -> int:
        number = next(count)
        name = who or f"person{number}"
        raw = {
            "channel": "email", "source": "mail", "natural_key": f"n{number}", "author_email": f"{name}@example.org",
            "author_name": name.title(), "said_at": clock.now(), "text": text or f"Login is down for me, {number}.",
        }  # fmt: skip
        with app.unit_of_work() as work:
            item_id = feedback.receive(work, RawItem(**(raw | fields))).item_id
            feedback.record_classifications(work, {item_id: reading(kind, topic=topic, sentiment=-0.7)})
        return item_id

    return take


@pytest.fixture
def quiet_weeks(app: App) -> None:
    """Two weeks in which somebody complains every five hours, until yesterday evening."""
    raws = [
        RawItem(
            channel="email", source="mail", natural_key=f"old{hours}", author_email=f"old{hours}@example.org",
            text=f"I could not log in, {hours}.", said_at=MONDAY - timedelta(hours=hours),
        )
        for hours in range(14 * 24, 10, -5)
    ]  # fmt: skip
    with app.unit_of_work() as work:
        ids = [got.item_id for got in feedback.receive_all(work, raws)]
        feedback.record_classifications(work, {each: reading("complaint", topic="login") for each in ids})


@pytest.fixture
def outage(app: App, report: Report, advocate: Actor) -> int:
    """An incident that an advocate opened over three people's reports; gives its id."""
    ids = [report(who) for who in ("ada", "bob", "cyd")]
    with app.unit_of_work(advocate) as work:
        return incidents.open_incident(work, "Signing in fails", item_ids=ids, theme="login").id


@pytest.fixture
def acknowledged(app: App, clock: FixedClock, advocate: Actor, outage: int) -> int:
    """The same, acknowledged ten minutes later; gives its id."""
    clock.advance(timedelta(minutes=10))
    with app.unit_of_work(advocate) as work:
        next_at = clock.now() + timedelta(hours=1)
        incidents.acknowledge(work, outage, "We know that signing in fails.", next_at=next_at)
    return outage
