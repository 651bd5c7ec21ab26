"""The calculated plan: its simulation agrees with theory, and the page says what it says."""

from math import factorial
from pathlib import Path

import pytest

from tools.bench import growth
from tools.bench.cell import Kind, Machine, simulate

PAGE = Path(__file__).parents[2] / "docs" / "growing.md"


@pytest.mark.parametrize(("cores", "busy"), [(1, 0.5), (2, 0.7), (4, 0.8)])
def test_waiting_for_one_station_is_what_erlang_calculated(cores: int, busy: float) -> None:
    takes = 10.0
    kind = Kind("read", rate=busy * cores / takes * 1000, database=takes, commits=0)
    outcome = simulate((kind,), machine(cores), requests=60_000)
    mean = sum(outcome.times["read"]) / len(outcome.times["read"])
    assert mean == pytest.approx(takes + erlang_wait(cores, busy, takes), rel=0.1)
    assert outcome.busy["database"] == pytest.approx(busy, rel=0.05)


def erlang_wait(cores: int, busy: float, takes: float) -> float:
    """Mean wait in an M/M/c queue (Erlang's C formula)."""
    offered = busy * cores
    all_taken = offered**cores / factorial(cores) / (1 - busy)
    waits = all_taken / (sum(offered**n / factorial(n) for n in range(cores)) + all_taken)
    return waits * takes / (cores * (1 - busy))


def machine(cores: int) -> Machine:
    return Machine(1, 1, database_cores=cores, flush=1.0, one_at_a_time=True)


def test_a_log_that_flushes_for_all_who_wait_is_never_full_one_that_flushes_one_by_one_is() -> None:
    writes = Kind("write", rate=1500, database=0.01)
    shared = simulate((writes,), Machine(1, 1, 4, flush=1.0, one_at_a_time=False), requests=5_000)
    alone = simulate((writes,), Machine(1, 1, 4, flush=1.0, one_at_a_time=True), requests=5_000)
    assert shared.p95("write") < 3
    assert alone.p95("write") > 100


def test_the_promised_load_is_carried_by_one_cell_and_more_than_that_at_some_time_not() -> None:
    now = [growth.read(factor, one_at_a_time=True) for factor in (1, 3, 8)]
    assert [each.carries for each in now] == [True, True, False]
    assert now[-1].tightest == "log"


def test_the_page_says_what_the_simulation_says() -> None:
    said = PAGE.read_text().split("<!-- growth -->")[1].split("<!-- /growth -->")[0].strip()
    assert said == "\n".join(growth.report()).strip()
