"""What plain SpiffWorkflow runs rightly, runs here as there: the same end, the same visits in order, the same data.

What the library does otherwise than the standard says is no part of these models: `test_contract*.py` names each case.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.spiff.bench import flow, model
from tests.engine.spiff.blocks import Block
from tests.engine.spiff.plain import same, walk
from tests.engine.spiff.test_random_migrations import executable
from tests.engine.spiff.test_random_models import named
from tests.thoroughness import examples

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
    plain, ours = walk(model(SCRIPTED[name]), lambda number, _element: {"n": first + number})
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
    both = walk(source, lambda number, _element: {"visits": first + number}, pick=pick, data={"visits": first})
    same(*both, in_order=not side_by_side)
