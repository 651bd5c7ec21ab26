"""`earshot operate`: an operator's acts without a browser."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bpm.app import App
from bpm.cli import database
from bpm.cli.operate import operate
from bpm.engine import api as engine
from tests.engine import acting
from tests.engine.models import LANES, SERVICE, TWO_TASKS, begin, go_live

Run = Callable[..., Result]


@pytest.fixture
def run(app: App, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `earshot operate` on the product's database."""
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.database_url)
    return lambda *words: CliRunner().invoke(operate, list(words))


@pytest.fixture
def broken(app: App) -> list[int]:
    """Three instances whose job nobody does."""
    go_live(app, SERVICE)
    ids = [begin(app, "service") for _ in range(3)]
    engine.sweep_jobs(app.unit_of_work, {})
    return ids


def test_failures_are_listed_and_skipped_with_values_and_a_refused_one_says_why(
    app: App, run: Run, broken: list[int]
) -> None:
    listed = json.loads(run("failures", "--json").stdout)
    assert [row["cause"] for row in listed["failures"]] == ["unknown_topic"] * 3
    done = run("skip", "1", "99", "2", "--set", "answer=7", "--set", "by=phone", "--reason", "Asked by phone.")
    assert done.exit_code == 1
    assert done.stdout == "1: passed over\n2: passed over\n"
    assert "no failure 99" in done.stderr
    assert acting.instance(app, broken[0]).variables == {"answer": 7, "by": "phone"}
    assert run("retry", "3", "--reason", "again").stdout == "3: tried again\n"


def test_instances_are_moved_suspended_resumed_and_cancelled(app: App, run: Run) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    key = str(instance_id)
    assert run("move", key, "A", "B", "--reason", "A is done.").stdout == f"{key}: moved to B\n"
    assert acting.open_elements(app) == ["B"]
    assert "not open" in run("move", key, "A", "B", "--reason", "again").stderr
    for act, status in (("suspend", "suspended"), ("resume", "active"), ("cancel", "cancelled")):
        assert run(act, key, "--reason", "Say so.").exit_code == 0
        assert acting.instance(app, instance_id).row.status == status
    assert acting.broken(app) == []


def test_a_batch_is_forecast_begun_listed_and_stopped(app: App, run: Run, broken: list[int]) -> None:
    chosen = ("--version", "1", "--cause", "unknown_topic", "--element", "Ask", "--reason", "Too many.")
    forecast = json.loads(run("batch", "skip", *chosen, "--dry-run", "--json").stdout)["forecasts"]
    assert [each["obstacle"] for each in forecast] == [None, None, None]
    begun = json.loads(run("batch", "skip", *chosen, "--json").stdout)
    assert begun == {"batch": 1, "total": 3}
    assert "batch 1, skip 3, paused: 0 done" in run("batches", "--pause", "1").stdout
    assert run("batches", "--resume", "1").exit_code == 0
    engine.sweep_batches(app.unit_of_work)
    (row,) = json.loads(run("batches", "--json").stdout)["batches"]
    assert (row["status"], row["done"]) == ("done", 3)
    assert acting.open_elements(app) == ["Read", "Read", "Read"]


def test_tokens_of_many_instances_are_moved_as_a_batch(app: App, run: Run) -> None:
    go_live(app, TWO_TASKS)
    for _ in range(3):
        begin(app, "two")
    acting.complete(app, "A")
    chosen = ("--version", "1", "--status", "active", "--element", "A", "--to", "B", "--reason", "A is done.")
    assert "2 targets" in run("batch", "move", *chosen).stdout
    engine.sweep_batches(app.unit_of_work)
    assert acting.open_elements(app) == ["B", "B", "B"]
    assert acting.broken(app) == []


def test_the_doctor_names_what_stands_still_without_calling_it_wrong(app: App, run: Run) -> None:
    go_live(app, LANES)
    begin(app, "lanes")
    told = CliRunner().invoke(database.doctor, ["--json"])
    (check,) = [each for each in json.loads(told.stdout)["checks"] if each["name"] == "what stands still"]
    assert check["ok"] is True
    assert "Customer Service" in check["detail"]
    assert told.exit_code == 0
    assert "unstaffed, instance 1 of lanes" in run("failures").stdout
