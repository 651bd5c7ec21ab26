"""Cases in the step language: our own per feature, and those of other engines' test suites."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bpm.engine.definitions.process_tests import run_cases

HERE = Path(__file__).parents[1] / "cases"
CONFORMANCE = Path(__file__).parents[2] / "data" / "conformance"
OWN = [case for path in sorted(HERE.glob("*.json")) for case in json.loads(path.read_text())]
STEPS = json.loads((CONFORMANCE / "cases-steps.json").read_text())
RUNS = json.loads((CONFORMANCE / "cases-runs.json").read_text())

CONTRADICTORY = "Escalation_EndEvent_TopLevel#1"
"""Expects that the called task never runs and that the end event behind it does."""


@pytest.mark.parametrize("case", OWN, ids=lambda case: case["id"])
def test_our_own_case_passes(case: Mapping[str, Any]) -> None:
    (result,) = run_cases([case], lambda _name: case["xml"].encode())
    assert (result.outcome, result.detail) == ("pass", "")


@pytest.mark.parametrize("case", STEPS, ids=lambda case: case["id"])
def test_a_step_case_of_the_camunda_models_passes(case: Mapping[str, Any]) -> None:
    (result,) = run_cases([case], lambda name: (CONFORMANCE / name).read_bytes())
    assert (result.outcome, result.detail) == ("pass", "")


@pytest.mark.parametrize("case", [c for c in RUNS if c["id"] != CONTRADICTORY], ids=lambda case: case["id"])
def test_a_run_case_of_the_betsy_models_passes_or_is_refused_by_name(case: Mapping[str, Any]) -> None:
    (result,) = run_cases([case], lambda name: (CONFORMANCE / name).read_bytes())
    assert result.outcome in ("pass", "refused"), result.detail
    if result.outcome == "refused":
        assert "multiInstanceTask" in result.detail


def test_the_case_that_contradicts_itself_runs_both_tasks() -> None:
    case = next(case for case in RUNS if case["id"] == CONTRADICTORY)
    (result,) = run_cases([case], lambda name: (CONFORMANCE / name).read_bytes())
    assert result.detail.startswith("step 1: ['ScriptTask_1'] ran 1 times, expected 0")


def test_a_case_that_expects_something_else_is_wrong_and_says_what() -> None:
    case = {**OWN[0], "steps": [{"do": "start"}, {"expect": {"open": ["nobody"]}}]}
    (result,) = run_cases([case], lambda _name: case["xml"].encode())
    assert result.outcome == "wrong"
    assert "nobody" in result.detail


def test_a_step_that_does_not_exist_is_an_error_and_not_a_pass() -> None:
    case = {**OWN[0], "steps": [{"do": "dance"}]}
    (result,) = run_cases([case], lambda _name: case["xml"].encode())
    assert result.outcome == "error"


def test_a_file_that_is_no_model_is_refused() -> None:
    case = {**OWN[0], "steps": [{"do": "start"}]}
    (result,) = run_cases([case], lambda _name: b"<html/>")
    assert result.outcome == "refused"
