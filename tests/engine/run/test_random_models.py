"""Random block-structured models: run straight, run with saving after every step, and our own oracle agree."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm.engine.spiff import execution, scopes, stepper
from bpm.engine.spiff.elements import PROCESS
from bpm.engine.spiff.run import Run
from tests.engine.run.bench import NOON, Bench, flow, model

MAX_VISITS = 40


@dataclass
class Block:
    """A block of a model that is its own oracle: it knows its XML and which tasks are open in it."""

    kind: str
    parts: list["Block"]
    number: int
    name: str = ""
    at: int = 0
    live: list["Block"] = field(default_factory=list)
    is_open: int = 0

    # The model

    def xml(self) -> tuple[str, str, str]:
        """(first element, last element, XML)."""
        n = self.name
        if self.kind == "task":
            return n, n, f'<userTask id="{n}"/>'
        if self.kind == "twice":
            kind = "multiInstanceLoopCharacteristics"
            many = f"<{kind}><loopCardinality>2</loopCardinality></{kind}>"
            return n, n, f'<userTask id="{n}">{many}</userTask>'
        if self.kind == "seq":
            inner = [part.xml() for part in self.parts]
            joins = "".join(flow(a[1], b[0]) for a, b in pairwise(inner))
            return inner[0][0], inner[-1][1], "".join(part[2] for part in inner) + joins
        if self.kind == "sub":
            first, last, body = self.parts[0].xml()
            body += f'<startEvent id="{n}s"/><endEvent id="{n}e"/>' + flow(f"{n}s", first) + flow(last, f"{n}e")
            return n, n, f'<subProcess id="{n}">{body}</subProcess>'
        if self.kind == "loop":
            first, last, body = self.parts[0].xml()
            gates = f'<exclusiveGateway id="{n}m"/><exclusiveGateway id="{n}g" default="{n}g_{n}x"/>'
            gates += f'<exclusiveGateway id="{n}x"/>'
            flows = flow(f"{n}m", first) + flow(last, f"{n}g") + flow(f"{n}g", f"{n}m", self.condition(0))
            return f"{n}m", f"{n}x", body + gates + flows + flow(f"{n}g", f"{n}x")
        return self._gateway_xml()

    def _gateway_xml(self) -> tuple[str, str, str]:
        n, tag = self.name, {"par": "parallelGateway", "xor": "exclusiveGateway", "inc": "inclusiveGateway"}[self.kind]
        out, last = "", len(self.parts) - 1
        first_of_last = ""
        for i, part in enumerate(self.parts):
            first, end, body = part.xml()
            conditional = self.kind != "par" and i < last
            out += body + flow(f"{n}f", first, self.condition(i) if conditional else None) + flow(end, f"{n}j")
            first_of_last = first
        default = f' default="{n}f_{first_of_last}"' if self.kind != "par" else ""
        return f"{n}f", f"{n}j", f'<{tag} id="{n}f"{default}/><{tag} id="{n}j"/>' + out

    def condition(self, i: int) -> str:
        return f"(visits + {self.number + i}) % 3 == 0"

    def holds(self, i: int, visits: int) -> bool:
        return (visits + self.number + i) % 3 == 0

    # The oracle

    def begin(self, visits: int) -> None:
        self.live = []
        if self.kind in ("task", "twice"):
            self.is_open = 1 if self.kind == "task" else 2
            return
        chosen = self.parts[:1] if self.kind in ("seq", "sub", "loop") else self._chosen(visits)
        self.at = 0
        for part in chosen:
            part.begin(visits)
        self.live = list(chosen)

    def _chosen(self, visits: int) -> list["Block"]:
        if self.kind == "par":
            return self.parts
        fitting = [part for i, part in enumerate(self.parts[:-1]) if self.holds(i, visits)]
        if self.kind == "xor":
            return (fitting or self.parts[-1:])[:1]
        return fitting or self.parts[-1:]

    def open_tasks(self) -> Counter[str]:
        if self.kind in ("task", "twice"):
            return Counter({self.name: self.is_open}) if self.is_open else Counter()
        return sum((part.open_tasks() for part in self.live), Counter())

    def complete(self, name: str, visits: int) -> bool:
        """One open task `name` is completed; whether the whole block is done with it."""
        if self.kind in ("task", "twice"):
            self.is_open -= 1
            return self.is_open == 0
        part = next(part for part in self.live if part.open_tasks()[name])
        if not part.complete(name, visits):
            return False
        if self.kind == "seq" and self.at + 1 < len(self.parts):
            self.at += 1
            self.live = [self.parts[self.at]]
            self.live[0].begin(visits)
            return False
        if self.kind == "loop" and self.holds(0, visits):
            part.begin(visits)
            return False
        self.live.remove(part)
        return not self.live


def _blocks() -> st.SearchStrategy[Block]:
    number = st.integers(0, 2)
    leaf = st.builds(Block, st.sampled_from(["task", "task", "task", "twice"]), st.just([]), number)

    def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            st.builds(Block, st.sampled_from(["seq", "xor", "par", "inc"]), several, number),
            st.builds(Block, st.sampled_from(["loop", "sub"]), st.lists(inner, min_size=1, max_size=1), number),
        )

    return st.recursive(leaf, wider, max_leaves=9)


class Straight:
    """The same instance held in memory, never saved."""

    def __init__(self, executable: bytes) -> None:
        compiled = execution.compile_model(executable, "p")
        self.run = Run(execution._specs(compiled), "p", now=NOON)
        root = self.run.make_root()
        root.internal_data["border"] = True
        root.data["visits"] = 0
        scopes.open_scope(self.run, root, self.run.spec, PROCESS)
        stepper.go(self.run)

    def open_tasks(self) -> Counter[str]:
        return Counter(t.task_spec.name for t in self.run.tasks.values() if t.internal_data.get("wait"))

    def complete(self, name: str, variables: dict[str, Any]) -> None:
        task = next(t for t in self.run.tasks.values() if t.task_spec.name == name and t.internal_data.get("wait"))
        execution._finish(self.run, task, variables)
        stepper.go(self.run)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(block=_blocks(), data=st.data())
def test_straight_saved_and_oracle_agree_on_any_block_structured_model(block: Block, data: st.DataObject) -> None:
    numbers = count()

    def name(part: Block) -> None:
        part.name = f"b{next(numbers)}"
        for inner in part.parts:
            name(inner)

    name(block)
    first, last, body = block.xml()
    executable = model(f'<startEvent id="s"/><endEvent id="e"/>{body}' + flow("s", first) + flow(last, "e"))
    bench, straight = Bench(executable, {"visits": 0}), Straight(executable)
    block.begin(0)
    done = False
    for visits in range(1, MAX_VISITS):
        wanted = block.open_tasks()
        assert Counter(bench.tasks) == wanted
        assert straight.open_tasks() == wanted
        chosen = data.draw(st.sampled_from(sorted(wanted)))
        bench.complete(chosen, visits=visits)
        straight.complete(chosen, {"visits": visits})
        done = block.complete(chosen, visits)
        assert not bench.step.failures
        assert (bench.step.status == "completed") is done
        assert bool(straight.run.completed) is done
        if done:
            break
    assert len(bench.step.state) < 4_000
