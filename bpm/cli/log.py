"""`earshot log`: logs of processes that run elsewhere, taken in."""

from dataclasses import asdict
from pathlib import Path

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.foundation.errors import InvalidInputError
from bpm.processes import outside

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """Take in what cases of other systems lived through; `earshot export log` hands out our own."""


@log.command("import")
@click.argument("file", type=FILE)
@click.option("--process", "key", required=True, help="Key of the process; made where it is not known yet.")
@click.option("--diagram", type=FILE, help="BPMN file that draws it; activities are found by id or name.")
@click.option("--zone", default="", help="IANA name of the zone of times that tell none; else UTC.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Where the file does not show it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def import_(file: Path, key: str, diagram: Path | None, zone: str, date_order: str | None, as_json: bool) -> None:
    """Take in FILE (.csv: case_id, activity, started_at, completed_at [, version, group, customer]; or .xes).

    The same file again adds nothing; every row that does not come in is named with its place.
    """
    app = opened()
    report = outside.import_log(
        app.unit_of_work,
        file,
        key=key,
        diagram=(diagram.name, diagram.read_bytes()) if diagram else None,
        options=outside.LogOptions(zone=zone.strip(), order=date_order or ""),
    )
    if as_json:
        told = asdict(report)
        by_kind = {kind: [each for each in told["problems"] if each["kind"] == kind] for kind in KINDS}
        told.pop("problems")
        emit(told | {KINDS[kind]: _places(found) for kind, found in by_kind.items()})
    else:
        counts = f"{report.new} new, {report.changed} changed, {report.known} known"
        click.echo(f"Run {report.run}: {counts}, {report.left_out} left out, {report.failed} failed.")
        for each in report.problems:
            click.echo(f"  {each.place}: {'' if each.kind == 'failed' else each.kind + ': '}{each.reason}")
        if report.unmatched:
            click.echo(f"  Not on the diagram: {', '.join(report.unmatched)}.")
    if report.problem:
        raise InvalidInputError(report.problem, place=file.name)


KINDS = {"failed": "errors", "left out": "ignored", "warning": "warnings"}
"""Kind of a problem -> its list in the document."""


def _places(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"place": each["place"], "reason": each["reason"]} for each in found]
