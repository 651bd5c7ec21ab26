"""No test asserts on how long something took: a busy machine would make it lie; what is counted is not."""

import ast

import pytest

from tests.architecture.modules import ROOT

CLOCKS = frozenset(
    {"perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time", "monotonic_ns"}
)
WAITING = {
    "tests/cli/test_prefork.py",
    "tests/engine/jobs/test_jobs.py",
    "tests/faults/browsing.py",
    "tests/faults/crew.py",
    "tests/foundation/processes.py",
}
"""Files whose loops wait for real processes and give up at an instant of the monotonic clock."""


def _clocks_read(source: str) -> set[str]:
    """Names of clocks that the source reads, whether as `time.x` or imported."""
    tree = ast.walk(ast.parse(source))
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in tree
        if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time")
        or isinstance(node, ast.Name)
    } & (CLOCKS | {"monotonic"})


def test_no_test_measures_time() -> None:
    measuring = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        read = _clocks_read(path.read_text("utf-8"))
        if name in WAITING:
            read -= {"monotonic"}
        if read:
            measuring[name] = read
    assert not measuring, "Count statements, calls or bytes instead (tests/effort.py, tests/work_done.py)."


@pytest.mark.parametrize(
    "source", ["import time\ntime.perf_counter()", "from time import process_time\nprocess_time()", "time.monotonic()"]
)
def test_a_clock_is_found_however_it_is_named(source: str) -> None:
    assert _clocks_read(source)
