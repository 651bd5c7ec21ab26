"""What `bpm.engine.spiff.library` relies on, function by function; a change in the library must be noticed here."""

import ast
import inspect
from uuid import UUID, uuid4

import pytest
from lxml import etree
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.compilation import Parser
from bpm.engine.spiff.runtime.token_state import Token, TokenState
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from tests.engine.spiff import test_contract_private as this
from tests.engine.spiff.bench import model
from tests.engine.spiff.probe import Probe, probe_at_work

At = tuple[EarshotWorkflow, Probe, Token]


@pytest.fixture
def at() -> At:
    return probe_at_work()


def test_every_function_has_a_test_here() -> None:
    functions = [name for name, value in vars(library).items() if inspect.isfunction(value)]
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(inspect.getsource(this)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert functions
    assert not set(functions) - called


def test_a_task_arrives_by_its_element_and_is_ready_when_that_says_so(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    run, element, task = at
    library.arrive(task)
    assert task.state == TaskState.READY
    other = Token(run, element, task.parent, TaskState.FUTURE, id=uuid4())
    monkeypatch.setattr(Probe, "arrive", lambda *_: False)
    library.arrive(other)
    assert other.state == TaskState.FUTURE


def test_a_task_that_is_made_ready_is_told_to_its_element_and_queued(at: At) -> None:
    run, _element, task = at
    library.ready(task)
    assert task.state == TaskState.READY
    assert run.next_task() is task


def test_a_task_that_is_over_is_not_made_ready_again(at: At) -> None:
    task = at[2]
    library.set_state(task, TaskState.COMPLETED)
    library.ready(task)
    assert task.state == TaskState.COMPLETED


def test_a_state_can_be_set_back_by_force_and_nothing_else_happens(at: At) -> None:
    run, _element, task = at
    library.set_state(task, TaskState.ERROR)
    library.set_state(task, TaskState.FUTURE)
    assert task.state == TaskState.FUTURE
    assert run.next_task() is None


def test_the_state_is_a_number_that_means_the_same_in_every_release(at: At) -> None:
    assert library.state_of(at[2]) == TaskState.FUTURE == 4
    assert (TaskState.WAITING, TaskState.READY, TaskState.STARTED, TaskState.ERROR) == (8, 16, 32, 128)


def test_a_task_knows_the_id_around_it_even_when_that_has_left(at: At) -> None:
    run, element, task = at
    inner = Token(run, element, task, TaskState.WAITING, id=uuid4())
    assert library.parent_id(inner) == task.id
    run.tasks.pop(task.id)
    assert library.parent_id(inner) == task.id
    assert library.parent_id(run.task_tree) is None


def test_a_task_lists_what_stands_in_it_in_order_of_arrival(at: At) -> None:
    run, element, task = at
    inner = [Token(run, element, task, TaskState.WAITING, id=uuid4()) for _ in range(3)]
    assert library.child_ids(task) == [each.id for each in inner]


def test_removing_a_task_removes_what_is_below_it(at: At) -> None:
    run, element, task = at
    inner = Token(run, element, task, TaskState.WAITING, id=uuid4())
    library.remove(run, task)
    assert inner.id not in run.tasks
    assert task.id not in run.tasks
    assert run.task_tree.children == []


def test_a_restored_task_has_every_attribute_that_the_constructor_sets(at: At) -> None:
    run, element, task = at
    uid = UUID(int=1)
    again = library.restored_task(
        Token, run, element, task, uid=uid, state=TaskState.WAITING, internal=TokenState(via="f"), data={"x": 1}
    )
    assert set(vars(again)) == set(vars(task))
    assert (again.parent, task.children, run.tasks[uid]) == (task, [again], again)
    assert (again.state, again.internal_data, again.data) == (TaskState.WAITING, {"via": "f"}, {"x": 1})


def test_the_lanes_of_a_file_are_known_to_the_parser_by_element() -> None:
    lanes = '<laneSet id="ls"><lane id="l" name="Sales"><flowNodeRef>T</flowNodeRef></lane></laneSet><task id="T"/>'
    tree = etree.fromstring(model(lanes)).getroottree()
    parser = Parser()
    library.index_lanes_and_shapes(parser, tree)
    assert list(parser.document_lanes.values()) == [{"T": "Sales"}]
