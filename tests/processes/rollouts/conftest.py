"""A live process and a second version of it that every department signed."""

from collections.abc import Callable
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.processes import rollouts
from bpm.processes.rollouts import RolloutWish
from tests.processes.conftest import GoLive
from tests.processes.models import CARE

LONGER = CARE.replace(b"Read complaint", b"Read it twice")
Begin = Callable[..., int]


def draft(app: App, source: bytes, key: str, *, signed: bool = True) -> int:
    """Deploy a further version, and let every department sign it."""
    prepared = engine.check(source, f"{key}.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, key=key)
        for department in work.settings.sign_offs if signed else ():
            engine.sign(work, version.id, department, method="console")
        return version.id


@pytest.fixture
def control(go_live: GoLive) -> int:
    return go_live(CARE, "care")


@pytest.fixture
def candidate(app: App, control: int) -> int:
    return draft(app, LONGER, "care")


@pytest.fixture
def roll_out(app: App, candidate: int) -> Begin:
    """Begins a rollout of the candidate; gives its id."""

    def begin(version_id: int | None = None, **wish: Any) -> int:
        with app.unit_of_work() as work:
            return rollouts.start_as_wished(work, "care", version_id or candidate, RolloutWish(**wish))

    return begin


def start_case(app: App, business_key: str | None = None, *, whose: int | None = None, **variables: Any) -> int:
    with app.unit_of_work() as work:
        return engine.start(work, "care", variables, business_key=business_key, whose=whose).id
