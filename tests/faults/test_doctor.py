"""`earshot doctor` sees what the faults are tried for: each rule broken by hand is named, and the exit code says so."""

import json

import pytest
from click.testing import CliRunner

from bpm.app import App
from bpm.cli.database import doctor
from tests.engine.models import ONE_TASK, begin, go_live
from tests.engine.operations.test_invariants import BREAKS


@pytest.fixture
def running(app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """An installation with one instance in it, found by its settings as the command finds it."""
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.url)
    monkeypatch.setenv("EARSHOT_SECRET_KEY", app.settings.secret_key)
    go_live(app, ONE_TASK)
    begin(app, "one")
    return app


def examine() -> tuple[int, bool, str]:
    """(exit code, healthy, what it said)"""
    said = CliRunner().invoke(doctor, ["--json"])
    return said.exit_code, json.loads(said.stdout)["healthy"], said.stdout


def test_a_sound_installation_is_called_healthy(running: App) -> None:
    assert examine()[:2] == (0, True)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_named_by_the_doctor(running: App, name: str) -> None:
    statement, says = BREAKS[name]
    with running.unit_of_work() as work:
        work.session.execute(statement)
    code, healthy, said = examine()
    assert (code, healthy) == (1, False)
    assert says in said
