"""`earshot check`, `deploy` and `test` answer with one JSON document and an exit code that means something."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bpm.app import App
from bpm.cli import cli
from bpm.engine.queries import find_live_version, list_versions
from bpm.foundation.errors import InvalidInputError
from tests.engine.models import ONE_TASK, flow, model

DANGLING = model(
    "broken",
    '<startEvent id="start"/><userTask id="A" name="Ask"/>' + flow("start", "A") + flow("A", "nowhere"),
)
GREEN = {"id": "reads it", "steps": [{"do": "start"}, {"do": "complete", "task": "Read"}, {"expect": {"ended": True}}]}
RED = {"id": "ends at once", "steps": [{"do": "start"}, {"expect": {"ended": True}}]}


@pytest.fixture
def home(app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The command line works on the test's own database."""
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.url)
    return app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def written(folder: Path, name: str, content: bytes | Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_check_names_every_file_with_its_findings(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "good.bpmn", ONE_TASK), written(tmp_path, "bad.bpmn", DANGLING)
    result = run("check", good, bad, "--json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert (first["file"], first["deployable"], first["findings"]) == (str(good), True, [])
    assert second["deployable"] is False
    (error,) = [finding for finding in second["findings"] if finding["severity"] == "error"]
    assert error["element"] == "A_nowhere"
    assert error["line"] > 0
    assert error["remedy"]
    assert 0 < second["seconds"] < 5


def test_check_of_one_file_is_a_list_too_and_says_yes_by_its_exit_code(tmp_path: Path) -> None:
    result = run("check", written(tmp_path, "good.bpmn", ONE_TASK), "--json")
    assert result.exit_code == 0
    assert set(json.loads(result.stdout)) == {"file", "deployable", "findings", "seconds", "not_looked_at"}


def test_check_says_as_json_what_of_this_installation_it_did_not_look_at(home: App, tmp_path: Path) -> None:
    path = written(tmp_path, "good.bpmn", ONE_TASK)
    assert json.loads(run("check", path, "--json").stdout)["not_looked_at"] == ["groups", "assignees", "topics"]
    assert json.loads(run("check", path, "--here", "--json").stdout)["not_looked_at"] == []


def test_check_reads_well_without_json(tmp_path: Path) -> None:
    result = run("check", written(tmp_path, "bad.bpmn", DANGLING))
    assert result.exit_code == 1
    assert "NOT deployable" in result.stdout
    assert "A_nowhere" in result.stdout


def test_check_counts_the_findings_of_a_whole_folder(tmp_path: Path) -> None:
    written(tmp_path, "good.bpmn", ONE_TASK)
    for name in ("a/bad.bpmn", "b/worse.bpmn"):
        written(tmp_path, name, DANGLING)
    written(tmp_path, "notes.txt", b"no model")
    counted = json.loads(run("check", tmp_path, "--counts", "--json").stdout)
    assert (counted["files"], counted["deployable"]) == (3, 1)
    (dangling,) = [row for row in counted["findings"] if row["code"] == "dangling-flow"]
    assert dangling == {"severity": "error", "code": "dangling-flow", "findings": 2, "files": 2}
    table = run("check", tmp_path, "--counts")
    assert table.exit_code == 1
    assert "| error | dangling-flow | 2 | 2 |" in table.stdout


def test_deploying_a_folder_runs_its_tests_and_puts_it_live(home: App, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    written(folder, "one.bpmn", ONE_TASK)
    written(folder, "tests.json", [GREEN])
    written(folder, "forms/Read.json", {"type": "object", "properties": {"note": {"type": "string"}}})
    result = run("deploy", folder, "--note", "first", "--json")
    assert result.exit_code == 0, result.output
    (deployed,) = json.loads(result.stdout)["deployed"]
    assert (deployed["key"], deployed["version"], deployed["status"], deployed["tests"]) == ("one", 1, "live", 1)
    with home.unit_of_work.reading() as work:
        live = find_live_version(work, "one")
    assert live is not None
    assert {signature.method for signature in live.signatures} == {"console"}
    assert [signature.department for signature in live.signatures] == list(home.settings.sign_offs)
    assert live.forms["Read"]["properties"] == {"note": {"type": "string"}}
    assert live.test_results == ({"id": "reads it", "outcome": "pass", "detail": ""},)


def test_a_red_test_blocks_the_deployment(home: App, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    written(folder, "one.bpmn", ONE_TASK)
    written(folder, "tests.json", [GREEN, RED])
    result = run("deploy", folder, "--json")
    assert result.exit_code == 1
    (refused,) = json.loads(result.stdout)["deployed"]
    assert "ends at once" in refused["error"]
    with home.unit_of_work.reading() as work:
        assert find_live_version(work, "one") is None


def test_a_draft_waits_for_its_signatures(home: App, tmp_path: Path) -> None:
    result = run("deploy", written(tmp_path, "one.bpmn", ONE_TASK), "--draft", "--key", "first_one")
    assert result.exit_code == 0, result.output
    with home.unit_of_work.reading() as work:
        (version,) = list_versions(work, "first_one")
    assert (version.status, version.signatures) == ("draft", ())


def test_a_model_that_cannot_run_is_refused_with_its_findings(home: App, tmp_path: Path) -> None:
    result = run("deploy", written(tmp_path, "bad.bpmn", DANGLING), "--json")
    assert result.exit_code == 1
    (refused,) = json.loads(result.stdout)["deployed"]
    assert "A_nowhere" in {finding["element"] for finding in refused["findings"]}


def test_the_tests_of_a_file_say_what_passed_and_what_went_otherwise(tmp_path: Path) -> None:
    written(tmp_path, "one.bpmn", ONE_TASK)
    cases = written(tmp_path, "cases.json", [{**GREEN, "files": ["one.bpmn"]}, {**RED, "files": ["one.bpmn"]}])
    result = run("test", cases, "--json")
    assert result.exit_code == 1
    assert [(case["id"], case["outcome"]) for case in json.loads(result.stdout)["cases"]] == [
        ("reads it", "pass"),
        ("ends at once", "wrong"),
    ]


def test_a_model_refused_at_upload_is_no_red_case(tmp_path: Path) -> None:
    written(tmp_path, "bad.bpmn", DANGLING)
    cases = written(tmp_path, "cases.json", [{"id": "dangling", "files": ["bad.bpmn"], "steps": [{"do": "start"}]}])
    result = run("test", cases, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["cases"][0]["outcome"] == "refused"


def test_a_file_without_cases_is_named(tmp_path: Path) -> None:
    result = run("test", written(tmp_path, "cases.json", b"{"))
    assert isinstance(result.exception, InvalidInputError)
    assert "cases.json" in str(result.exception)


NAMES = model(
    "pays",
    '<startEvent id="s"/><userTask id="Pay" camunda:candidateGroups="finance"/><endEvent id="e"/>'
    + flow("s", "Pay")
    + flow("Pay", "e"),
)


def test_check_says_that_it_looked_at_nobody_here_unless_it_is_asked_to(home: App, tmp_path: Path) -> None:
    file = written(tmp_path, "pays.bpmn", NAMES)
    assert "were not looked at" in run("check", file).stdout
    looked = run("check", file, "--here")
    assert "were not looked at" not in looked.stdout
    assert "group-empty at Pay" in looked.stdout
    assert looked.exit_code == 0


def test_deploy_names_the_group_that_nobody_is_in(home: App, tmp_path: Path) -> None:
    file = written(tmp_path, "pays.bpmn", NAMES)
    assert "group-empty at Pay" in run("deploy", file).stdout
    (deployed,) = json.loads(run("deploy", file, "--json").stdout)["deployed"]
    assert [finding["code"] for finding in deployed["unmet"]] == ["group-empty"]


@pytest.mark.parametrize(
    ("step", "wrong", "meant"),
    [
        ({"expect": {"endd": False}}, "endd", "ended"),
        ({"expect": {"ended": False, "absent_var": ["x"]}}, "absent_var", "absent_vars"),
        ({"expect": {"ended": False}, "instanc": "x"}, "instanc", "instance"),
        ({"do": "complete", "task": "Read", "var": {"x": 1}}, "var", "vars"),
        ({"do": "complete", "task": "Read", "expect": {"ended": True}}, "do", "expect"),
        ({"do": "compleet", "task": "Read"}, "compleet", "complete"),
        ({"do": "complete", "element": "Read"}, "complete", "task"),
    ],
)
def test_a_step_with_a_misspelt_name_is_an_error_and_not_green(
    tmp_path: Path, step: dict[str, Any], wrong: str, meant: str
) -> None:
    written(tmp_path, "one.bpmn", ONE_TASK)
    cases = written(tmp_path, "cases.json", [{"id": "a", "steps": [{"do": "start"}, step]}])
    answered = run("test", "--json", cases)
    (result,) = json.loads(answered.output)["cases"]
    assert (answered.exit_code, result["outcome"]) == (1, "error")
    assert all(word in result["detail"] for word in ("step 2", wrong, meant))


def test_remarks_stand_anywhere_in_a_case_and_other_names_are_warned_of_once(tmp_path: Path) -> None:
    written(tmp_path, "one.bpmn", ONE_TASK)
    told = {"note": "n", "why": "w", "comment": "c"}
    steps = [{"do": "start", **told}, {"expect": {"ended": False, **told, "colour": "red"}, **told}]
    cases = written(tmp_path, "cases.json", [{"id": name, "steps": steps, "reviewed_by": "x"} for name in "ab"])
    answered = run("test", "--json", cases)
    said = json.loads(answered.output)
    assert (answered.exit_code, [each["outcome"] for each in said["cases"]]) == (0, ["pass", "pass"])
    assert [("'colour'" in w["message"], "2 times" in w["message"]) for w in said["warnings"]] == [
        (False, True), (True, True),
    ]  # fmt: skip
    assert "'reviewed_by'" in run("test", cases).output
