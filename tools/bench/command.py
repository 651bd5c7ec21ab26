"""`earshot bench`: what a step, a start, a list and a reading cost, beside plain libraries; and what a load does."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from bpm.cli import emit
from bpm.feedback.classification.train.speed import classification_speed
from tools.bench import cluster
from tools.bench.costs import request_costs
from tools.bench.growth import report
from tools.bench.load import Size, run_load
from tools.bench.measuring import Install, measure
from tools.bench.product import Product
from tools.bench.report import cost_table, load_table, machine, table, write

_WRITE = click.option(
    "--write", "page", type=click.Path(exists=True, path_type=Path), help="Keep the result in this page too."
)
_DATABASE = click.option(
    "--database", "databases", type=click.Choice(["sqlite", "postgresql"]), multiple=True, help="Both, by default."
)


@click.group(invoke_without_command=True)
@click.option("--instances", default=150, show_default=True, help="P1 instances that are run.")
@click.option("--rounds", default=5_000, show_default=True, type=click.IntRange(40), help="Rounds of the longest loop.")
@click.option("--items", default=100_000, show_default=True, help="Open work items of the longest list.")
@_DATABASE
@_WRITE
@click.option("--json", "as_json", is_flag=True, help="Print {machine, <database>: {figure: value}, classifier}.")
@click.pass_context
def bench(
    context: click.Context,
    instances: int,
    rounds: int,
    items: int,
    databases: tuple[str, ...],
    page: Path | None,
    as_json: bool,
) -> None:
    """Measure on databases of its own; takes some minutes. Nothing of yours is touched.

    PostgreSQL: that of EARSHOT_TEST_POSTGRES_URL, else a throw-away cluster of the one that is installed.
    """
    if context.invoked_subcommand is not None:
        return
    began_on = machine()
    chosen = databases or ("sqlite", *(["postgresql"] if cluster.is_at_hand() else []))
    figures = {
        name: _measure(name, instances=instances, rounds=rounds, items=items)
        for name in dict.fromkeys(chosen)
    }  # fmt: skip
    speed = classification_speed()
    figures["classifier"] = {name: speed[name] for name in ("classify_per_s", "classify_share")}
    _tell("figures", {"machine": began_on, **figures}, [*table(figures), "", began_on], page=page, as_json=as_json)


def _measure(database: str, *, instances: int, rounds: int, items: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder, _installing(database) as install:
        return measure(Path(folder), install, instances=instances, rounds=rounds, items=items)


@contextmanager
def _installing(database: str) -> Iterator[Install]:
    """Makes fresh installations on that database, until the block's end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="earshot-bench-")))
        server = stack.enter_context(cluster.server()) if database == "postgresql" else None

        def install(name: str) -> Product:
            url = "" if server is None else stack.enter_context(cluster.database(server, f"earshot_bench_{name}"))
            return Product.install(folder / name, database_url=url)

        yield install


@bench.command()
@click.option("--clients", default=20, show_default=True)
@click.option("--seconds", default=15.0, show_default=True, help="How long each kind of request is asked for.")
@click.option("--instances", default=10_000, show_default=True, help="Open instances before it begins.")
@click.option("--jobs", default=1_500, show_default=True)
@click.option("--items", default=10_000, show_default=True, help="Feedback items of the burst.")
@click.option("--workers", default=2, show_default=True)
@_WRITE
@click.option("--json", "as_json", is_flag=True, help="Print {machine, readings, jobs_per_s, burst_s, web_mb …}.")
def load(
    clients: int,
    seconds: float,
    instances: int,
    jobs: int,
    items: int,
    workers: int,
    page: Path | None,
    as_json: bool,
) -> None:
    """Put real processes over PostgreSQL under load from another process on loopback; takes some minutes."""
    began_on = machine()
    size = Size(clients=clients, seconds=seconds, instances=instances, jobs=jobs, items=items, workers=workers)
    with (
        tempfile.TemporaryDirectory(prefix="earshot-load-") as folder,
        cluster.server() as server,
        cluster.database(server, "earshot_bench_load") as url,
    ):
        found = run_load(Path(folder), url, size, say=partial(click.echo, err=True))
    _tell(
        "load", {"machine": began_on, **asdict(found)}, [*load_table(found), "", began_on], page=page, as_json=as_json
    )


@bench.command()
@click.option("--requests", default=150, show_default=True, type=click.IntRange(1), help="Of each kind.")
@_DATABASE
@_WRITE
@click.option("--json", "as_json", is_flag=True, help="Print {machine, <database>: {figure: value}}.")
def costs(requests: int, databases: tuple[str, ...], page: Path | None, as_json: bool) -> None:
    """Count what one request takes: processor time, SQL statements, transactions, bytes; in process, one at a time."""
    began_on = machine()
    chosen = databases or ("sqlite", *(["postgresql"] if cluster.is_at_hand() else []))
    figures = {name: _measure_costs(name, requests) for name in dict.fromkeys(chosen)}
    _tell("costs", {"machine": began_on, **figures}, [*cost_table(figures), "", began_on], page=page, as_json=as_json)


def _measure_costs(database: str, requests: int) -> dict[str, float]:
    with _installing(database) as install:
        product = install("costs")
        figures = request_costs(product, requests=requests)
        product.close()
        return figures


@bench.command()
@_WRITE
@click.option("--json", "as_json", is_flag=True, help="Print {lines}.")
def growth(page: Path | None, as_json: bool) -> None:
    """Calculate what one cell carries and what a thousand times the load needs; a simulation, nothing is run."""
    lines = list(report())
    _tell("growth", {"lines": lines}, lines, page=page, as_json=as_json)


def _tell(part: str, said: dict[str, object], lines: list[str], *, page: Path | None, as_json: bool) -> None:
    if page is not None:
        write(page, part, lines)
    if as_json:
        emit(said)
        return
    click.echo("\n".join(lines))
