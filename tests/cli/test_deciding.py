"""`earshot decide`, and decisions in `check`, `deploy` and `test`."""

import json
from pathlib import Path

import pytest

from bpm.app import App
from bpm.engine.queries import get_version, list_versions
from bpm.foundation.errors import InvalidInputError, NotFoundError, RefusedError
from tests.cli.test_models import home, run, written
from tests.engine.decisions.drawing import definitions, table
from tests.engine.models import flow, model

__all__ = ["home"]

LIMIT = table(["amount"], ["how"], [(["< 100"], ['"at once"']), ([">= 100"], ['"second look"'])], identity="limit")
TWO = LIMIT + table(["amount"], ["y"], [(["-"], ["1"])], identity="other")
ORDER = model(
    "order",
    '<startEvent id="start"/><businessRuleTask id="D" camunda:decisionRef="limit"/><userTask id="A" name="Ask"/>'
    + flow("start", "D") + flow("D", "A"),
)  # fmt: skip


def test_it_decides_and_names_the_rules(tmp_path: Path) -> None:
    file = written(tmp_path, "limit.dmn", definitions(LIMIT))
    answer = run("decide", file, "--input", '{"amount": 250}', "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.output) == {
        "decision": "limit", "value": "second look", "rules": [2], "rows": [{"how": "second look"}],
        "notes": [],
    }  # fmt: skip
    assert run("decide", file).output.splitlines() == ["null", "Rules that hold: none."]


def test_one_of_several_decisions_has_to_be_named(tmp_path: Path) -> None:
    file = written(tmp_path, "limit.dmn", definitions(TWO))
    assert isinstance(run("decide", file).exception, InvalidInputError)
    assert run("decide", file, "--decision", "other").output.startswith("1\n")
    assert isinstance(run("decide", file, "--decision", "none").exception, NotFoundError)


@pytest.mark.parametrize("values", ["{", "[1]", "7"])
def test_an_input_that_is_no_object_is_named(tmp_path: Path, values: str) -> None:
    answer = run("decide", written(tmp_path, "limit.dmn", definitions(LIMIT)), "--input", values)
    assert "--input is no JSON" in str(answer.exception)


def test_check_reports_decisions_in_the_same_shape(tmp_path: Path) -> None:
    good = written(tmp_path, "limit.dmn", definitions(LIMIT))
    bad = written(tmp_path, "bad.dmn", definitions(LIMIT.replace("&lt; 100", "&lt;")))
    answer = run("check", good, bad, "--json")
    assert answer.exit_code == 1
    first, second = (json.loads(line) for line in answer.output.splitlines())
    assert (first["file"], first["deployable"], first["findings"]) == (str(good), True, [])
    assert second["deployable"] is False
    assert second["findings"][0]["code"] == "dmn-cell"
    assert {*first} == {"file", "deployable", "findings", "seconds", "not_looked_at"}
    assert first["not_looked_at"] == []
    assert isinstance(run("decide", bad).exception, RefusedError)


def test_decisions_beside_a_model_are_bound_when_it_is_checked(tmp_path: Path) -> None:
    rules, order = written(tmp_path, "limit.dmn", definitions(LIMIT)), written(tmp_path, "order.bpmn", ORDER)
    assert "decision-missing" in run("check", order).output
    assert "decision-bound" in run("check", order, rules).output


def test_deploy_takes_decisions_from_the_option_and_from_the_folder(home: App, tmp_path: Path) -> None:
    rules, order = written(tmp_path, "limit.dmn", definitions(LIMIT)), written(tmp_path, "order.bpmn", ORDER)
    assert run("deploy", order, "--decisions", rules).exit_code == 0
    folder = tmp_path / "shop"
    written(folder, "shop.bpmn", ORDER.replace(b'id="order"', b'id="shop"'))
    written(folder, "limit.dmn", definitions(LIMIT))
    rows = [{"inputs": {"amount": 1}, "expect": "at once"}]
    written(folder, "tests.json", [{"id": "limits", "decision": "limit", "rows": rows}])
    assert json.loads(run("deploy", folder, "--json").output)["deployed"][0]["tests"] == 1
    with home.unit_of_work.reading() as work:
        for key in ("order", "shop"):
            (version,) = list_versions(work, key)
            assert get_version(work, version.id).decisions == {"limit.dmn": definitions(LIMIT).decode()}


def test_a_red_row_blocks(home: App, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    written(folder, "shop.bpmn", ORDER.replace(b'id="order"', b'id="shop"'))
    written(folder, "limit.dmn", definitions(LIMIT))
    rows = [{"inputs": {"amount": 1}, "expect": "never"}]
    written(folder, "tests.json", [{"id": "limits", "decision": "limit", "rows": rows}])
    answer = json.loads(run("deploy", folder, "--json").output)["deployed"][0]
    assert answer["ok"] is False
    assert "limits is wrong: row 1: 'at once' instead of 'never'" in answer["error"]
    tested = run("test", folder / "tests.json", "--json")
    assert tested.exit_code == 1
    assert json.loads(tested.output)["cases"][0]["outcome"] == "wrong"


def test_it_decides_by_what_the_file_imports(tmp_path: Path) -> None:
    rates = written(tmp_path, "rates.dmn", definitions(LIMIT).replace(b"urn:x", b"urn:rates"))
    needed = '<informationRequirement><requiredDecision href="urn:rates#limit"/></informationRequirement>'
    own = (
        f'<decision id="own" name="Own">{needed}<literalExpression><text>r.Limit</text></literalExpression></decision>'
    )
    file = written(tmp_path, "own.dmn", definitions(f'<import name="r" namespace="urn:rates"/>{own}'))
    answer = run("decide", file, rates, "--input", '{"amount": 250}')
    assert (answer.exit_code, answer.output.strip()) == (0, '"second look"')
    assert run("check", str(tmp_path)).exit_code == 0
    alone = run("check", file)
    assert alone.exit_code == 1
    assert "Send the file that has this namespace along" in alone.output
