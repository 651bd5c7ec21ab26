"""`earshot rollout` sets a version beside the live one, says how it stands, and stops it."""

import json

from bpm.app import App
from tests.cli.test_models import home, run
from tests.engine.migration.test_migration import WITHOUT_B
from tests.engine.models import TWO_TASKS, begin, go_live
from tests.processes.rollouts.conftest import draft

__all__ = ["home"]


def test_a_rollout_from_its_start_to_its_end(home: App) -> None:
    assert "There is no rollout" in str(run("rollout", "status", "two").exception)
    go_live(home, TWO_TASKS)
    draft(home, WITHOUT_B, "two")
    refused = run("rollout", "start", "two", "--version", "7")
    assert refused.exit_code
    assert "has no version 7" in str(refused.exception)
    begun = json.loads(run("rollout", "start", "two", "--version", "2", "--share", "100", "--json").stdout)
    assert (begun["status"], begun["share"], begun["versions"]) == ("running", 1.0, {"control": 1, "candidate": 2})
    assert "running; version 2 beside version 1" in run("rollout", "status", "two").stdout
    begin(home, "two")
    assert json.loads(run("rollout", "pause", "two", "--reason", "A look.", "--json").stdout)["status"] == "paused"
    run("rollout", "resume", "two", "--reason", "Go on.")
    said = json.loads(run("rollout", "status", "two", "--json").stdout)
    assert said["sample_ratio"]["alarm"] is False
    assert sum(arm["started"] for arm in said["arms"].values()) <= 1
    over = json.loads(run("rollout", "decide", "two", "withdraw", "--reason", "Not shown.", "--json").stdout)
    assert over["status"] == "withdrawn"
    again = json.loads(run("rollout", "start", "two", "--version", "1", "--days", "--json").stdout)
    assert (again["way"], again["unit"], again["share"]) == ("switchback", "day", None)
    assert json.loads(run("rollout", "stop", "two", "--reason", "Enough.", "--json").stdout)["status"] == "stopped"
