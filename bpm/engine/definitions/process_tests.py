"""Process tests: cases of commands and expectations run against models in memory, with a clock of their own.

The step language: `start`, `start_by_message`, `complete`, `complete_all`, `complete_if_open`, `advance`, `message`,
`signal`, `set_vars`, `trigger` and `expect` (open, ended, waiting, failed, vars, absent_vars, jobs, items, instance,
ran); `rules.case_keys` holds the names that each may say. `jobs` lists topics that jobs of the instance had, `items`
what open work items say: task, name, group, assignee, due (ISO 8601), form. Jobs are done at once without effect,
scripts run in the sandbox, other processes of the files start by their events. A case that names a `decision` tests it
as a table: see `decisions.cases`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

from bpm.engine import decisions
from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.case_items import WrongResultError
from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.test_runner import CaseRefusedError, TestBed
from bpm.engine.rules.case_keys import UNKNOWN, problems_of

Outcome = Literal["pass", "refused", "wrong", "error"]
START = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class CaseResult:
    """pass: all expectations met; refused: by name at upload; wrong: runs otherwise; error: cannot be run."""

    id: str
    outcome: Outcome
    detail: str


def run_cases(cases: Sequence[Mapping[str, Any]], read_file: Callable[[str], bytes]) -> list[CaseResult]:
    """Run every case; `read_file` gives the bytes of a file that a case names, a DMN file for its decisions too.

    Never raises for a bad case. A case with a misspelt name is not run: it would test less than it says.
    """
    find_model = models_from(read_file)
    results = []
    for number, case in enumerate(cases, 1):
        problem = next((each for each in problems_of("", number, case) if each.code != UNKNOWN), None)
        if problem:
            results.append(CaseResult(_name_of(case), "error", f"{problem.message} {problem.remedy}"))
        else:
            results.append(_run_rows(case, read_file) if "decision" in case else _run_case(case, find_model))
    return results


def models_from(read_file: Callable[[str], bytes]) -> Callable[[str, tuple[str, ...]], Prepared]:
    """Prepares the model of a file, with the decisions of other files, when it is first asked for, once."""

    @cache
    def find_model(name: str, rules: tuple[str, ...] = ()) -> Prepared:
        decisions = {rule.rpartition("/")[2]: read_file(rule) for rule in rules}
        return prepare(read_file(name), name.rpartition("/")[2], decisions=decisions)

    return find_model


def world_of(case: Mapping[str, Any], find_model: Callable[[str, tuple[str, ...]], Prepared]) -> TestBed:
    """The world in which a case happens, its decisions bound to its models; raises CaseRefusedError."""
    rules = tuple(file for file in case["files"] if _is_rules(file))
    models = [file for file in case["files"] if file not in rules]
    return TestBed.of({**case, "files": models}, lambda file: find_model(file, rules), START)


def _name_of(case: Mapping[str, Any]) -> str:
    return str(case.get("id", "?"))


def _is_rules(name: str) -> bool:
    return name.lower().endswith(".dmn")


def _run_rows(case: Mapping[str, Any], read_file: Callable[[str], bytes]) -> CaseResult:
    name = _name_of(case)
    try:
        read = decisions.read_files({file: read_file(file) for file in case["files"] if _is_rules(file)})
        for finding in read.findings:
            if finding.severity == "error":
                return CaseResult(name, "refused", f"{finding.code}: {finding.message}")
        wrong = decisions.wrong_rows(case, read.decisions, now=START)
    except Exception as error:  # noqa: BLE001 - a case file can hold anything
        return CaseResult(name, "error", f"{type(error).__name__}: {error}")
    return CaseResult(name, "wrong" if wrong else "pass", "; ".join(wrong))


def _run_case(case: Mapping[str, Any], find_model: Callable[[str, tuple[str, ...]], Prepared]) -> CaseResult:
    name = _name_of(case)
    number = 0
    try:
        test_bed = world_of(case, find_model)
        for number, step in enumerate(case["steps"]):  # noqa: B007 - the number is for the messages below
            test_bed.do(step)
    except CaseRefusedError as refused:
        return CaseResult(name, "refused", str(refused))
    except WrongResultError as wrong:
        return CaseResult(name, "wrong", f"step {number}: {wrong}")
    except Exception as error:  # noqa: BLE001 - a case file can hold anything
        return CaseResult(name, "error", f"step {number}: {type(error).__name__}: {error}")
    return CaseResult(name, "pass", "")
