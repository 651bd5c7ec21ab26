"""`earshot doctor` names wrong clocks, workers that hang, leases of nobody, imports that stand; and its own limits."""

import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update

from bpm.app import App, build
from bpm.cli.database import LOOKS, doctor
from bpm.engine import api as engine
from bpm.engine.models import EventSubscription, Job, WorkerHeartbeat
from bpm.feedback.models import ImportRun
from bpm.foundation.database_clock import DatabaseClock
from bpm.foundation.settings import Settings
from tests.engine.models import SERVICE, TIMER, begin, go_live

pytestmark = pytest.mark.both_databases

HERE = f"{socket.gethostname()}:{os.getpid()}"
"""As the heartbeat of this very process, which lives, would be called."""


@pytest.fixture
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An installation by the database's clock, which the command finds by its settings."""
    monkeypatch.setenv("EARSHOT_HOME", str(settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", settings.url)
    monkeypatch.setenv("EARSHOT_SECRET_KEY", settings.secret_key)
    app = build(settings)
    yield app
    app.close()


def examined() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)
    return said


def check(name: str) -> tuple[bool, str]:
    return next((each["ok"], each["detail"]) for each in examined()["checks"] if each["name"] == name)


def heard(app: App, name: str, **values: Any) -> None:
    """A worker's heartbeat, of a quarter of an hour ago unless `values` say otherwise."""
    then = app.clock.now() - timedelta(minutes=15)
    row = {"name": name, "started_at": then, "seen_at": then, "done": 0, "skew_ms": 0, "left_at": None, **values}
    with app.unit_of_work() as work:
        work.session.execute(insert(WorkerHeartbeat).values(row))


def test_a_sound_installation_is_healthy_and_says_what_was_not_looked_at(installed: App) -> None:
    said = examined()
    assert said["healthy"], said
    assert [each["name"] for each in said["checks"]][2:] == [name for name, _look in LOOKS]
    unseen = " ".join(said["not_looked_at"])
    assert "other machines" in unseen
    assert ("PostgreSQL" in unseen) is (installed.database.dialect.name == "postgresql")
    assert "not looked at: processes on other machines" in CliRunner().invoke(doctor).stdout


def test_what_could_not_be_looked_at_is_said_when_the_database_is_not_ready(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("EARSHOT_DATABASE_URL", raising=False)
    said = examined()
    assert not said["healthy"]
    assert "leases are kept" in said["not_looked_at"]


def test_a_worker_with_a_wrong_clock_is_named(installed: App) -> None:
    now = installed.clock.now()
    heard(installed, "ahead:1", seen_at=now, skew_ms=2 * 86_400_000)
    heard(installed, "tomorrow:2", seen_at=now + timedelta(days=1))
    heard(installed, "gone:3", skew_ms=86_400_000, left_at=now)
    ok, said = check("clocks agree")
    assert not ok
    assert "worker ahead:1 is 172800 s ahead of the database's" in said
    assert "worker tomorrow:2 was heard of in the future" in said
    assert "gone:3" not in said
    assert "NTP" in said


def test_the_doctors_own_wrong_clock_is_named(installed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def behind(self: DatabaseClock, **_: Any) -> timedelta:
        return timedelta(hours=-2)

    monkeypatch.setattr(DatabaseClock, "measure", behind)
    ok, said = check("clocks agree")
    assert not ok
    assert "here: its clock is 7200 s behind" in said


def test_a_worker_that_lives_and_is_not_heard_of_hangs(installed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpm.engine.queries.worker_checks.process_lives", lambda _worker, **_: True)
    heard(installed, HERE)
    ok, said = check("workers are heard of")
    assert not ok
    assert HERE in said
    assert "hangs" in said


def test_a_worker_whose_process_is_gone_or_elsewhere_is_told_but_not_wrong(installed: App) -> None:
    # The process of that number is this one, which began after the worker was last heard of.
    heard(installed, HERE, seen_at=installed.clock.now() - timedelta(hours=20))
    heard(installed, "elsewhere:1")
    heard(installed, "goodbye:1", left_at=installed.clock.now())
    ok, said = check("workers are heard of")
    assert ok
    assert "2 are silent" in said
    assert "its process is gone" in said
    assert "elsewhere:1" in said
    assert "goodbye" not in said


def test_a_worker_busy_with_a_long_job_does_not_hang(installed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpm.engine.queries.worker_checks.process_lives", lambda _worker, **_: True)
    _leased(installed, until=installed.clock.now() + timedelta(minutes=4), owner=f"{HERE}:abc:1")
    heard(installed, HERE)
    ok, said = check("workers are heard of")
    assert ok
    assert "busy with a job" in said


@pytest.mark.parametrize(
    ("until", "says"),
    [(timedelta(days=2), "longer than any worker leases"), (timedelta(minutes=-30), "lost its worker")],
)
def test_a_lease_that_no_worker_made_or_that_nobody_took_up_is_named(
    installed: App, until: timedelta, says: str
) -> None:
    _leased(installed, until=installed.clock.now() + until, owner="somebody:1:abc:1")
    ok, said = check("leases are kept")
    assert not ok
    assert says in said
    assert "somebody:1" in said


def test_jobs_and_timers_that_nobody_does_are_wrong_on_every_database(installed: App) -> None:
    go_live(installed, SERVICE, TIMER)
    first, second = begin(installed, "service"), begin(installed, "timer")
    assert check("what is due is done")[0]
    long_ago = installed.clock.now() - timedelta(hours=1)
    with installed.unit_of_work() as work:
        work.session.execute(update(Job).values(run_at=long_ago))
        work.session.execute(update(EventSubscription).values(due_at=long_ago))
    ok, said = check("what is due is done")
    assert not ok
    assert "1 jobs are due" in said
    assert "1 timers are due" in said
    with installed.unit_of_work() as work:
        for instance_id in (first, second):
            engine.suspend(work, instance_id, reason="later")
    assert check("what is due is done")[0]


def test_an_import_that_stands_is_named_and_one_that_failed_is_told(installed: App) -> None:
    _import(installed, "poison.mbox", "running", at=installed.clock.now() - timedelta(hours=3))
    _import(installed, "new.csv", "waiting", at=installed.clock.now())
    ok, said = check("imports go on")
    assert not ok
    assert "poison.mbox" in said
    assert "new.csv" not in said
    with installed.unit_of_work() as work:
        work.session.execute(update(ImportRun).values(status="failed"))
    ok, said = check("imports go on")
    assert ok
    assert "2 failed" in said


def _leased(app: App, *, until: datetime, owner: str) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    with app.unit_of_work() as work:
        work.session.execute(update(Job).values(status="leased", lease_owner=owner, lease_until=until, attempts=1))


def _import(app: App, name: str, status: str, *, at: datetime) -> None:
    with app.unit_of_work() as work:
        run = ImportRun(
            file_name=name, format="csv", channel="email", source="shop", mapping={}, status=status, created_at=at
        )
        work.session.add(run)
