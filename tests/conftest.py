"""What every test may ask for: the product on a fresh database, at an hour that stands still."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings

from bpm import schema
from bpm.app import App, build
from bpm.cli.server import heap
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from tests import compiled_once, postgres
from tests.slow import how_late, is_slow
from tests.thoroughness import TIMES

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
hypothesis_settings.load_profile("earshot")
compiled_once.set_up()
gc.disable()  # until all is collected: what is loaded stays, and walking it again and again takes a third of the time


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        marked = {mark.name for mark in metafunc.definition.iter_markers()}
        both = ["sqlite", "postgresql"] if "both_databases" in marked else ["sqlite"]
        metafunc.parametrize("database", ["postgresql"] if "on_postgresql" in marked else both, indirect=True)
    if TIMES > 1 and metafunc.definition.nodeid.startswith("tests/faults/"):
        metafunc.fixturenames.append("again")
        metafunc.parametrize("again", range(TIMES))


MEMORY, ROOM = Path("/dev/shm"), 8_000_000_000
"""Where files cost no disk, and how much has to be free there for the tests' databases to lie in it."""


def pytest_configure() -> None:
    """Databases of tests lie in memory where there is room, for each is written once and thrown away."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is slow and what is counted; once all is shuffled, begin with the files that take long.

    What is left at the end is short, so that no worker waits for the other.
    """
    for item in items:
        if is_slow(item):
            item.add_marker("slow")
        if item.nodeid.startswith("tests/faults/"):
            item.add_marker("proof")
        for mark in item.iter_markers("proof"):
            if "examples" in mark.kwargs:
                item.user_properties.append(("counts", f"{mark.kwargs['examples']} examples"))
    yield
    items.sort(key=how_late)


def pytest_collection_finish() -> None:
    """All tests and what they load are no garbage: a full search through them takes a second, hundreds of times."""
    gc.enable()
    heap.settle()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    with postgres.running(tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file: copying it is faster than migrating for every test."""
    home = tmp_path_factory.mktemp("template")
    app = build(Settings(home=home))
    schema.upgrade(app.database)
    app.database.dispose()
    return home / "earshot.db"


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a migrated, empty database: SQLite, and PostgreSQL too under the mark `both_databases`."""
    if request.param == "sqlite":
        target = tmp_path / "earshot.db"
        target.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield f"sqlite:///{target}"
        return
    with request.getfixturevalue("postgres_server").fresh_database() as url:
        yield url


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that is dear on purpose would be most of the time of the tests that sign somebody in."""
    monkeypatch.setattr("bpm.identity.people._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    return Settings(home=tmp_path, database_url=database, embedded_worker=False)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[App]:
    app = build(settings, clock=clock)
    yield app
    app.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the tests counted (killed, lost, doubled …), by the property `counts` of their reports."""
    lines = [
        f"{report.nodeid.split('::')[-1]}: {said}"
        for report in terminalreporter.stats.get("passed", [])
        for name, said in report.user_properties
        if name == "counts"
    ]
    if lines:
        terminalreporter.section("counted")
        for line in sorted(lines):
            terminalreporter.line(line)
