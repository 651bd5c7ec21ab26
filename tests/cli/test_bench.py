"""What the bench measures is the product itself: over HTTP, signed in, within its budget of statements."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.foundation.errors import EarshotError
from tools.bench.costs import request_costs
from tools.bench.filling import copy_instance
from tools.bench.measuring import measure, run_row
from tools.bench.naive import Baseline
from tools.bench.product import Product, put_live
from tools.bench.report import MEANINGS, cost_table, table, write
from tools.bench.workload import ROW, ROW_FORMS


def test_a_start_over_http_takes_at_most_8_statements_and_a_step_at_most_11(tmp_path: Path) -> None:
    product = Product.install(tmp_path / "product")
    put_live(product.app, ROW)
    baseline = Baseline(tmp_path / "baseline.db", ROW, "p1")
    figures = run_row(product, baseline, instances=3)
    baseline.close()
    with product.app.unit_of_work.reading() as work:
        states = [row[0] for row in work.session.connection().exec_driver_sql("SELECT status FROM process_instance")]
    product.close()
    assert set(states) == {"completed"}
    assert 0 < figures["sql_per_start"] <= 8
    assert 0 < figures["sql_per_step"] <= 11
    assert figures["p1_step_ms"] > 0
    assert set(figures) <= set(MEANINGS)


def test_the_bench_goes_through_the_front_door(tmp_path: Path) -> None:
    product = Product.install(tmp_path / "product")
    put_live(product.app, ROW)
    product.token = "forged"
    with pytest.raises(EarshotError, match="400"):
        product.start("p1")
    product.close()


def test_the_list_that_is_measured_holds_so_many_open_items(tmp_path: Path) -> None:
    product = Product.install(tmp_path / "product")
    put_live(product.app, ROW)
    product.fill("p1", 700)
    page = product.get("/tasks?scope=groups")
    product.close()
    assert page.count('id="task-') >= 50 or page.count("/tasks/") >= 50


@pytest.mark.both_databases
def test_copies_of_a_started_instance_are_whole_and_go_on(app: App) -> None:
    put_live(app, ROW)
    with app.unit_of_work() as work:
        sample = engine.start(work, "p1", {}).id
        copies = copy_instance(work, sample, times=12)
    with app.unit_of_work() as work:
        later = engine.start(work, "p1", {}).id
        assert engine.check_invariants(work) == []
        items = work.session.scalars(select(WorkItem.id).where(WorkItem.instance_id.in_([copies[0], later]))).all()
    for item in items:
        with app.unit_of_work() as work:
            engine.complete(work, item, ROW_FORMS[0])
    with app.unit_of_work() as work:
        assert engine.check_invariants(work) == []
        assert work.session.scalar(select(func.count()).where(WorkItem.status == "open")) == 14
        assert later not in copies


def test_everything_is_measured_on_one_database_and_every_figure_has_a_meaning(tmp_path: Path) -> None:
    figures = measure(tmp_path, lambda name: Product.install(tmp_path / name), instances=2, rounds=40, items=1_000)
    assert figures["p2_rounds"] == 40
    assert {"p2_step_10_ms", "naive_p2_step_10_ms", "list_1000_ms", "step_over_naive"} <= set(figures)
    assert set(figures) <= set(MEANINGS)
    lines = table({"sqlite": figures, "classifier": {"classify_per_s": 1000.0}})
    assert lines[0] == "| figure | sqlite | classifier | |"
    assert sum(line.startswith("| `") for line in lines) == len(figures) + 1


def test_a_page_keeps_the_newest_figures_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- load -->\nold\n<!-- /load -->\nafter\n")
    for _ in range(2):
        write(page, "load", ["new"])
    assert page.read_text() == "before\n<!-- load -->\nnew\n<!-- /load -->\nafter\n"
    with pytest.raises(EarshotError, match="no place"):
        write(page, "figures", ["new"])


def test_what_a_request_takes_is_counted_for_each_kind_and_stands_in_a_table(tmp_path: Path) -> None:
    product = Product.install(tmp_path / "product")
    figures = request_costs(product, requests=2)
    product.close()
    assert {name.removesuffix("_statements") for name in figures if name.endswith("_statements")} == {
        "complete", "start", "task_list", "inbox", "webhook", "live_marks",
    }  # fmt: skip
    assert {name: value for name, value in figures.items() if not value > 0} == {}
    lines = cost_table({"sqlite": figures, "postgresql": figures})
    assert sum(line.startswith("| task list |") for line in lines) == 2


def test_the_bench_is_found_from_any_folder(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "from bpm.cli import main; main()", "bench", "--help"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "costs" in done.stdout) == (0, True), done.stderr
