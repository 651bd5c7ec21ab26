"""What tests of the feedback room may ask for: a person who acts, and items by one short call."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import ClassificationResult, RawItem
from bpm.foundation.work import Actor

SAID = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def said(text: str = "The parcel never came.", **fields: Any) -> RawItem:
    """Something a customer said, an hour before the tests' now minus a day."""
    return RawItem(**({"channel": "email", "source": "mail", "text": text, "said_at": SAID} | fields))


def reading(primary: str = "complaint", **fields: Any) -> ClassificationResult:
    """What a classifier might make of it."""
    values: dict[str, Any] = {
        "model_version": "m1",
        "kinds": {primary: 0.9},
        "primary": primary,
        "sentiment": -0.8,
        "urgency": 2,
        "topic": "delivery",
        "confidence": 0.9,
        "abstained": False,
    }
    return ClassificationResult(**(values | fields))


@pytest.fixture
def advocate(app: App) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, "maya", display_name="Maya", password="long enough now", roles=["advocate"], groups=["service"]
        )
        return identity.actor_of(user)


@pytest.fixture
def receive(app: App) -> Callable[..., int]:
    """Take one item in; gives its id."""

    def take(text: str = "The parcel never came.", **fields: Any) -> int:
        with app.unit_of_work() as work:
            return feedback.receive(work, said(text, **fields)).item_id

    return take
