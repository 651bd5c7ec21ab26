"""`earshot check`, `deploy` and `test`: process models from the command line."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from bpm import engine
from bpm.app import App
from bpm.cli import emit
from bpm.cli.opening import opened
from bpm.engine.checks import as_report, warm_up
from bpm.engine.findings import Finding
from bpm.engine.process_tests import CaseResult, run_cases
from bpm.engine.queries import get_version
from bpm.engine.spiff.model import Prepared
from bpm.errors import EarshotError, InvalidInputError, RefusedError
from bpm.processes.catalogue import ProcessFolder, read_folder

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES_OR_FOLDERS = click.Path(exists=True, path_type=Path)
BAD = frozenset({"wrong", "error"})


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--json", "as_json", is_flag=True, help='Print {"files": [{"file","deployable","findings","seconds"}]}.')
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check BPMN FILES: every problem with its element, line and remedy. Exit code 0 if all are deployable."""
    warm_up()
    reports = []
    for file in files:
        prepared, seconds = _check(file)
        reports.append({**as_report(prepared, seconds), "file": str(file)})
        if not as_json:
            _print_findings(str(file), prepared, seconds)
    if as_json:
        emit({"files": reports})
    sys.exit(0 if all(report["deployable"] for report in reports) else 1)


def _check(file: Path) -> tuple[Prepared, float]:
    started = time.perf_counter()
    prepared = engine.check(file.read_bytes(), file.name)
    return prepared, time.perf_counter() - started


def _print_findings(file: str, prepared: Prepared, seconds: float) -> None:
    verdict = "deployable" if prepared.deployable else "NOT deployable"
    click.echo(f"{file}: {verdict} ({seconds:.2f} s)")
    for finding in prepared.findings:
        click.echo(f"  {_line(finding)}")
        if finding.remedy:
            click.echo(f"          {finding.remedy}")


def _line(finding: Finding) -> str:
    where = [
        finding.element,
        f"({finding.name})" if finding.name else "",
        f"line {finding.line}" if finding.line else "",
    ]
    at = " ".join(part for part in where if part)
    return f"{finding.severity:<7} {finding.code}{f' at {at}' if at else ''}: {finding.message}"


@click.command()
@click.argument("paths", nargs=-1, required=True, type=FILES_OR_FOLDERS)
@click.option("--key", default=None, help="Key of the process; of a file its process id, of a folder its name.")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--draft", is_flag=True, help="Deploy only: it goes live when the departments have signed it.")
@click.option("--json", "as_json", is_flag=True, help='Print {"deployed": [...]}, one object for each path.')
def deploy(paths: tuple[Path, ...], key: str | None, note: str, draft: bool, as_json: bool) -> None:
    """Deploy BPMN files, or folders with <key>.bpmn, forms/*.json and tests.json.

    The tests of a folder run first; a red one blocks. Without --draft the version goes live, and the sign-offs are
    recorded as given at the console.
    """
    if key and len(paths) > 1:
        raise click.UsageError("--key names one process: give one path.")
    app = opened()
    results = [_deploy_path(app, path, key=key, note=note, live=not draft) for path in paths]
    if as_json:
        emit({"deployed": results})
    else:
        for result in results:
            _print_deployed(result)
    sys.exit(0 if all(result["ok"] for result in results) else 1)


def _deploy_path(app: App, path: Path, *, key: str | None, note: str, live: bool) -> dict[str, Any]:
    """What became of one path: {"path", "ok", "key", "version", "status", "findings", "tests", "error"}."""
    try:
        folder = read_folder(path) if path.is_dir() else _single(path)
        prepared = engine.check(folder.source, folder.file_name)
        tests = engine.run_tests(prepared, folder.tests) if prepared.deployable else []
        return {"path": str(path), **_deploy(app, folder, prepared, tests, key=key, note=note, live=live)}
    except RefusedError as error:
        findings = [finding.as_dict() for finding in error.findings if isinstance(finding, Finding)]
        return {"path": str(path), "ok": False, "error": str(error), "findings": findings}
    except EarshotError as error:
        return {"path": str(path), "ok": False, "error": str(error), "findings": []}


def _single(path: Path) -> ProcessFolder:
    return ProcessFolder(key="", file_name=path.name, source=path.read_bytes(), forms={}, tests=[], triggers=[])


def _deploy(
    app: App,
    folder: ProcessFolder,
    prepared: Prepared,
    tests: Sequence[CaseResult],
    *,
    key: str | None,
    note: str,
    live: bool,
) -> dict[str, Any]:
    red = [f"{case.id} is {case.outcome}: {case.detail}" for case in tests if case.outcome != "pass"]
    if red:
        raise RefusedError("A test is red.", place=folder.file_name, remedy="; ".join(red))
    with app.unit_of_work() as work:
        version = engine.deploy(
            work,
            prepared,
            key=key or folder.key or None,
            note=note,
            forms=folder.forms,
            tests=folder.tests,
            test_results=tests,
        )
        if live:
            for department in work.settings.sign_offs:
                engine.sign(work, version.id, department, method="console")
            engine.go_live(work, version.id)
        definition = get_version(work, version.id)
        return {
            "ok": True,
            "key": definition.key,
            "version": version.number,
            "status": version.status,
            "tests": len(tests),
            "findings": [finding.as_dict() for finding in prepared.findings],
        }


def _print_deployed(result: dict[str, Any]) -> None:
    if not result["ok"]:
        click.echo(f"{result['path']}: {result['error']}", err=True)
        for finding in result["findings"]:
            if finding["severity"] == "error":
                click.echo(f"  {_line(Finding(**finding))}", err=True)
        return
    tested = f", {result['tests']} test(s) green" if result["tests"] else ""
    click.echo(f"{result['path']}: {result['key']} version {result['version']} is {result['status']}{tested}.")


@click.command("test")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--json", "as_json", is_flag=True, help='Print {"cases": [{"id","outcome","detail"}]}.')
def test(files: tuple[Path, ...], as_json: bool) -> None:
    """Run the process tests in FILES (JSON; models are named relative to each file's folder).

    Outcomes: pass, refused (named at upload), wrong, error. Exit code 0 only if none is wrong or error.
    """
    results = [result for file in files for result in _run_cases(file)]
    if as_json:
        emit({"cases": [{"id": r.id, "outcome": r.outcome, "detail": r.detail} for r in results]})
    else:
        for result in results:
            click.echo(f"{result.outcome:<8} {result.id}{f'  {result.detail}' if result.detail else ''}")
        click.echo(", ".join(f"{n} {name}" for name, n in _tally(results).items()) or "There are no cases.")
    sys.exit(1 if any(result.outcome in BAD for result in results) else 0)


def _run_cases(file: Path) -> list[CaseResult]:
    try:
        read = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"This is no JSON: {error}.", place=str(file), remedy="Mend the file.") from error
    cases = read.get("cases") if isinstance(read, dict) else read
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise InvalidInputError(
            "There are no cases in it.", place=str(file), remedy='Write a list of cases, or {"cases": [...]}.'
        )
    models = [path.name for path in sorted(file.parent.glob("*.bpmn"))]
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
