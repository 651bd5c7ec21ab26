"""`earshot check` and `test`: process models read and run without a database."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import orjson

from bpm.cli import emit
from bpm.cli.finding_counts import Counts, files_of
from bpm.cli.product import opened
from bpm.engine import checking
from bpm.engine.checking import CaseResult, Installation, Prepared, installation_of, run_cases, unmet
from bpm.engine.decisions import DecisionFile, is_dmn
from bpm.engine.findings import Finding
from bpm.foundation.errors import InvalidInputError
from bpm.processes import SERVICE_TASKS

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES_AND_FOLDERS = click.Path(exists=True, path_type=Path)
NOT_LOOKED_AT = ("groups", "assignees", "topics")
"""Of this installation, unless it is asked for."""
BAD = frozenset({"wrong", "error"})


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES_AND_FOLDERS)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print one object a line for each file: {"file", "deployable", "findings": [...], "seconds", '
    '"not_looked_at": [...]}.',
)
@click.option("--here", is_flag=True, help="Look, too, whether the people, groups and workers they name are here.")
@click.option("--counts", is_flag=True, help="Print how often each finding occurs in all of them instead.")
def check(files: tuple[Path, ...], *, as_json: bool, here: bool, counts: bool) -> None:
    """Check BPMN and DMN FILES: every problem with its element, line and remedy. Exit code 0 if all are deployable.

    DMN files beside a BPMN file are its decisions; a folder stands for the models in it.
    """
    checking.warm_up()
    found = list(files_of(files))
    beside = {file.name: file.read_bytes() for file in found if is_dmn(file.read_bytes(), file.name)}
    counted = Counts()
    installation = _installation() if here else None
    for file in found:
        prepared, seconds = _check(file, beside)
        prepared = _with_unmet(prepared, installation)
        counted.add(prepared.findings, deployable=prepared.deployable)
        if as_json and not counts:
            unseen = NOT_LOOKED_AT if installation is None and isinstance(prepared, Prepared) else ()
            emit({**checking.as_report(prepared, seconds), "file": str(file), "not_looked_at": unseen})
        elif not counts:
            _print_findings(str(file), prepared, seconds)
    if counts and as_json:
        emit(counted.as_report())
    elif counts:
        click.echo(counted.as_table())
    if not (here or as_json or counts):
        click.echo("People, groups and workers that they name were not looked at; --here looks at this installation.")
    sys.exit(0 if counted.deployable == counted.files else 1)


def _installation() -> Installation:
    with opened().unit_of_work.reading() as work:
        return installation_of(work, SERVICE_TASKS)


def _with_unmet(prepared: Prepared | DecisionFile, installation: Installation | None) -> Prepared | DecisionFile:
    if installation is None or not isinstance(prepared, Prepared):
        return prepared
    elements = [{"id": each.id, "name": each.name, "line": each.line} for each in prepared.elements]
    found = unmet(prepared.executable, elements, installation)
    return replace(prepared, findings=(*prepared.findings, *found))


def _check(file: Path, beside: Mapping[str, bytes]) -> tuple[Prepared | DecisionFile, float]:
    started = time.perf_counter()
    source = file.read_bytes()
    if file.name in beside:
        return checking.check_decisions(source, file.name, beside), time.perf_counter() - started
    return checking.check(source, file.name, decisions=beside), time.perf_counter() - started


def _print_findings(file: str, prepared: Prepared | DecisionFile, seconds: float) -> None:
    verdict = "deployable" if prepared.deployable else "NOT deployable"
    click.echo(f"{file}: {verdict} ({seconds:.2f} s)")
    for finding in prepared.findings:
        click.echo(f"  {line_of(finding)}")
        if finding.remedy:
            click.echo(f"          {finding.remedy}")


def line_of(finding: Finding) -> str:
    """A finding in one line."""
    where = [
        finding.element,
        f"({finding.name})" if finding.name else "",
        f"line {finding.line}" if finding.line else "",
    ]
    at = " ".join(part for part in where if part)
    return f"{finding.severity:<7} {finding.code}{f' at {at}' if at else ''}: {finding.message}"


@click.command("test")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print {"cases": [{"id","outcome","detail"}], "warnings": [{"place","message","remedy"}]}.',
)
def test(files: tuple[Path, ...], as_json: bool) -> None:
    """Run the process tests in FILES (JSON; models are named relative to each file's folder).

    Outcomes: pass, refused (named at upload), wrong, error. Exit code 0 only if none is wrong or error. A name that is
    nearly one that a test knows is an error; any other that none knows, and that is no remark, is warned of.
    """
    read = [(file, _cases_in(file)) for file in files]
    results = [result for file, cases in read for result in _run_cases(file, cases)]
    warnings = [each for file, cases in read for each in checking.not_looked_at(str(file), cases)]
    if as_json:
        emit(
            {
                "cases": [{"id": r.id, "outcome": r.outcome, "detail": r.detail} for r in results],
                "warnings": [{"place": w.name, "message": w.message, "remedy": w.remedy} for w in warnings],
            }
        )
    else:
        for result in results:
            click.echo(f"{result.outcome:<8} {result.id}{f'  {result.detail}' if result.detail else ''}")
        for warning in warnings:
            click.echo(f"warning  {warning.name}: {warning.message} {warning.remedy}")
        click.echo(", ".join(f"{n} {name}" for name, n in _tally(results).items()) or "There are no cases.")
    sys.exit(1 if any(result.outcome in BAD for result in results) else 0)


def _cases_in(file: Path) -> list[dict[str, Any]]:
    try:
        read = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"This is no JSON: {error}.", place=str(file), remedy="Mend the file.") from error
    cases = read.get("cases") if isinstance(read, dict) else read
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise InvalidInputError(
            "There are no cases in it.", place=str(file), remedy='Write a list of cases, or {"cases": [...]}.'
        )
    return cases


def _run_cases(file: Path, cases: Sequence[Mapping[str, Any]]) -> list[CaseResult]:
    models = [path.name for kind in ("*.bpmn", "*.dmn") for path in sorted(file.parent.glob(kind))]
    filled = [{"files": models, **case} for case in cases]
    return run_cases(filled, lambda name: _read_beside(file.parent, name))


def _read_beside(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_file():
        raise InvalidInputError("A case names a model that is not there.", place=str(path), remedy="Mend its `files`.")
    return path.read_bytes()


def _tally(results: Sequence[CaseResult]) -> dict[str, int]:
    outcomes = [result.outcome for result in results]
    return {
        outcome: outcomes.count(outcome) for outcome in ("pass", "refused", "wrong", "error") if outcome in outcomes
    }
