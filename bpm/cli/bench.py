"""`earshot bench`: what a step, a start, a list and a reading cost, beside plain libraries in the same run."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import click

from bpm.cli import emit
from bpm.cli.benching.product import Product, put_live, stopwatch
from bpm.cli.benching.workload import LOOP, ROW, ROW_FORMS, loop_form
from bpm.engine.spiff.baseline import Baseline
from bpm.feedback.classification.speed import classification_speed

EARLY, LATE, WINDOW = 10, 1000, 20
MEANINGS = {
    "p1_step_ms": "complete one work item of P1, over HTTP, committed (median)",
    "p1_start_ms": "start an instance of P1, over HTTP, committed (median)",
    "naive_step_ms": "the same step in plain SpiffWorkflow with SQLite, without HTTP (median)",
    "p2_growth": f"step at round {LATE:,} over step at round {EARLY} of a loop",
    "sql_per_step": "SQL statements of a step (most)",
    "sql_per_start": "SQL statements of a start (most)",
    "bytes_per_instance": "bytes that the database keeps of a finished P1 instance",
    "list_growth": "list of 50 work items with 10,000 open over the same with 1,000",
    "classify_per_s": "short texts classified in a second",
    "classify_share": "the same over bare nlp.pipe on the same pipeline",
}


@click.command()
@click.option("--instances", default=150, show_default=True, help="P1 instances that are run.")
@click.option("--items", default=10_000, show_default=True, help="Open work items of the longer list.")
@click.option("--json", "as_json", is_flag=True, help=f"Print {{{', '.join(MEANINGS)}}}.")
def bench(instances: int, items: int, as_json: bool) -> None:
    """Measure on databases of its own in a temporary folder; takes about a minute. Nothing of yours is touched."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        product = Product.install(Path(folder) / "main")
        put_live(product.app, ROW)
        put_live(product.app, LOOP)
        baseline = Baseline(Path(folder) / "baseline.db", ROW, "p1")
        figures = {**run_row(product, baseline, instances), "p2_growth": loop_growth(product)}
        baseline.close()
        product.close()
        figures["list_growth"] = list_growth(Path(folder), items)
    speed = classification_speed()
    figures |= {name: speed[name] for name in ("classify_per_s", "classify_share")}
    ordered = {name: round(figures[name], 3) for name in MEANINGS}
    if as_json:
        emit(ordered)
        return
    for name, value in ordered.items():
        click.echo(f"{name:<20} {value:>10}   {MEANINGS[name]}")


def run_row(product: Product, baseline: Baseline, instances: int) -> dict[str, Any]:
    """P1 from start to end, product and baseline in turns, so that whatever else the machine does meets both."""
    starts: list[float] = []
    steps: list[float] = []
    naive: list[float] = []
    most = {"start": 0, "step": 0}
    warm_up = 5
    before = product.stored_bytes()
    for number in range(instances + warm_up):
        if number == warm_up:
            before = product.stored_bytes()
            for times in (starts, steps, naive):
                times.clear()
            most = {"start": 0, "step": 0}
        with stopwatch(starts):
            instance = product.start("p1")
        most["start"] = max(most["start"], len(product.statements))
        baseline.start(number)
        for form in ROW_FORMS:
            item = product.open_item(instance)
            with stopwatch(steps):
                product.complete(item, form)
            most["step"] = max(most["step"], len(product.statements))
            with stopwatch(naive):
                baseline.step(number, dict(form))
    return {
        "p1_step_ms": median(steps),
        "p1_start_ms": median(starts),
        "naive_step_ms": median(naive),
        "sql_per_step": most["step"],
        "sql_per_start": most["start"],
        "bytes_per_instance": (product.stored_bytes() - before) / instances,
    }


def loop_growth(product: Product) -> float:
    """P2: rounds around the late one and around the early one in turns, as a ratio of medians."""
    old = product.start("p2")
    _rounds(product, old, 1, LATE - WINDOW // 2)
    early: list[float] = []
    late: list[float] = []
    for number in range(WINDOW):
        young = product.start("p2")
        _rounds(product, young, 1, EARLY)
        _one_round(product, young, EARLY, early)
        _one_round(product, old, LATE - WINDOW // 2 + number, late)
    return median(late) / median(early)


def _rounds(product: Product, instance: int, first: int, end: int) -> None:
    for i in range(first, end):
        _one_round(product, instance, i, [])


def _one_round(product: Product, instance: int, i: int, times: list[float]) -> None:
    item = product.open_item(instance)
    with stopwatch(times):
        product.complete(item, loop_form(i, 2 * LATE))


def list_growth(folder: Path, items: int) -> float:
    """The page with the list of work items, of a short and a long one in turns, as a ratio of medians."""
    lists = []
    for number in (1000, items):
        product = Product.install(folder / f"list-{number}")
        put_live(product.app, ROW)
        product.fill("p1", number)
        lists.append((product, list[float]()))
    for _ in range(40):
        for product, times in lists:
            with stopwatch(times):
                product.get("/tasks?scope=groups")
    for product, _ in lists:
        product.close()
    short, long = (median(times[10:]) for _, times in lists)
    return long / short
