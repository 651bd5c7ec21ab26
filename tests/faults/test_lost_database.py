"""Sessions of the database ended, the server crashed under load: the processes go on by themselves, nothing is lost."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bpm.app import App
from bpm.foundation.settings import Settings
from tests import postgres
from tests.engine.models import ONE_TASK, go_live
from tests.faults.browsing import Clicking, Visitor, free_port, hire, opened
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.world import (
    Tally,
    asking,
    broken,
    completed_steps,
    effects,
    jobs_left,
    open_items,
    start_many,
    tally,
    workers_heard_of,
)

JOBS, ITEMS = 150, 60
SESSIONS, CRASHES = 12, 3


@pytest.fixture
def settings(tmp_path: Path, own_cluster: postgres.Cluster) -> Iterator[Settings]:
    with own_cluster.server.fresh_database() as url:
        yield Settings(home=tmp_path, database_url=url, embedded_worker=False)


@pytest.fixture
def load(live_app: App, staff: Crew) -> tuple[list[int], list[int], Clicking]:
    """Two workers and one web process at work: (instances with a job, with a work item, who clicks)."""
    hire(live_app, "ann", "bob")
    go_live(live_app, ONE_TASK)
    read = start_many(live_app, "one", ITEMS)
    items = open_items(live_app)
    port = free_port()
    opened(staff, port)
    clicking = Clicking([Visitor(port).sign_in(name) for name in ("ann", "bob")], items)
    asked = asking(live_app, JOBS)
    for _ in range(2):
        staff.start("worker")
    staff.until(lambda: len(workers_heard_of(live_app)) == 2, what="the start of two workers")
    return asked, read, clicking


def nothing_lost(app: App, staff: Crew, load: Any, count: Count, **counts: int) -> None:
    asked, read, clicking = load
    clicking.wait()
    staff.until(lambda: jobs_left(app) == 0, what="the end of all jobs")
    assert all(process.is_alive() for process in staff.members), staff.said()
    found, steps = tally(app, asked), completed_steps(app)
    lost, doubled = len(set(read) - set(steps)), sum(steps.values()) - len(steps)
    count(
        **counts, jobs=JOBS, completions=ITEMS, lost=found.lost + lost, doubled=found.doubled + doubled,
        stuck=found.stuck,
    )  # fmt: skip
    assert found == Tally(lost=0, doubled=0, stuck=0), staff.said()
    assert (lost, doubled) == (0, 0)
    assert clicking.unclear() == []
    assert broken(app) == []


def test_twelve_sessions_ended_under_workers_and_web_lose_nothing(
    live_app: App, staff: Crew, load: Any, count: Count
) -> None:
    mine = text("SELECT pg_backend_pid()")
    theirs = text(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND application_name <> 'watching' ORDER BY query_start DESC"
    )
    ended = 0
    watching = create_engine(live_app.settings.url, connect_args={"application_name": "watching"})
    with watching.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.scalar(mine)
        live_app.database.dispose()
        while ended < SESSIONS:
            busiest = connection.execute(theirs).scalars().first()
            if busiest is not None:
                ended += bool(connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": busiest}))
            time.sleep(0.05)
    watching.dispose()
    nothing_lost(live_app, staff, load, count, ended=ended)


def test_three_crashes_of_the_server_lose_nothing_and_everybody_goes_on_by_themselves(
    live_app: App, staff: Crew, load: Any, count: Count, own_cluster: postgres.Cluster
) -> None:
    for _ in range(CRASHES):
        before = sum(effects(live_app).values())
        staff.until(
            lambda seen=before: sum(effects(live_app).values()) > seen + 5, what="some work between two crashes"
        )
        live_app.database.dispose()
        own_cluster.crash()
        time.sleep(0.2)
        own_cluster.start()
    nothing_lost(live_app, staff, load, count, crashed=CRASHES)
