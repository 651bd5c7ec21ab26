"""Runs a short model in the step language, for tests of what the upload side makes of it."""

from collections.abc import Sequence
from typing import Any

from bpm.engine.definitions.process_tests import CaseResult, run_cases
from tests.engine.bpmn.drawing import model


def run(inside: str, *steps: dict[str, Any], roots: str = "", executable: str = ' isExecutable="true"') -> CaseResult:
    """The outcome of the steps over a process `p` with this inside."""
    case = {"id": "case", "files": ["inline"], "process": "p", "steps": list(steps)}
    (result,) = run_cases([case], lambda _name: model(inside, roots=roots, executable=executable))
    return result


def passes(inside: str, *steps: dict[str, Any], roots: str = "", executable: str = ' isExecutable="true"') -> None:
    """Assert that the steps pass, saying why not."""
    result = run(inside, *steps, roots=roots, executable=executable)
    assert (result.outcome, result.detail) == ("pass", "")


def start(**variables: Any) -> dict[str, Any]:
    return {"do": "start", "vars": variables}


def opened(*elements: str, **variables: Any) -> dict[str, Any]:
    """Expect these open elements, and these values of variables."""
    expected: dict[str, Sequence[str] | dict[str, Any]] = {"open": list(elements)}
    return {"expect": {**expected, **({"vars": variables} if variables else {})}}


def advance(by: str) -> dict[str, Any]:
    return {"do": "advance", "by": by}
