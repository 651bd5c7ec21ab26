"""Random block-structured models: run straight, run with saving after every step, and their own oracle agree."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.spiff import execution
from bpm.engine.spiff.runtime import scheduler, subprocesses
from bpm.engine.spiff.runtime.events import triggering
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.step import Complete, Deliver, FireTimers
from tests.engine.spiff.bench import NOON, Bench, flow, model
from tests.engine.spiff.blocks import HOSTS, Block, What, World
from tests.thoroughness import examples

MAX_STEPS = 30
BETWEEN = timedelta(seconds=1000)
ROOTS = '<message id="M" name="m"/><error id="E" errorCode="e"/>'


WIDTHS = {"seq": (2, 3), "xor": (2, 3), "par": (2, 3), "inc": (2, 3), "loop": (1, 1), "sub": (1, 1), "heard": (2, 2)}
WIDTHS |= dict.fromkeys((*HOSTS, "race"), (2, 2))
LEAVES = ("task", "task", "task", "twice")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> Block:
    """A block of blocks, `depth` deep at most; at the top never a leaf, further down as likely as not."""
    kinds = [*WIDTHS, *LEAVES * (0 if depth > 1 else 3)] if depth else LEAVES
    kind = draw(st.sampled_from(kinds))
    if kind not in WIDTHS:
        return Block(kind, [], draw(st.integers(0, 2)))
    wide = draw(st.integers(*WIDTHS[kind]))
    inner = st.builds(Block, st.just("task"), st.just([]), st.just(0)) if kind == "heard" else blocks(depth - 1)
    return Block(kind, [draw(inner) for _ in range(wide)], draw(st.integers(0, 2)))


def models() -> st.SearchStrategy[Block]:
    """Two or three blocks one after the other, so that whatever goes on too early or too late is seen."""
    parts = st.lists(blocks(), min_size=2, max_size=3)
    return parts.map(lambda found: Block("seq", [*found, Block("task", [], 0)], 0))


class Straight:
    """The same instance held in memory, never saved."""

    def __init__(self, executable: bytes) -> None:
        compiled = execution.compile_model(executable, "p")
        self.run = EarshotWorkflow(execution.specs_of(compiled), "p", now=NOON)
        root = self.run.make_root()
        root.internal_data["border"] = True
        root.data["visits"] = 0
        subprocesses.open_scope(self.run, root, self.run.spec, PROCESS)
        scheduler.go(self.run)

    def waiting(self, *kinds: str) -> Iterator[Any]:
        for task in self.run.tasks.values():
            if task.internal_data.get("wait", {}).get("kind") in kinds:
                yield task

    def happen(self, what: What, variables: dict[str, Any], now: datetime) -> None:
        self.run.now, self.run.runs = now, 0
        if what[0] == "timer":
            scheduler.fire_timers(self.run)
            return
        kind = "person" if what[0] == "task" else "message"
        task = next(task for task in self.waiting(kind) if task.task_spec.name == what[1])
        if kind == "person":
            execution._finish(self.run, task, variables)
        else:
            triggering.fire(self.run, task, variables)
        scheduler.go(self.run)


def named(block: Block) -> Block:
    """The block with a name of its own for every part."""
    names, todo = count(), [block]
    while todo:
        part = todo.pop()
        part.name = f"k{next(names)}_"
        todo += part.parts
    return block


def chosen(data: st.DataObject, block: Block) -> What:
    """Anything that can happen now, each as likely as the other."""
    open_now: list[What] = [("task", name) for name in sorted(block.tasks())]
    open_now += [("message", name) for name in sorted(block.messages())]
    first = min(block.timers().items(), key=lambda timer: timer[1], default=None)
    open_now += [("timer", first[0])] if first else []
    return data.draw(st.sampled_from(open_now))


def foretell(block: Block, what: What, world: World) -> bool:
    """What the oracle says about a deed; timers that have become due meanwhile fire too, in their order."""
    if what[0] != "timer":
        return block.happen(what, world)
    done = False
    while not done and (due := [timer for timer in block.timers().items() if timer[1] <= world.now]):
        done = block.happen(("timer", min(due, key=lambda timer: timer[1])[0]), world)
    return done


def execute(bench: Bench, what: What, visits: int) -> None:
    """The deed itself, through saved state."""
    if what[0] == "timer":
        bench.do(FireTimers())
        return
    rows = bench.open if what[0] == "task" else bench.subscriptions
    uid = next(uid for uid, element in rows.items() if element == what[1])
    command = Complete(uid, {"visits": visits}) if what[0] == "task" else Deliver(uid, {"visits": visits})
    bench.do(command)


@examples(100)
@given(block=models().map(named), data=st.data())
def test_straight_saved_and_oracle_agree_on_any_block_structured_model(block: Block, data: st.DataObject) -> None:
    first, last, body = block.xml()
    ends = '<startEvent id="s"/><endEvent id="e"/>' + flow("s", first) + flow(last, "e")
    executable = model(body + ends, roots=ROOTS)
    bench, straight = Bench(executable, {"visits": 0}), Straight(executable)
    world, done, visits = World(NOON.timestamp()), False, 0
    block.begin(world)
    while not done and visits < MAX_STEPS:
        assert Counter(bench.open.values()) == block.tasks()
        assert Counter(task.task_spec.name for task in straight.waiting("person")) == block.tasks()
        assert Counter(bench.subscriptions.values()) == Counter(block.messages())
        assert {name: bench.timers[uid].timestamp() for uid, name in names(bench).items()} == block.timers()
        visits += 1
        what = chosen(data, block)
        bench.now += BETWEEN
        if what[0] == "timer":
            bench.now = max(bench.now, datetime.fromtimestamp(block.timers()[what[1]], UTC))
        else:
            world.visits = visits
        world.now = bench.now.timestamp()
        execute(bench, what, visits)
        straight.happen(what, {"visits": visits}, bench.now)
        done = foretell(block, what, world)
        assert not bench.step.failures
        assert (bench.step.status == "completed") is done
        assert bool(straight.run.completed) is done
    assert not done or not (bench.open or bench.timers or bench.subscriptions)
    assert len(bench.step.state) < 4_000


def names(bench: Bench) -> dict[str, str]:
    """uid -> element of the timers that run."""
    rows = execution.describe(bench.step.state, bench.compiled)
    return {row["uid"]: row["element"] for row in rows if row["uid"] in bench.timers}
