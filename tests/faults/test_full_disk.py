"""The disk of the database is full: what was committed stays, the error says so, and it goes on once there is room."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from bpm.app import App
from bpm.engine.models import ProcessInstance
from bpm.foundation.settings import Settings
from tests import postgres
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.room import Disk, can_mount, small_disk
from tests.faults.world import Tally, asking, broken, jobs_left, tally
from tests.web.conftest import Browser, signed_in
from web import create_app

__all__ = ["signed_in"]

MOUNTED = ["SQLite on a full disk", "PostgreSQL on a full disk"] if can_mount() else []
"""Where no disk can be mounted, SQLite's own limit stands for it; PostgreSQL has none."""


@dataclass
class Room:
    """A database with little room, and how it gets none and some."""

    url: str
    fill: Callable[[App], None]
    make_room: Callable[[App], None]


@pytest.fixture(params=[*MOUNTED, "SQLite at its page limit"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        if request.param == "SQLite at its page limit":
            yield _limited(request, tmp_path)
        elif request.param == "SQLite on a full disk":
            disk = stack.enter_context(small_disk(tmp_path / "disk", megabytes=12))
            shutil.copy(request.getfixturevalue("sqlite_template"), disk.folder / "earshot.db")
            yield _on(disk, f"sqlite:///{disk.folder / 'earshot.db'}", leave=300_000)
        else:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="earshot-disk-")))
            folder.chmod(0o755)
            disk = stack.enter_context(small_disk(folder / "small", megabytes=64))
            cluster: postgres.Cluster = request.getfixturevalue("own_cluster")
            yield _on(disk, stack.enter_context(cluster.on_disk(disk.folder)), leave=100_000)


def _on(disk: Disk, url: str, *, leave: int) -> Room:
    return Room(url, lambda _app: disk.fill(leave=leave), lambda _app: disk.make_room())


def _limited(request: pytest.FixtureRequest, tmp_path: Path) -> Room:
    """SQLite refuses pages past a limit in the same words as when the disk is full."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "earshot.db")
    limit = [0]

    def keep_to_it(connection: Any, *_rest: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0] or 2**30}")

    def fill(app: App) -> None:
        with app.database.connect() as connection:
            limit[0] = connection.execute(text("PRAGMA page_count")).scalar_one() + 4
        event.listen(app.database, "checkout", keep_to_it)

    def make_room(_app: App) -> None:
        limit[0] = 0

    return Room(f"sqlite:///{tmp_path / 'earshot.db'}", fill, make_room)


@pytest.fixture
def settings(tmp_path: Path, room: Room) -> Settings:
    return Settings(home=tmp_path, database_url=room.url, embedded_worker=False)


@pytest.fixture
def web(live_app: App) -> Flask:
    return create_app(live_app)


@pytest.fixture
def app(live_app: App) -> App:
    return live_app


def test_a_full_disk_costs_no_commit_says_so_and_is_over_when_there_is_room(
    live_app: App, staff: Crew, room: Room, signed_in: Callable[..., Browser], count: Count
) -> None:
    asked = asking(live_app, 20)
    browser = signed_in("ann", "operator", "staff")
    sent = {"csrf_token": browser.token(), "free values": "text = " + "x" * 2_000}

    def start() -> Any:
        return browser.client.post("/processes/asking/start", data=sent)

    room.fill(live_app)
    worker = staff.start("worker")
    kept, refused = 0, None
    while refused is None:
        answer = start()
        kept += answer.status_code == 303
        refused = answer if answer.status_code != 303 else None
    assert refused.status_code == 507
    assert "The database has no room left" in unescape(refused.get_data(as_text=True))
    assert _instances(live_app) == len(asked) + kept
    assert browser.get("/processes/asking").status_code == 200
    assert broken(live_app) == []

    room.make_room(live_app)
    assert start().status_code == 303
    assert _instances(live_app) == len(asked) + kept + 1
    staff.until(lambda: jobs_left(live_app) == 0, what="the end of all jobs")
    assert staff.stop(worker) == 0
    found = tally(live_app, asked)
    count(kept=kept + len(asked), lost=found.lost, doubled=found.doubled, stuck=found.stuck)
    assert found == Tally(lost=0, doubled=0, stuck=0), staff.said()
    assert broken(live_app) == []


def _instances(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0
