"""`earshot deploy` of a next version: what was not sent is kept and named, and it goes live signed or with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import VersionDetail, find_live_version, list_versions
from bpm.processes import queries
from tests.cli.test_models import GREEN, home, run, written
from tests.engine.acting import complete, keep
from tests.engine.models import ONE_TASK
from tests.engine.received.files import FORM, archive_of

__all__ = ["home"]

CHANGED = ONE_TASK.replace(b'name="Read', b'name="Read well')
GONE = (
    ONE_TASK.replace(b'"Read"', b'"Look"')
    .replace(b">Read<", b">Look<")
    .replace(b"Read_", b"Look_")
    .replace(b"_Read", b"_Look")
)
RULES = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="r" namespace="x">'
    b'<decision id="limit" name="Limit"><variable name="limit"/><literalExpression><text>5</text></literalExpression>'
    b"</decision></definitions>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "one"
    written(path, "one.bpmn", ONE_TASK)
    written(path, "tests.json", [GREEN])
    written(path, "forms/Read.json", FORM)
    written(path, "rules.dmn", RULES)
    written(path, "triggers.json", [{"name": "Complaints", "conditions": {"kinds": ["complaint"]}}])
    written(path, "README.md", b"What it is for.")
    return path


def deploy(*arguments: str | Path) -> dict[str, Any]:
    result = run("deploy", *arguments, "--json")
    (deployed,) = json.loads(result.stdout)["deployed"]
    assert result.exit_code == (0 if deployed["ok"] else 1), result.output
    return dict(deployed)


def named(changes: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """(kind, name) of the parts of a bundle."""
    parts = ("form", "tests", "decision", "trigger", "setting", "documentation")
    return {(each["kind"], each["name"]) for each in changes if each["kind"] in parts}


def live(app: App) -> VersionDetail:
    with app.unit_of_work.reading() as work:
        found = find_live_version(work, "one")
    assert found is not None
    return found


MORE = b'<textAnnotation id="note"><text>Checked twice</text></textAnnotation>'
FILE = ("decision", "r")
"""What a decision file calls itself, which is told of one that came or went."""
RULES_GONE = {("decision", "rules.dmn"), ("decision", "Limit"), FILE}


PARTS = {
    ("form", "Read"),
    ("tests", "reads it"),
    ("decision", "rules.dmn"),
    ("decision", "Limit"),
    ("trigger", "Complaints"),
    ("documentation", "README.md"),
}


def test_a_first_version_is_all_added_and_goes_live_with_its_triggers(home: App, folder: Path) -> None:
    first = deploy(folder)
    assert (first["status"], first["version"]) == ("live", 1)
    assert named(first["added"]) == {*PARTS, FILE}
    assert (first["kept"], first["changed"], first["removed"]) == ([], [], [])
    with home.unit_of_work.reading() as work:
        assert [trigger.name for trigger in queries.list_triggers(work)] == ["Complaints"]


def test_the_model_alone_keeps_every_other_part_and_waits_for_signatures(home: App, folder: Path) -> None:
    deploy(folder)
    keep(home, live(home).id, 30)
    second = deploy(written(folder.parent, "one.bpmn", CHANGED))
    assert (second["status"], second["version"]) == ("draft", 2)
    assert named(second["kept"]) == {*PARTS, ("setting", "keep_for_days")}
    assert named(second["changed"]) == named(second["added"]) == named(second["removed"]) == set()
    assert second["changed"], "the element that changed is named"
    with home.unit_of_work.reading() as work:
        draft = list_versions(work, "one")[0]
    assert (live(home).number, draft.status) == (1, "draft")

    third = deploy(written(folder.parent, "one.bpmn", CHANGED), "--unsigned", "An outage: the lead agreed by phone")
    assert (third["status"], third["version"]) == ("live", 2)
    version = live(home)
    assert version.unsigned_reason == "An outage: the lead agreed by phone"
    assert (set(version.forms), version.keep_for_days, version.documentation) == ({"Read"}, 30, "What it is for.")
    assert ([case["id"] for case in version.tests], set(version.decisions)) == (["reads it"], {"rules.dmn"})


def test_a_part_alone_goes_with_the_model_that_is_live(home: App, folder: Path) -> None:
    deploy(folder)
    form = written(folder.parent, "Read.json", {"type": "object", "properties": {"reason": {"type": "string"}}})
    second = deploy(form, "--key", "one")
    assert named(second["changed"]) == {("form", "Read")}
    assert named(second["kept"]) == PARTS - {("form", "Read")}
    refused = deploy(form)
    assert "no BPMN file" in refused["error"]


def test_several_files_are_one_bundle_beside_the_one_model(home: App, folder: Path) -> None:
    first = deploy(folder / "one.bpmn", folder / "forms" / "Read.json", folder / "tests.json")
    assert named(first["added"]) == {("form", "Read"), ("tests", "reads it")}
    two = written(folder.parent, "two.bpmn", CHANGED)
    refused = run("deploy", folder / "one.bpmn", two, folder / "tests.json")
    assert refused.exit_code != 0
    assert "tests.json" in refused.stderr


def test_what_a_folder_has_no_more_is_kept_and_named_until_it_is_removed(home: App, folder: Path) -> None:
    deploy(folder)
    (folder / "rules.dmn").unlink()
    kept = deploy(folder)
    assert (kept["version"], kept["missing"]) == (1, ["decision:rules.dmn"])
    wrong = deploy(folder, "--remove", "rules.dnm")
    assert "decision:rules.dmn" in wrong["error"]
    gone = deploy(folder, "--remove", "rules.dmn", "--unsigned", "no rules any more")
    assert (named(gone["removed"]), gone["missing"], gone["version"]) == (RULES_GONE, [], 2)
    assert live(home).decisions == {}


def test_an_archive_is_the_same_version_as_its_folder(home: App, folder: Path) -> None:
    deploy(folder)
    names = [path for path in folder.rglob("*") if path.is_file()]
    files = [(path.relative_to(folder.parent).as_posix(), path.read_bytes()) for path in names]
    again = deploy(written(folder.parent, "sent.zip", archive_of(files)))
    assert (again["version"], again["status"], named(again["kept"])) == (1, "live", PARTS)
    stray = deploy(written(folder.parent, "sent.zip", archive_of([*files, ("one/notes.txt", b"x")])))
    assert "one/notes.txt" in stray["error"]
    assert stray["findings"][0]["element"] == "one/notes.txt"


def test_a_carried_over_test_that_turns_red_is_told_and_keeps_the_draft_from_going_live(
    home: App, folder: Path
) -> None:
    deploy(folder)
    second = deploy(written(folder.parent, "one.bpmn", GONE))
    assert (second["status"], second["version"]) == ("draft", 2)
    assert "reads it" in second["red"][0]
    codes = {finding["code"] for finding in second["findings"]}
    assert {"test-element-missing", "form-unused", "decision-unused"} <= codes
    refused = deploy(folder.parent / "one.bpmn", "--unsigned", "now")
    assert "cannot go live" in refused["error"]


def test_a_renamed_file_of_decisions_is_refused_with_what_has_to_go_and_what_would_differ(
    home: App, folder: Path
) -> None:
    deploy(folder)
    (folder / "rules.dmn").rename(folder / "limits.dmn")
    refused = deploy(folder)
    assert "remove decision:rules.dmn" in refused["error"]
    assert ("decision", "limits.dmn") in named(refused["added"])
    gone = deploy(folder, "--remove", "decision:rules.dmn")
    assert (gone["ok"], gone["status"], gone["missing"]) == (True, "draft", [])


def test_the_finished_cases_of_the_live_version_are_replayed_through_a_draft(home: App, folder: Path) -> None:
    deploy(folder)
    with home.unit_of_work() as work:
        engine.start(work, "one", {})
    complete(home, "Read", {"note": "done"})
    second = deploy(written(folder.parent, "one.bpmn", CHANGED.replace(b"</process>", MORE + b"</process>")))
    assert second["status"] == "draft"
    found = json.loads(run("replay", "one", "--draft", "2", "--json").stdout)
    assert (found["of"], {kind: n for kind, n in found["counts"].items() if n}) == (1, {"same": 1})
    assert "1 end the same" in " ".join(run("replay", "one", "--draft", "2").stdout.split())
    assert "no version 7" in str(run("replay", "one", "--draft", "7").exception)


def test_a_misspelt_test_is_refused_by_name(home: App, folder: Path) -> None:
    written(folder, "tests.json", [{"id": "a", "steps": [{"do": "start"}, {"expct": {"ended": True}}]}])
    refused = deploy(folder)
    assert "tests.json" in refused["error"]
    assert "Write expect if that is meant" in refused["findings"][0]["remedy"]


def test_words_say_what_is_kept_and_what_is_to_be_done(home: App, folder: Path) -> None:
    run("deploy", folder)
    said = run("deploy", written(folder.parent, "one.bpmn", CHANGED)).stdout
    assert "one version 2 is draft" in said
    assert "--unsigned REASON" in said
    assert "not sent and kept: form:Read, tests:reads it" in said


def test_a_process_known_under_another_key_is_found_by_its_id(home: App, tmp_path: Path) -> None:
    renamed = ONE_TASK.replace(b'<process id="one"', b'<process id="order_process"')
    folder = tmp_path / "orders"
    written(folder, "orders.bpmn", renamed)
    written(folder, "forms/Read.json", FORM)
    assert deploy(folder)["key"] == "orders"
    second = deploy(written(tmp_path, "any.bpmn", renamed.replace(b'name="Read', b'name="Read well')))
    assert (second["key"], named(second["kept"])) == ("orders", {("form", "Read")})
