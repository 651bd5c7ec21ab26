"""What every test may ask for: the product on a fresh database, at an hour that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpm.app import App, build
from bpm.clock import FixedClock
from bpm.db import Base
from bpm.settings import Settings

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, secret_key="for tests only", embedded_worker=False)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[App]:
    app = build(settings, clock=clock)
    Base.metadata.create_all(app.database)
    yield app
    app.database.dispose()
