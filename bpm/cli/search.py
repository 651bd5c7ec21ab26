"""`earshot search`: looks after the one index that people search, and asks it."""

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.search import compare
from bpm.search import rebuild as rebuild_index
from bpm.wiring import SEARCHED


@click.group()
def search() -> None:
    """Look after the full-text index; `earshot doctor` says whether it holds all there is."""


@search.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"indexed": {kind: rows}}.')
def rebuild(as_json: bool) -> None:
    """Empty the index and fill it anew; safe to repeat, and while people work."""
    app = opened()
    done = rebuild_index(app.unit_of_work, SEARCHED)
    app.close()
    if as_json:
        emit({"indexed": done})
        return
    for kind, rows in done.items():
        click.echo(f"{kind}: {rows} indexed")


@search.command()
@click.option("--json", "as_json", is_flag=True, help='Print [{"kind", "rows", "held", "filled"}].')
def status(as_json: bool) -> None:
    """Say of each kind how many there are and how many the index holds."""
    app = opened()
    with app.unit_of_work.reading() as work:
        found = compare(work, SEARCHED)
    app.close()
    if as_json:
        emit([{"kind": each.kind, "rows": each.rows, "held": each.held, "filled": each.is_filled} for each in found])
        return
    for each in found:
        click.echo(f"{each.kind}: {each.held} of {each.rows}{'' if each.is_filled else ', being filled'}")
