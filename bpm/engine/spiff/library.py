"""Every call to what SpiffWorkflow 3.2 marks as private, each behind a plain name.

What each relies on is held by a test of its own in `tests/engine/spiff/test_contract_private.py`.
"""

# ruff: noqa: SLF001 - this file is the one place for it

from typing import Any, TypeVar
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task

T = TypeVar("T", bound=Task)


def arrive(task: Task) -> None:
    """Let the element of a new task say whether it can run; then it is ready (`TaskSpec._update`)."""
    task.task_spec._update(task)


def ready(task: Task) -> None:
    """Make a task ready, unless it is over, and tell its element (`Task._ready`)."""
    task._ready()


def set_state(task: Task, state: int) -> None:
    """Put a task into a state of `TaskState`, whatever state it is in; nothing else happens (`Task._set_state`)."""
    task._set_state(state)


def state_of(task: Task) -> int:
    """The state of a task as the number that is stored (`Task._state`)."""
    return task._state  # type: ignore[no-any-return]  # the library has no types


def parent_id(task: Task) -> UUID | None:
    """The id of the task around; it is known even after that has left the workflow (`Task._parent`)."""
    return task._parent  # type: ignore[no-any-return]  # the library has no types


def child_ids(task: Task) -> list[UUID]:
    """The ids of what stands directly in a task, in order of arrival; not to be changed (`Task._children`)."""
    return task._children  # type: ignore[no-any-return]  # the library has no types


def remove(workflow: BpmnWorkflow, task: Task) -> None:
    """Take a task and all below it out of the workflow, without a word to their elements (`_remove_task`)."""
    workflow._remove_task(task.id)


def restored_task(
    kind: type[T],
    workflow: BpmnWorkflow,
    element: object,
    owner: Task | None,
    *,
    uid: UUID,
    state: int,
    internal: dict[str, Any],
    data: dict[str, Any],
) -> T:
    """A task of our kind as it was, put into the workflow and into its owner.

    Without the library's constructor, which is most of the time of loading a large instance: it draws an id, takes
    the time, and copies the data of the owner.
    """
    task: T = object.__new__(kind)
    task.id = uid
    task.workflow, task.task_spec = workflow, element
    task._parent, task._children, task._state = None, [], state
    task.triggered, task.thread_id, task.last_state_change = False, 0, 0.0
    task.internal_data, task.data = internal, data
    workflow.tasks[uid] = task
    if owner is not None:
        task._parent = owner.id
        owner._children.append(uid)
    return task


def index_lanes_and_shapes(parser: BpmnParser, tree: etree._ElementTree) -> None:
    """Let the parser note which lane and which shape belongs to which element (`BpmnParser._add_diagram_indexes`)."""
    parser._add_diagram_indexes(tree)
