"""The product on a fresh database with real processes around it, and counts that stand in the report."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bpm.app import App, build
from bpm.foundation.clock import SystemClock
from bpm.foundation.settings import Settings
from tests import postgres
from tests.faults.crew import Crew, crew

Count = Callable[..., None]

EFFECT = "CREATE TABLE effect (id {serial} PRIMARY KEY, instance_id INTEGER, job_id INTEGER, pid INTEGER)"


def make_effects(app: App) -> None:
    """The table that the service task `ask` writes to; nothing in it keeps a second row of a job out."""
    serial = "SERIAL" if app.database.dialect.name == "postgresql" else "INTEGER"
    with app.database.begin() as connection:
        connection.execute(text(EFFECT.format(serial=serial)))


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL that only these tests use: what happens to it hurts no other."""
    with postgres.cluster("faults", options="-F") as made:
        yield made


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Says what was counted: `count(killed=48, lost=0)`; it stands in the report and at the end of the run."""

    def say(**counts: int) -> None:
        record_property("counts", ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))

    return say


@pytest.fixture
def live_app(settings: Settings) -> Iterator[App]:
    """The product by the clock on the wall, as the processes beside it see it."""
    app = build(settings, clock=SystemClock())
    make_effects(app)
    yield app
    app.close()


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """What makes a process use the same database."""
    return environment_of(settings)


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "EARSHOT_HOME": str(settings.home),
        "EARSHOT_DATABASE_URL": settings.url,
        "EARSHOT_SECRET_KEY": settings.secret_key,
        "EARSHOT_EMBEDDED_WORKER": "false",
        "EARSHOT_THREADS": "8",
        "EARSHOT_WEB_PROCESSES": "1",
        "EARSHOT_LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def staff(tmp_path: Path, environment: dict[str, str]) -> Iterator[Crew]:
    """Starts real processes on the test's database, and ends them with it."""
    with crew(tmp_path, environment) as made:
        yield made
