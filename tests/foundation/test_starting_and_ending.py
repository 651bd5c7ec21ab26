"""Processes start beside one another on a database that none has seen, and end when they are told to."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from alembic.config import Config
from sqlalchemy import inspect, select, text

from bpm import schema
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.models import Job
from bpm.foundation.settings import Settings
from tests.foundation.processes import ONE_JOB, put_live, running, said

SLOW_WORKER = """
import time
from bpm.cli import main
from bpm.processes import service_tasks

def slow(work, call):
    print("the job is under way", flush=True)
    time.sleep(1.5)
    return {}

service_tasks.SERVICE_TASKS["tracking.lookup"] = slow
main()
"""


def empty(app: App) -> None:
    """The database as nobody has seen it yet."""
    if app.database.dialect.name == "sqlite":
        app.database.dispose()
        for file in app.settings.home.glob("earshot.db*"):
            file.unlink()
    else:
        with app.database.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    assert inspect(app.database).get_table_names() == []


@pytest.mark.both_databases
def test_processes_that_start_at_once_migrate_once(app: App) -> None:
    empty(app)
    with ExitStack() as stack:
        several = [stack.enter_context(running(app, "migrate")) for _ in range(2)]
        outputs = [process.communicate(timeout=120)[0] for process in several]
        assert [process.returncode for process in several] == [0, 0], outputs
        assert all(schema.newest() in output for output in outputs)
    schema.demand_newest(app.database)
    assert "process_instance" in inspect(app.database).get_table_names()


@pytest.mark.both_databases
def test_a_migration_that_breaks_leaves_the_schema_as_it_was(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    empty(app)
    schema.upgrade(app.database, to="0001")
    before = set(inspect(app.database).get_table_names())
    upgrade = schema.command.upgrade

    def break_late(config: Config, _revision: str) -> None:
        upgrade(config, "0010")
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(schema.command, "upgrade", break_late)
        with pytest.raises(RuntimeError):
            schema.upgrade(app.database)
    assert schema.current(app.database) == "0001"
    assert set(inspect(app.database).get_table_names()) == before
    schema.upgrade(app.database)
    schema.demand_newest(app.database)


@pytest.mark.both_databases
def test_a_process_goes_on_beside_those_of_a_newer_release(app: App) -> None:
    with app.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-tomorrow'"))
    schema.demand_newest(app.database)
    schema.upgrade(app.database)
    assert schema.current(app.database) == "from-tomorrow"


@pytest.fixture
def real(settings: Settings) -> Iterator[App]:
    """The product at the hour that it is: other processes share its database."""
    app = build(settings)
    yield app
    app.close()


@pytest.fixture
def slow_worker(real: App) -> Iterator["subprocess.Popen[str]"]:
    """A worker in the middle of a job that takes a while."""
    put_live(real, ONE_JOB)
    with real.unit_of_work() as work:
        engine.start(work, "lookup", {})
    with running(real, "worker", program=SLOW_WORKER) as process:
        said(process, "the job is under way")
        yield process


def job(app: App) -> tuple[str, int, str | None]:
    with app.unit_of_work.reading() as work:
        row = work.session.execute(select(Job.status, Job.attempts, Job.lease_owner)).one()
        return row[0], row[1], row[2]


@pytest.mark.both_databases
def test_a_worker_finishes_what_it_does_and_ends(slow_worker: "subprocess.Popen[str]", real: App) -> None:
    slow_worker.send_signal(signal.SIGTERM)
    assert slow_worker.wait(timeout=10) == 0
    assert job(real) == ("done", 1, None)


@pytest.mark.both_databases
def test_told_twice_it_ends_at_once_and_keeps_its_lease(slow_worker: "subprocess.Popen[str]", real: App) -> None:
    slow_worker.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    slow_worker.send_signal(signal.SIGTERM)
    assert slow_worker.wait(timeout=1) == 128 + signal.SIGTERM  # what it does takes longer
    status, attempts, owner = job(real)
    assert (status, attempts) == ("leased", 1)
    assert owner
