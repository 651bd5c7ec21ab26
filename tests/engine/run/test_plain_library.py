"""What plain SpiffWorkflow runs rightly, runs here as there: the same end, the same visits in order, the same data.

Plain means `BpmnParser` and `BpmnWorkflow` as the library ships them, with nothing of ours but the answers of people.
What the library does otherwise than the standard says is no part of these models: `test_contract*.py` names each case.
"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.defaults import ManualTask, UserTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff.step import Complete
from tests.engine.run.bench import Bench, flow, model
from tests.engine.run.blocks import Block
from tests.engine.run.test_random_migrations import executable
from tests.engine.run.test_random_models import named
from tests.thoroughness import examples

MOST_ANSWERS = 25
Answer = Callable[[int], dict[str, Any]]
"""What people answer to the question number n, counted from 0."""


class Plain:
    """One instance in the library as it is."""

    def __init__(self, source: bytes, **data: Any) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(source)))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data.update(data)
        self._go_on()

    def _go_on(self) -> None:
        """Until people are asked; the library also stops at tasks without a kind, which nobody is asked about here."""
        self.workflow.do_engine_steps()
        while plain := [task for task in self._ready() if not isinstance(task.task_spec, UserTask | ManualTask)]:
            plain[0].run()
            self.workflow.do_engine_steps()

    def _ready(self) -> list[Task]:
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    @property
    def open(self) -> list[Task]:
        return self._ready()

    def answer(self, element: str, values: dict[str, Any]) -> None:
        task = next(task for task in self.open if task.task_spec.name == element)
        task.data.update(values)
        task.run()
        self._go_on()

    def visits(self, known: set[str]) -> list[str]:
        """Elements of the model in the order in which they were completed."""
        done = [t for t in self.workflow.get_tasks(state=TaskState.COMPLETED) if t.task_spec.name in known]
        return [task.task_spec.name for task in sorted(done, key=lambda task: task.last_state_change)]


class Ours:
    """The same model in the product: every answer is a step through saved state."""

    def __init__(self, source: bytes, **data: Any) -> None:
        self.done: list[str] = []
        self.names: dict[str, str] = {}
        self.bench = Bench(source, dict(data))
        self._note()

    @property
    def open(self) -> list[str]:
        return self.bench.tasks

    def answer(self, element: str, values: dict[str, Any]) -> None:
        self.bench.do(Complete(self.bench.uid(self.bench.open, element), values))
        self._note()

    def _note(self) -> None:
        step = self.bench.step
        self.names.update({visit.uid: visit.element for visit in step.opened})
        self.done += [
            self.names[each.uid] for each in step.closed if each.outcome == "completed" and each.uid in self.names
        ]


def walk(source: bytes, answer: Answer, *, pick: int = 0, **data: Any) -> tuple[Plain, Ours]:
    """Both, with the same person answering the same questions until nothing is open any more."""
    plain, ours = Plain(source, **data), Ours(source, **data)
    for number in range(MOST_ANSWERS):
        asked = sorted(task.task_spec.name for task in plain.open)
        assert ours.open == asked
        if not asked:
            break
        element = asked[(pick + number) % len(asked)]
        plain.answer(element, answer(number))
        ours.answer(element, answer(number))
    return plain, ours


def same(plain: Plain, ours: Ours, *, in_order: bool = True) -> None:
    """The same end, visits and data; `in_order` is False for branches side by side, which have no order."""
    visited, done = plain.visits(set(ours.names.values())), ours.done
    assert (visited if in_order else sorted(visited)) == (done if in_order else sorted(done))
    ended = plain.workflow.is_completed()
    assert (ours.bench.step.status == "completed") is ended
    if ended:
        assert plain.workflow.data == ours.bench.step.variables


SCRIPTED = {
    "one after the other": '<startEvent id="s"/><userTask id="a"/><manualTask id="b"/><task id="c"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "b") + flow("b", "c") + flow("c", "e"),
    "a choice": '<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="g" default="g_c"/><userTask id="b"/>'
    '<userTask id="c"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "g") + flow("g", "b", "n > 0") + flow("g", "c") + flow("b", "e") + flow("c", "e"),
    "a loop": '<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="a"/><exclusiveGateway id="g" default="g_e"/>'
    '<endEvent id="e"/>' + flow("s", "m") + flow("m", "a") + flow("a", "g") + flow("g", "m", "n &lt; 4")
    + flow("g", "e"),
    "a part of its own": '<startEvent id="s"/><subProcess id="p1"><startEvent id="ps"/><userTask id="a"/>'
    '<endEvent id="pe"/>' + flow("ps", "a") + flow("a", "pe") + '</subProcess><userTask id="b"/><endEvent id="e"/>'
    + flow("s", "p1") + flow("p1", "b") + flow("b", "e"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTED)
@pytest.mark.parametrize("first", [0, 3])
def test_what_has_one_order_is_visited_in_that_order(name: str, first: int) -> None:
    plain, ours = walk(model(SCRIPTED[name]), lambda number: {"n": first + number})
    same(plain, ours)
    assert plain.workflow.is_completed()


SAFE = ("task", "seq", "xor", "par", "sub")
"""Kinds of blocks that the library runs rightly outside loops: an inclusive join in a branch and a parallel join in a
loop it gets wrong in most orders of completion (`test_contract.py`)."""


@st.composite
def blocks(draw: st.DrawFn, depth: int = 3) -> Block:
    kind = draw(st.sampled_from(SAFE if depth else ("task",)))
    wide = {"task": 0, "sub": 1}.get(kind) if kind in ("task", "sub") else draw(st.integers(2, 3))
    return Block(kind, [draw(blocks(depth - 1)) for _ in range(wide or 0)], draw(st.integers(0, 2)))


@examples(120)
@given(block=blocks(), pick=st.integers(0, 5), first=st.integers(0, 2))
def test_random_models_of_what_the_library_runs_rightly(block: Block, pick: int, first: int) -> None:
    source = executable(named(Block("seq", [block, Block("task", [], 0)], 0)))
    side_by_side = b"parallelGateway" in source
    same(*walk(source, lambda number: {"visits": first + number}, pick=pick, visits=first), in_order=not side_by_side)
