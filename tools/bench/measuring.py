"""What is measured on one database: P1, P2 and the lists over HTTP, with plain SpiffWorkflow in the same run."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.foundation.errors import EarshotError
from tools.bench.naive import Baseline
from tools.bench.product import Product, put_live, stopwatch
from tools.bench.workload import LOOP, ROW, ROW_FORMS, loop_form

Install = Callable[[str], Product]
"""A fresh installation under a name."""

ROUNDS = (10, 100, 400, 1000)
NAIVE_ROUNDS = (10, 100, 400)
"""Plain SpiffWorkflow does no thousand: its tree is searched a thousand deep, so that a loop ends wrongly before."""
WINDOW = 20
LISTS = (1_000, 10_000, 100_000)
LOOKS = 30
WARM_UP = 5


def measure(folder: Path, install: Install, *, instances: int, rounds: int, items: int) -> dict[str, float]:
    """Every figure of one database; `items` bounds the longest list."""
    product, baseline = install("main"), Baseline(folder / "naive-row.db", ROW, "p1")
    put_live(product.app, ROW)
    put_live(product.app, LOOP)
    figures = run_row(product, baseline, instances)
    baseline.close()
    figures |= run_loop(product, Baseline(folder / "naive-loop.db", LOOP, "p2"), rounds)
    product.close()
    return {**figures, **read_lists(install, [number for number in LISTS if number <= items])}


def run_row(product: Product, baseline: Baseline, instances: int) -> dict[str, float]:
    """P1 from start to end, product and baseline in turns, so that whatever else the machine does meets both.

    In turns by instances, not by steps: whoever comes after the other finds the processor's caches full of that one's.
    """
    starts: list[float] = []
    steps: list[float] = []
    naive: list[float] = []
    most = {"start": 0, "step": 0}
    before = product.stored_bytes()
    for number in range(instances + WARM_UP):
        if number == WARM_UP:
            before = product.stored_bytes()
            for times in (starts, steps, naive):
                times.clear()
            most = {"start": 0, "step": 0}
        with stopwatch(starts):
            instance = product.start("p1")
        most["start"] = max(most["start"], len(product.statements))
        for form in ROW_FORMS:
            item = product.open_item(instance)
            with stopwatch(steps):
                product.complete(item, form)
            most["step"] = max(most["step"], len(product.statements))
        baseline.start(number)
        for form in ROW_FORMS:
            with stopwatch(naive):
                baseline.step(number, dict(form))
    return {
        "p1_start_ms": median(starts),
        "p1_step_ms": median(steps),
        "naive_step_ms": median(naive),
        "step_over_naive": median(steps) / median(naive),
        "sql_per_start": most["start"],
        "sql_per_step": most["step"],
        "bytes_per_instance": (product.stored_bytes() - before) / instances,
    }


def run_loop(product: Product, baseline: Baseline, rounds: int) -> dict[str, float]:
    """P2: the rounds around each mark in turns; then the oldest loop goes on to its end, which has to be right."""
    marks = [mark for mark in ROUNDS if mark + WINDOW <= rounds]
    loops = {mark: _Loop(product, rounds) for mark in marks}
    naive = {mark: _NaiveLoop(baseline, mark, rounds) for mark in NAIVE_ROUNDS if mark in marks}
    for mark in marks:
        for loop in (loops[mark], *([naive[mark]] if mark in naive else [])):
            loop.go_to(mark - WINDOW // 2 if mark > WINDOW else mark)
    for number in range(WINDOW):
        turned = number % len(loops)  # another one each time comes after plain SpiffWorkflow
        for loop in (*list(loops.values())[turned:], *list(loops.values())[:turned], *naive.values()):
            loop.go(measured=True)
    baseline.close()
    figures: dict[str, float] = {f"p2_step_{mark}_ms": median(loop.times) for mark, loop in loops.items()}
    figures |= {f"naive_p2_step_{mark}_ms": median(loop.times) for mark, loop in naive.items()}
    figures["p2_growth"] = figures[f"p2_step_{marks[-1]}_ms"] / figures[f"p2_step_{marks[0]}_ms"]
    oldest = loops[marks[-1]]
    oldest.go_to(rounds + 1)
    return {**figures, "p2_rounds": oldest.visits_at_its_end()}


class _Loop:
    """One instance of P2 in the product, and how long its measured rounds took."""

    def __init__(self, product: Product, rounds: int) -> None:
        self.product, self.rounds, self.done = product, rounds, 0
        self.instance = product.start("p2")
        self.times: list[float] = []

    def go(self, *, measured: bool = False) -> None:
        self.done += 1
        item = self.product.open_item(self.instance)
        with stopwatch(self.times if measured else []):
            self.product.complete(item, loop_form(self.done, self.rounds))

    def go_to(self, mark: int) -> None:
        """Until the next round is number `mark`."""
        while self.done < mark - 1:
            self.go()

    def visits_at_its_end(self) -> int:
        """How often the user task was visited; EarshotError unless the loop has ended as it should."""
        with self.product.app.unit_of_work.reading() as work:
            status = work.session.get_one(ProcessInstance, self.instance).status
            mine = (ActivityInstance.instance_id == self.instance, ActivityInstance.element == "U")
            visits = work.session.scalar(select(func.count()).where(*mine)) or 0
        if (status, visits) != ("completed", self.rounds):
            raise EarshotError(f"After {self.rounds} rounds the loop is {status} with {visits} visits.")
        return visits


class _NaiveLoop(_Loop):
    """The same in plain SpiffWorkflow."""

    def __init__(self, baseline: Baseline, number: int, rounds: int) -> None:
        self.baseline, self.number, self.rounds, self.done = baseline, number, rounds, 0
        self.times: list[float] = []
        baseline.start(number)

    def go(self, *, measured: bool = False) -> None:
        self.done += 1
        with stopwatch(self.times if measured else []):
            self.baseline.step(self.number, loop_form(self.done, self.rounds))


def read_lists(install: Install, lengths: list[int]) -> dict[str, float]:
    """The page with the list of work items, of short and long ones in turns."""
    lists = []
    for number in lengths:
        product = install(f"list-{number}")
        put_live(product.app, ROW)
        product.fill("p1", number)
        lists.append((product, list[float]()))
    for _ in range(LOOKS + WARM_UP):
        for product, times in lists:
            with stopwatch(times):
                product.get("/tasks?scope=groups")
    for product, _times in lists:
        product.close()
    found = [median(times[WARM_UP:]) for _product, times in lists]
    figures: dict[str, Any] = {f"list_{n}_ms": ms for n, ms in zip(lengths, found, strict=True)}
    return {**figures, "list_growth": found[-1] / found[0]}
