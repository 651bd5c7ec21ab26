"""Random models get steps put in while an instance runs: migrated, it goes on as the oracle of the new model says."""

from collections import Counter
from datetime import UTC, datetime
from itertools import count
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.spiff import execution
from bpm.engine.spiff.migration.migrate import Migration
from bpm.engine.spiff.migration.versions import change, proposed
from tests.engine.spiff.bench import NOON, Bench, flow, model
from tests.engine.spiff.blocks import Block, What, World
from tests.engine.spiff.changing import change_over, side
from tests.engine.spiff.test_random_models import BETWEEN, ROOTS, blocks, chosen, execute, foretell, named
from tests.engine.spiff.widening import Widening
from tests.thoroughness import examples

MAX_STEPS = 24
MAX_CHANGES = 3


def executable(block: Block) -> bytes:
    first, last, body = block.xml()
    return model(body + '<startEvent id="s"/><endEvent id="e"/>' + flow("s", first) + flow(last, "e"), roots=ROOTS)


def split() -> st.SearchStrategy[Block]:
    """Blocks with several tokens, so that joins are half full when the model changes."""
    several = st.lists(blocks(), min_size=2, max_size=3)
    return st.builds(Block, st.sampled_from(["par", "inc", "seq"]), several, st.integers(0, 2)).map(named)


def step(block: Block, bench: Bench, world: World, what: What, visits: int) -> bool:
    """One deed, by the engine and by the oracle; whether the oracle says that it was the last."""
    bench.now += BETWEEN
    if what[0] == "timer":
        bench.now = max(bench.now, datetime.fromtimestamp(block.timers()[what[1]], UTC))
    else:
        world.visits = visits
    world.now = bench.now.timestamp()
    execute(bench, what, visits)
    return foretell(block, what, world)


def agree(block: Block, bench: Bench) -> None:
    assert Counter(bench.open.values()) == block.tasks()
    assert Counter(bench.subscriptions.values()) == Counter(block.messages())
    assert sorted(due.timestamp() for due in bench.timers.values()) == sorted(block.timers().values())


@examples(80)
@given(block=split(), data=st.data())
def test_a_migrated_instance_ends_as_one_of_the_new_version_would_from_there(block: Block, data: st.DataObject) -> None:
    bench, world = Bench(executable(block), {"visits": 0}), World(NOON.timestamp())
    block.begin(world)
    numbers, changes = count(), 0
    for visits in range(1, MAX_STEPS):
        if changes < MAX_CHANGES and data.draw(st.booleans()):
            changes += 1
            unchanged(block, bench)
            block = Widening(Random(data.draw(st.integers(0, 2**16))), numbers).of(block)
            change_over(bench, executable(block))
        agree(block, bench)
        done = step(block, bench, world, chosen(data, block), visits)
        assert not bench.step.failures
        assert (bench.step.status == "completed") is done
        if done:
            break


def unchanged(block: Block, bench: Bench) -> None:
    """To its own version an instance changes over without any difference to be seen."""
    same = side(executable(block))
    found = change(side(bench), same, bench.step.state, proposed(same, same), now=bench.now)
    assert isinstance(found, Migration)
    assert (found.moved, found.jobs, found.subscriptions) == ((), (), ())
    assert (found.step.opened, found.step.closed, found.step.work_items, found.step.timers) == ((), (), (), ())
    told = [list(execution.describe(each, bench.compiled)) for each in (found.step.state, bench.step.state)]
    assert told[0] == told[1]
