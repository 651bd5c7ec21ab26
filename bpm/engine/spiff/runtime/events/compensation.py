"""Compensation: what was completed and can be undone, and undoing it in reverse order.

BPMN 2.0.2, 10.7 and 13.5.5: only completed activities are compensated; one that began after another had completed is
undone before it, those that overlapped may be undone side by side. A completed subprocess without a handler of its own
is compensated by compensating what was completed in it.
"""

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.token_state import Done, Token

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def remember(run: "EarshotWorkflow", task: Token) -> None:
    """Note a completed activity in its scope, if the model could undo it."""
    if task.internal_data.undoes is not None:
        return
    if task.internal_data.rounds is not None:
        # The activity as a whole is done only now: before, none of its rounds could be undone.
        if done := task.internal_data.done:
            task.parent.internal_data.remember(*done)
        task.internal_data.done = None
        return
    spec, name = task.task_spec.process, task.task_spec.model.id
    nested = task.internal_data.done or []
    if name not in spec.handlers and name not in spec.undo_scopes and not nested:
        return
    entry: Done = {
        "process": spec.name,
        "element": name,
        "began": task.internal_data.began or 0,
        "ended": run.tick(),
        "nested": nested,
        "data": dict(task.data),
    }
    task.parent.internal_data.remember(entry)


def throw(run: "EarshotWorkflow", task: Token, *, activity: str | None = None) -> bool:
    """Undo what was completed in the scope of `task`, or one activity. Whether there is anything to wait for."""
    scope = task.parent
    while scope.task_spec.model.details.triggered and scope.internal_data.undoes is None:
        # Thrown in an event subprocess, compensation is about the scope around it.
        scope = scope.parent
    done = scope.internal_data.done or []
    chosen = [entry for entry in done if activity in (None, entry["element"])]
    scope.internal_data.done = [entry for entry in done if entry not in chosen]
    work = [step for entry in chosen for step in _handlers(run, entry)]
    if not work:
        return False
    task.internal_data.undo = {"left": work, "going": {}}
    library.set_state(task, TaskState.STARTED)
    _start_free(run, task)
    return True


def _handlers(run: "EarshotWorkflow", entry: Done) -> list[Done]:
    """The handlers to run for one completed activity: its own, its compensation event subprocess, or nested ones."""
    spec, element = run.specs[entry["process"]], entry["element"]
    handler = spec.handlers.get(element) or spec.undo_scopes.get(element)
    if handler is not None:
        return [{**entry, "handler": handler}]
    return [step for inner in entry["nested"] for step in _handlers(run, inner)]


def _start_free(run: "EarshotWorkflow", thrower: Token) -> None:
    """Start every handler that no later, not yet undone activity stands before; all at once where the model says so."""
    undo = thrower.internal_data.undoing
    pending = [*undo["left"], *undo["going"].values()]
    together = thrower.task_spec.process.start.model.details.undo_together
    free = [step for step in undo["left"] if together or not any(other["began"] > step["ended"] for other in pending)]
    undo["left"] = [step for step in undo["left"] if step not in free]
    for step in sorted(free, key=lambda step: -step["ended"]):
        element = run.specs[step["process"]].task_specs[step["handler"]]
        task = run.place(element, thrower, data={"undoes": True})
        task.data.update(step["data"])
        # What was completed inside is there for a compensation event subprocess to undo in its turn.
        task.internal_data.done = step["nested"]
        undo["going"][task.id.hex] = {"began": step["began"], "ended": step["ended"]}


def undone(run: "EarshotWorkflow", task: Token) -> None:
    """A handler is done: start the next ones, or let the throwing event go on."""
    thrower = task.parent
    undo = thrower.internal_data.undoing
    undo["going"].pop(task.id.hex, None)
    run.drop(task)
    _start_free(run, thrower)
    if not undo["left"] and not undo["going"]:
        thrower.internal_data.stage = "finish"
        thrower.complete()
