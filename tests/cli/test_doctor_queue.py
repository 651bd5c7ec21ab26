"""`earshot doctor` says who drives the queue, who is there, and when nobody works it off."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bpm.app import App
from bpm.cli.database import doctor


@pytest.fixture
def installed(app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """An installation that the command finds by its settings."""
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.url)
    monkeypatch.delenv("EARSHOT_SECRET_KEY", raising=False)
    return app


def examine(name: str) -> tuple[bool, str]:
    checks = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)["checks"]
    return next((check["ok"], check["detail"]) for check in checks if check["name"] == name)


def test_on_sqlite_the_sweeps_drive(installed: App) -> None:
    assert examine("queue is worked off") == (True, "sweeps and nudges within the process")


@pytest.mark.on_postgresql
def test_on_postgresql_it_names_driver_workers_and_what_waits(installed: App) -> None:
    with installed.unit_of_work() as work:
        work.nudge("jobs", 7)
    ok, said = examine("queue is worked off")
    assert ok
    assert said.startswith("Procrastinate; 0 workers")
    assert "1 instances wait for one" in said


@pytest.mark.on_postgresql
def test_work_that_waits_for_minutes_is_called_wrong_with_what_to_start(installed: App) -> None:
    with installed.unit_of_work() as work:
        work.nudge("jobs", 7)
    with installed.database.begin() as connection:
        connection.execute(text("UPDATE procrastinate_events SET at = at - interval '2 minutes'"))
    ok, said = examine("queue is worked off")
    assert not ok
    assert "earshot worker" in said


def test_it_says_that_several_web_processes_need_one_secret_key(installed: App) -> None:
    ok, said = examine("sessions hold")
    assert ok
    assert "EARSHOT_SECRET_KEY" in said
