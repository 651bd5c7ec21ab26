"""A workbench for changing an instance over to another version of its model."""

from bpm.engine.spiff import execution
from bpm.engine.spiff.migration.migrate import Migration
from bpm.engine.spiff.migration.obstacles import Obstacle
from bpm.engine.spiff.migration.versions import Side, change, proposed
from tests.engine.spiff.bench import Bench


def side(bench_or_model: Bench | bytes) -> Side:
    if isinstance(bench_or_model, bytes):
        compiled = execution.compile_model(bench_or_model, "p")
    else:
        compiled = bench_or_model.compiled
    return Side(compiled, frozenset(compiled.specs))


def why_not(bench: Bench, then: bytes, mapping: dict[str, str] | None = None) -> dict[str, str]:
    """{element: reason} of what hinders the change."""
    found = attempt(bench, then, mapping)
    assert isinstance(found, list), "it can change over"
    return {obstacle.element: obstacle.reason for obstacle in found}


def attempt(bench: Bench, then: bytes, mapping: dict[str, str] | None = None) -> Migration | list[Obstacle]:
    old, new = side(bench), side(then)
    told = {**proposed(old, new), **(mapping or {})}
    return change(old, new, bench.step.state, told, now=bench.now)


def change_over(bench: Bench, then: bytes, mapping: dict[str, str] | None = None) -> Migration:
    """Change the bench's instance over; from now on it runs `then`."""
    found = attempt(bench, then, mapping)
    assert isinstance(found, Migration), found
    bench.compiled = execution.compile_model(then, "p")
    bench.visits.update({moved.uid: moved.element for moved in found.moved})
    for rows in (bench.open, bench.jobs, bench.subscriptions):
        rows.update({moved.uid: moved.element for moved in found.moved if moved.uid in rows})
    bench.take(found.step)
    return found
