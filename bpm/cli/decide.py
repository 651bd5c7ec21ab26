"""`earshot decide`: what a decision of a DMN file comes to for given values, without a database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from bpm.cli import emit
from bpm.engine import decisions
from bpm.engine.checking import check_decisions
from bpm.engine.decisions import DecisionFile
from bpm.foundation.clock import SystemClock
from bpm.foundation.errors import InvalidInputError, RefusedError

_EXAMPLE = """Write --input '{"amount": 40}'."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.argument("beside", nargs=-1, type=FILE)
@click.option("--decision", default="", help="Id of the decision; by default the one that no other requires.")
@click.option("--input", "values", default="{}", help="The variables, as a JSON object.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print {"decision", "value", "rules": [...], "rows": [...], "notes": [...]}.',
)
def decide(file: Path, beside: tuple[Path, ...], decision: str, values: str, as_json: bool) -> None:
    """Decide by the DMN FILE: the result and the numbers of the rules that hold.

    BESIDE are DMN files that it imports.
    """
    read = check_decisions(file.read_bytes(), file.name, {each.name: each.read_bytes() for each in beside})
    if not read.deployable:
        raise RefusedError("The decisions must be mended first.", findings=read.findings, place=str(file),
                           remedy=f"See: earshot check {file}")  # fmt: skip
    known = {**read.imported, **read.decisions}
    outcome = decisions.decide(known, decision or _last(read), _object(values), now=SystemClock().now())
    if as_json:
        emit({"decision": outcome.decision, "value": outcome.value, "rules": outcome.matched, "rows": outcome.rows,
              "notes": outcome.notes})  # fmt: skip
        return
    click.echo(orjson.dumps(outcome.value).decode())
    if known[outcome.decision].table is not None:
        click.echo(f"Rules that hold: {', '.join(map(str, outcome.matched)) or 'none'}.")
    for note in outcome.notes:
        click.echo(f"Note: {note}.")


def _last(read: DecisionFile) -> str:
    needed = {each for decision in read.decisions.values() for each in decision.requires}
    last = [name for name in read.decisions if name not in needed]
    if len(last) != 1:
        raise InvalidInputError(
            "The file has several decisions.",
            place=read.file_name,
            remedy=f"Name one by --decision: {', '.join(last)}.",
        )
    return last[0]


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"--input is no JSON: {error}.", remedy=_EXAMPLE) from error
    if not isinstance(found, dict):
        raise InvalidInputError("--input is no JSON object.", remedy=_EXAMPLE)
    return found
