"""`earshot deploy`: process models from files or folders into the database, and live."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bpm.app import App
from bpm.cli import emit
from bpm.cli.check import line_of
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine.checking import CaseResult, Prepared
from bpm.engine.findings import Finding
from bpm.engine.queries import get_version
from bpm.foundation.errors import EarshotError, RefusedError
from bpm.processes import SERVICE_TASKS
from bpm.processes.catalogue import ProcessFolder, read_folder

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES_OR_FOLDERS = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=FILES_OR_FOLDERS)
@click.option("--key", default=None, help="Key of the process; of a file its process id, of a folder its name.")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--decisions", multiple=True, type=FILES, help="A DMN file whose decisions the models use; repeatable.")
@click.option("--draft", is_flag=True, help="Deploy only: it goes live when the departments have signed it.")
@click.option("--json", "as_json", is_flag=True, help='Print {"deployed": [...]}, one object for each path.')
def deploy(
    paths: tuple[Path, ...], key: str | None, note: str, decisions: tuple[Path, ...], draft: bool, as_json: bool
) -> None:
    """Deploy BPMN files, or folders with <key>.bpmn, *.dmn, forms/*.json and tests.json.

    The tests of a folder run first; a red one blocks. Without --draft the version goes live, and the sign-offs are
    recorded as given at the console.
    """
    if key and len(paths) > 1:
        raise click.UsageError("--key names one process: give one path.")
    app = opened()
    rules = {path.name: path.read_bytes() for path in decisions}
    results = [_deploy_path(app, path, rules, key=key, note=note, live=not draft) for path in paths]
    if as_json:
        emit({"deployed": results})
    else:
        for result in results:
            _print_deployed(result)
    sys.exit(0 if all(result["ok"] for result in results) else 1)


def _deploy_path(
    app: App, path: Path, decisions: Mapping[str, bytes], *, key: str | None, note: str, live: bool
) -> dict[str, Any]:
    """What became of one path: {"path", "ok", "key", "version", "status", "findings", "unmet", "tests", "error"}."""
    try:
        folder = read_folder(path) if path.is_dir() else _single(path)
        folder = replace(folder, decisions={**folder.decisions, **decisions})
        prepared = engine.check(folder.source, folder.file_name, decisions=folder.decisions, forms=folder.forms)
        tests = engine.run_tests(prepared, folder.tests) if prepared.deployable else []
        drawing = engine.drawing_of(folder.source)
        return {"path": str(path), **_deploy(app, folder, prepared, tests, drawing, key=key, note=note, live=live)}
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
    drawing: engine.Drawing,
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
            drawing=drawing,
        )
        if live:
            for department in work.settings.sign_offs:
                engine.sign(work, version.id, department, method="console")
            engine.go_live(work, version.id)
        definition = get_version(work, version.id)
        here = engine.unmet_by_version(work, version.id, SERVICE_TASKS)
        return {
            "ok": True,
            "key": definition.key,
            "version": version.number,
            "status": version.status,
            "tests": len(tests),
            "findings": [finding.as_dict() for finding in (*prepared.findings, *here)],
            "unmet": [finding.as_dict() for finding in here],
        }


def _print_deployed(result: dict[str, Any]) -> None:
    if not result["ok"]:
        click.echo(f"{result['path']}: {result['error']}", err=True)
        for finding in result["findings"]:
            if finding["severity"] == "error":
                click.echo(f"  {line_of(Finding(**finding))}", err=True)
        return
    tested = f", {result['tests']} test(s) green" if result["tests"] else ""
    click.echo(f"{result['path']}: {result['key']} version {result['version']} is {result['status']}{tested}.")
    for finding in result["unmet"]:
        click.echo(f"  {line_of(Finding(**finding))}")
        click.echo(f"          {finding['remedy']}")
