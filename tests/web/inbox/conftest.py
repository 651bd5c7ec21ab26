"""An advocate's browser, and items to look at."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import ClassificationResult, Evidence, RawItem
from tests.web.conftest import Browser

SAID = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


@pytest.fixture
def heard(app: App) -> Callable[..., int]:
    """Something a customer said; with `primary` it is classified. Gives the item's id."""

    def take(text: str = "The parcel never came.", primary: str = "", **fields: Any) -> int:
        values: dict[str, Any] = {"channel": "email", "source": "mail", "text": text, "said_at": SAID} | fields
        with app.unit_of_work() as work:
            item_id = feedback.receive(work, RawItem(**values)).item_id
            if primary:
                evidence = (Evidence(4, 10, text[4:10], primary, 0.7),)
                reading = ClassificationResult("m1", {primary: 0.9}, primary, -0.8, 2, "delivery", 0.9, False, evidence)
                feedback.record_classification(work, item_id, reading)
        return item_id

    return take
