"""`earshot rollups`: the sums by day and the daybook, which measures and costs are read from."""

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.processes.measures import rollups as sums


@click.group()
def rollups() -> None:
    """What measures and costs are read from; a worker keeps it in step with the rows by itself."""


@rollups.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def rebuild(*, as_json: bool) -> None:
    """Throw all sums away and work them out of the rows again; figures stay what they are."""
    days = sums.rebuild_rollups(opened().unit_of_work)
    if as_json:
        emit({"days": days})
        return
    click.echo(f"{days} days of versions are summed.")
