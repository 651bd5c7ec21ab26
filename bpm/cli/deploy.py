"""`earshot deploy`: process models from files, folders or archives into the database; a first version goes live."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bpm.app import App
from bpm.cli import emit
from bpm.cli.check import line_of
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine.findings import Finding
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import EarshotError, RefusedError
from bpm.foundation.texts import _
from bpm.processes import SERVICE_TASKS
from bpm.processes.bundles import DeployedBundle, deploy_bundle, difference_to, left_out_findings

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES_OR_FOLDERS = click.Path(exists=True, path_type=Path)
SORTS = ("kept", "changed", "added", "removed")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=FILES_OR_FOLDERS)
@click.option("--key", default="", help="Key of the process; of a file its process id, of a folder its name.")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--decisions", multiple=True, type=FILES, help="A DMN file whose decisions the models use; repeatable.")
@click.option("--remove", multiple=True, metavar="NAME", help="A part of the live version that is to go; repeatable.")
@click.option("--draft", is_flag=True, help="Deploy only: it goes live when the departments have signed it.")
@click.option("--unsigned", default="", metavar="REASON", help="Why it goes live without signatures; kept on record.")
@click.option("--json", "as_json", is_flag=True, help='Print {"deployed": [...]}, one object for each bundle.')
def deploy(
    paths: tuple[Path, ...],
    key: str,
    note: str,
    decisions: tuple[Path, ...],
    remove: tuple[str, ...],
    draft: bool,
    unsigned: str,
    as_json: bool,
) -> None:
    """Deploy BPMN files, folders or zip archives with *.bpmn, *.dmn, forms, tests.json and triggers.json.

    Files without a model belong to the one model beside them, or with --key to the live version of that process.
    What the live version has and was not sent is carried over; --remove form:NAME (tests:, decision:, trigger:) lets it
    go. The tests run first; a red one blocks. A first version goes live; a next one stays a draft until the departments
    have signed it, unless --unsigned says why not.
    """
    if draft and unsigned.strip():
        raise click.UsageError(_("--draft and --unsigned contradict each other."))
    bundles = _bundles(paths)
    if key and len(bundles) > 1:
        raise click.UsageError(_("--key names one process: give one path."))
    app = opened()
    options = {"key": key.strip(), "note": note, "remove": remove, "draft": draft, "unsigned": unsigned.strip()}
    results = [_deploy_paths(app, [*bundle, *decisions], options) for bundle in bundles]
    if as_json:
        emit({"deployed": results})
    else:
        for result in results:
            _print_deployed(result)
    sys.exit(0 if all(result["ok"] for result in results) else 1)


def _bundles(paths: Sequence[Path]) -> list[list[Path]]:
    """The paths of each version: every model, folder or archive is one; files beside a single one belong to it."""
    own = [path for path in paths if path.is_dir() or _is_model(path)]
    beside = [path for path in paths if path not in own]
    if len(own) <= 1:
        return [[*own, *beside]]
    if beside:
        names = ", ".join(path.name for path in beside)
        message = _("There are several models, so it is not clear which of them these files belong to: %(names)s.")
        raise click.UsageError(message % {"names": names})
    return [[path] for path in own]


def _is_model(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as file:
        return engine.is_model(path.name, file.read(100_000))


def _deploy_paths(app: App, paths: Sequence[Path], options: dict[str, Any]) -> dict[str, Any]:
    """What became of one bundle, see README, "What `earshot deploy --json` prints"."""
    first = {"path": str(paths[0])}
    nothing: dict[str, Any] = {"findings": [], **{sort: [] for sort in SORTS}}
    came = None
    try:
        folder = len(paths) == 1 and paths[0].is_dir()
        came = engine.read_bundle([file for path in paths for file in engine.files_in(path)], whole=folder)
        deployed = deploy_bundle(app.unit_of_work, came, **options)
    except RefusedError as error:
        findings = [finding.as_dict() for finding in error.findings if isinstance(finding, Finding)]
        return {**first, "ok": False, "error": str(error), **nothing, "findings": findings, **_told(app, came, options)}
    except EarshotError as error:
        return {**first, "ok": False, "error": str(error), **nothing}
    with app.unit_of_work.reading() as work:
        here = engine.unmet_by_version(work, deployed.version_id, SERVICE_TASKS)
    found = (*deployed.findings, *here, *left_out_findings(came.left_out))
    return {
        **first,
        "ok": True,
        "key": deployed.key,
        "version": deployed.number,
        "status": deployed.status,
        "tests": len(deployed.tests),
        "red": list(deployed.red),
        "findings": [finding.as_dict() for finding in found],
        "unmet": [finding.as_dict() for finding in here],
        **_sorted(deployed.difference),
        "missing": _still_there(deployed),
    }


def _told(app: App, came: engine.Received | None, options: dict[str, Any]) -> dict[str, Any]:
    """What would have differed: of files that could be read, also where they are refused."""
    if came is None:
        return {}
    try:
        return _sorted(difference_to(app.unit_of_work, came, key=options["key"]))
    except EarshotError:
        return {}


def _sorted(found: engine.Difference) -> dict[str, list[dict[str, str]]]:
    return {sort: [each.as_dict() for each in getattr(found, sort)] for sort in SORTS}


def _still_there(deployed: DeployedBundle) -> list[str]:
    """Parts that did not come and were kept."""
    removed = {(each.kind, each.name) for each in deployed.difference.removed}
    return [str(part) for part in deployed.missing if (part.kind, part.name) not in removed]


def _print_deployed(result: dict[str, Any]) -> None:
    if not result["ok"]:
        click.echo(f"{result['path']}: {result['error']}", err=True)
        for finding in result["findings"]:
            if finding["severity"] == "error":
                click.echo(f"  {line_of(Finding(**finding))}", err=True)
        return
    green = result["tests"] - len(result["red"])
    tested = f", {green} of {result['tests']} test(s) green" if result["tests"] else ""
    click.echo(f"{result['path']}: {result['key']} version {result['version']} is {result['status']}{tested}.")
    if result["status"] == VersionStatus.DRAFT:
        click.echo("  It goes live when the departments have signed it, or with --unsigned REASON.")
    for sort in ("changed", "added", "removed"):
        if result[sort]:
            click.echo(f"  {sort}: {', '.join(dict.fromkeys(_named(each) for each in result[sort]))}")
    if result["missing"]:
        click.echo(f"  not sent and kept: {', '.join(result['missing'])}; --remove NAME lets one go")
    for red in result["red"]:
        click.echo(f"  red: {red}")
    for finding in result["unmet"]:
        click.echo(f"  {line_of(Finding(**finding))}")
        click.echo(f"          {finding['remedy']}")


def _named(change: dict[str, Any]) -> str:
    return " ".join(filter(None, (f"{change['kind']}:{change['name']}", change["property"])))
