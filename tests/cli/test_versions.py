"""`earshot versions` says whom a version affects, changes instances over and keeps what ended as long as told."""

import json
from pathlib import Path

from sqlalchemy import select

from bpm.app import App
from bpm.engine.models import ProcessVersion
from tests.cli.test_models import home, run, written
from tests.engine import acting
from tests.engine.migration.test_migration import THREE_TASKS, WITHOUT_B
from tests.engine.models import TWO_TASKS, begin, go_live

__all__ = ["home"]


def two_versions(home: App, newer: bytes) -> list[int]:
    """Two instances at A and one at B of version 1, and a live version 2."""
    go_live(home, TWO_TASKS)
    ids = [begin(home, "two") for _ in range(3)]
    acting.complete(home, "A")
    go_live(home, newer)
    return ids


def test_impact_counts_by_verdict_and_element(home: App) -> None:
    two_versions(home, WITHOUT_B)
    found = json.loads(run("versions", "impact", "two", "--from", "1", "--json").stdout)
    assert (found["running"], found["unaffected"], found["can"], found["cannot"]) == (3, 0, 2, 1)
    assert [each["reason"] for each in found["elements"]] == ["", "The new version has no counterpart of it."]
    assert "1 at Second: cannot." in " ".join(run("versions", "impact", "two", "--from", "1").stdout.split())


def test_a_dry_run_changes_nothing_and_says_who_would_be_refused(home: App) -> None:
    ids = two_versions(home, WITHOUT_B)
    result = run("versions", "migrate", "two", "--from", "1", "--dry-run", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "dry_run": True,
        "done": 2,
        "refused": [{"instance": ids[0], "reason": "Second: The new version has no counterpart of it."}],
    }
    assert {acting.instance(home, each).row.number for each in ids} == {1}


def test_migrate_changes_all_over_that_it_can_with_the_plan_it_is_given(home: App, tmp_path: Path) -> None:
    ids = two_versions(home, WITHOUT_B)
    plan = json.loads(run("versions", "plan", "two", "--from", "1", "--to", "2").stdout)
    plan["mapping"]["B"] = "A"
    file = written(tmp_path, "plan.json", plan)
    result = run("versions", "migrate", "two", "--from", "1", "--plan", file, "--reason", "Better.", "--json")
    assert (result.exit_code, json.loads(result.stdout)["done"]) == (0, 3)
    assert {acting.instance(home, each).row.number for each in ids} == {2}
    assert acting.open_elements(home) == ["A", "A", "A"]
    assert acting.broken(home) == []


def test_only_the_named_instance_changes_over(home: App) -> None:
    first, second, third = two_versions(home, THREE_TASKS)
    result = run("versions", "migrate", "two", "--from", "1", "--instance", str(second), "--reason", "Better.")
    assert result.stdout == "1 changed over, 0 refused.\n"
    assert [acting.instance(home, each).row.number for each in (first, second, third)] == [1, 2, 1]


def test_without_a_reason_or_with_a_plan_for_others_nothing_is_begun(home: App, tmp_path: Path) -> None:
    two_versions(home, THREE_TASKS)
    assert "reason" in str(run("versions", "migrate", "two", "--from", "1").exception)
    other = written(tmp_path, "plan.json", {"from_version_id": 7, "to_version_id": 8})
    refused = run("versions", "migrate", "two", "--from", "1", "--plan", other, "--reason", "Better.")
    assert "about other versions" in str(refused.exception)
    assert "no version 9" in str(run("versions", "impact", "two", "--from", "9").exception)


def test_keep_sets_the_days_and_takes_them_away_again(home: App) -> None:
    go_live(home, TWO_TASKS)
    asked = run("versions", "keep", "two", "1", "--days", "30", "--reason", "The contract says so.", "--json")
    assert json.loads(asked.stdout)["waiting"]["to_days"] == 30
    assert _days(home) is None, "it waits"
    assert "yourself" in str(run("versions", "keep", "two", "1", "--confirm").exception)
    assert run("versions", "keep", "two", "1", "--stop").exit_code == 0
    assert "No change" in str(run("versions", "keep", "two", "1", "--stop").exception)
    assert "reason" in str(run("versions", "keep", "two", "1", "--days", "30").exception)
    assert run("versions", "keep", "two", "1", "--for-ever").exit_code == 0
    assert _days(home) is None
    assert run("versions", "keep", "two", "1").exit_code == 2


def _days(app: App) -> int | None:
    with app.unit_of_work.reading() as work:
        return work.session.scalars(select(ProcessVersion.keep_for_days)).one()
