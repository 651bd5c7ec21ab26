"""A live process, customers who say something, and people who act."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback import ClassificationResult, RawItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import Conditions, TriggerDraft

GoLive = Callable[..., int]
Say = Callable[..., int]


@pytest.fixture
def go_live(app: App) -> GoLive:
    """Deploys a model, signs it and puts it live; gives the version's id."""

    def put(source: bytes, key: str) -> int:
        prepared = engine.check(source, f"{key}.bpmn")
        with app.unit_of_work() as work:
            version = engine.deploy(work, prepared, key=key)
            for department in work.settings.sign_offs:
                engine.sign(work, version.id, department, method="console")
            engine.go_live(work, version.id)
            return version.id

    return put


@pytest.fixture
def say(app: App, clock: FixedClock) -> Say:
    """A customer says something now and the classifier reads it at once; gives the item's id."""
    count = iter(range(1, 10_000))

    def take(text: str = "My parcel never came.", primary: str = "complaint", **fields: Any) -> int:
        number = next(count)
        raw = {
            "channel": "email",
            "source": "mail",
            "natural_key": f"mail-{number}",
            "author_email": f"customer{number}@example.org",
            "author_name": "Ada",
            "said_at": clock.now(),
        }
        claim = {
            "model_version": "m1",
            "kinds": {primary: 0.9},
            "primary": primary,
            "sentiment": -0.8,
            "urgency": 2,
            "topic": "delivery",
            "confidence": 0.9,
            "abstained": False,
        }
        raw |= {name: value for name, value in fields.items() if name not in claim}
        claim |= {name: value for name, value in fields.items() if name in claim}
        with app.unit_of_work() as work:
            item_id = feedback.receive(work, RawItem(text=text, **raw)).item_id
        with app.unit_of_work() as work:
            feedback.record_classification(work, item_id, ClassificationResult(**claim))
        return item_id

    return take


@pytest.fixture
def suffer(say: Say, clock: FixedClock) -> Say:
    """A customer whose complaint just opened a case says something while it runs; gives that item's id."""
    count = iter(range(1, 10_000))

    def take(text: str = "Still waiting for my parcel.", primary: str = "complaint", **fields: Any) -> int:
        fields.setdefault("author_email", f"waiting{next(count)}@example.org")
        kept = {name: fields[name] for name in ("author_email", "channel", "source") if name in fields}
        say("My parcel never came.", **kept)
        clock.advance(timedelta(seconds=1))
        return say(text, primary, **fields)

    return take


@pytest.fixture
def trigger(app: App) -> Callable[..., int]:
    """Saves a trigger and switches it on; gives its id."""

    def make(key: str = "care", *, on: bool = True, **fields: Any) -> int:
        conditions = fields.pop("conditions", Conditions(kinds=("complaint",)))
        with app.unit_of_work() as work:
            made = processes.save_trigger(work, TriggerDraft(definition_key=key, conditions=conditions, **fields))
            if on:
                processes.switch_on(work, made.id)
            return made.id

    return make


def make_person(app: App, username: str, role: str, *groups: str) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work,
            username,
            display_name=username.title(),
            password="a long password",
            roles=[role],
            groups=list(groups),
        )
        return identity.actor_of(user)


@pytest.fixture
def advocate(app: App) -> Actor:
    return make_person(app, "maya", "advocate", "service", "operations")


@pytest.fixture
def month(clock: FixedClock) -> tuple[datetime, datetime]:
    """The thirty days up to tomorrow."""
    return clock.now() - timedelta(days=30), clock.now() + timedelta(days=1)


@pytest.fixture
def statements(app: App) -> Callable[[], list[str]]:
    """Call it to begin to note every SQL statement; the list it gives grows."""

    def begin() -> list[str]:
        seen: list[str] = []
        event.listen(app.database, "before_cursor_execute", lambda *args: seen.append(args[2]))
        return seen

    return begin
