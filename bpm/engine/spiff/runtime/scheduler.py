"""The stepper: runs one task at a time until nothing is ready, and turns every exception into a StepFailure."""

from collections.abc import Callable, Iterable
from typing import Literal, Protocol, TypeVar

from SpiffWorkflow.util.task import TaskState

from bpm.engine.expressions.times.instants import instant
from bpm.engine.spiff import library
from bpm.engine.spiff.runtime import gateways, state
from bpm.engine.spiff.runtime.activities import activities
from bpm.engine.spiff.runtime.events import subscriptions, triggering
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs import watched_changes
from bpm.engine.spiff.step import Step, StepFailure
from bpm.foundation.errors import BudgetExceededError, EarshotError, EngineError

Cause = Literal["expression", "budget", "no_flow", "uncaught_error", "engine"]


def finish(run: EarshotWorkflow) -> Step:
    """Run until nothing is ready, then save."""
    _end_halt(run)
    go(run)
    _name_stuck(run)
    record = run.record
    gone = {closed.uid for closed in record.closed}
    timers_by_uid = {timer.uid: timer for timer in record.timers}
    return Step(
        state=state.dump_state(run),
        variables=dict(run.task_tree.data),
        status=_status(run),
        opened=tuple(record.opened),
        closed=tuple(record.closed),
        work_items=_still_open(record.work_items, gone),
        jobs=_still_open(record.jobs, gone),
        timers=_still_open(timers_by_uid.values(), gone),
        subscriptions=_still_open(record.subscriptions, gone),
        thrown=tuple(record.thrown),
        failures=tuple(record.failures),
        notes=tuple(record.notes),
        fired=tuple(record.fired),
    )


class _Waiting(Protocol):
    @property
    def uid(self) -> str: ...


_Row = TypeVar("_Row", bound=_Waiting)


def _still_open(rows: Iterable[_Row], gone: set[str]) -> tuple[_Row, ...]:
    """What waits at the end of the step; what the step itself has closed again is nobody's concern."""
    return tuple(row for row in rows if row.uid not in gone)


def go(run: EarshotWorkflow) -> None:
    """Run what is ready, boundary events first, one at a time, until only waiting is left or the budget is gone."""
    while not (run.completed or run.cancelled or run.halted):
        _settle(run)
        if run.changed:
            _look_at_conditions(run)
            if run.unsettled:
                continue
        task = run.next_task()
        if task is None:
            if run.unsettled or run.changed or gateways.open_join(run):
                continue
            return
        try:
            run.pay()
        except BudgetExceededError as error:
            fail(run, task, error)
        else:
            guarded(run, task, task.run)


def guarded(run: EarshotWorkflow, task: Token, do: Callable[[], object]) -> None:
    """Do something for `task`; whatever is raised becomes its failure."""
    try:
        do()
    except Exception as error:  # noqa: BLE001 -- whatever a model does is its failure, not ours
        fail(run, task, error)


def fail(run: EarshotWorkflow, task: Token, error: Exception) -> None:
    """Stop `task` (or, if it has gone, the scope it stood in) with what was raised, until it is retried."""
    while task.id not in run.tasks and (around := library.parent_id(task)) in run.tasks:
        task = run.tasks[around]
    if task.id not in run.tasks:
        task = run.task_tree
    if task.internal_data.stage is None:
        for armed in run.armed(task):
            run.cancel_task(armed)
    cause: Cause = getattr(error, "cause", "engine") if isinstance(error, EngineError) else "engine"
    run.halted = run.halted or cause == "budget"
    message = str(error) if isinstance(error, EarshotError) else f"{type(error).__name__}: {error}"
    library.set_state(task, TaskState.ERROR)
    task.internal_data.failed = cause
    if task is not run.task_tree:
        run.open(task)
    run.record.failures.append(StepFailure(task.id.hex, task.task_spec.bpmn_id, cause, message))


def retry(run: EarshotWorkflow, task: Token) -> None:
    """Run a failed task again."""
    guarded(run, task, lambda: activities.redo(run, task))


def _end_halt(run: EarshotWorkflow) -> None:
    """When what spent its budget is retried, repaired or taken away, let go on what that left standing."""
    if run.halted and not any(task.internal_data.failed == "budget" for task in run.tasks.values()):
        run.halted = False
        for task in run.tasks.values():
            if task.has_state(TaskState.READY):
                run.make_ready(task)


def fire_timers(run: EarshotWorkflow) -> None:
    """Fire all timers due at the run's now, in order of their due instants."""
    now = run.now
    while not (run.completed or run.cancelled or run.halted):
        due = [
            (instant(wait["due"]), number, task)
            for number, task in enumerate(run.tasks.values())
            if (wait := task.internal_data.wait) and wait["kind"] == "timer" and not task.has_state(_FAILED)
        ]
        due = [item for item in due if item[0] <= now]
        if not due:
            return
        task = min(due, key=lambda item: item[:2])[2]
        try:
            run.pay()
        except BudgetExceededError as error:
            fail(run, task, error)
            return
        guarded(run, task, lambda task=task: triggering.fire(run, task, {}))  # type: ignore[misc]  # a default binds the task of this round
        go(run)


_FAILED = TaskState.ERROR


def cancel(run: EarshotWorkflow) -> None:
    """End everything that is open."""
    run.cancel_inside(run.task_tree)
    run.cancelled = True


def _settle(run: EarshotWorkflow) -> None:
    while run.unsettled:
        scope = run.unsettled[0]
        guarded(run, scope, run.settle_all)


def _look_at_conditions(run: EarshotWorkflow) -> None:
    """Conditional events are judged after every change of data; they fire when their condition becomes true."""
    run.changed, happened, run.happened = False, run.happened, {}
    waiting = [
        task
        for task in run.tasks.values()
        if (wait := task.internal_data.wait) and wait["kind"] == "conditional" and not task.has_state(_FAILED)
    ]
    waiting = [task for task in waiting if watched_changes.concerns(task.internal_data.waiting, happened)]
    for task in waiting:
        if task.id in run.tasks:
            guarded(run, task, lambda task=task: _judge(run, task))  # type: ignore[misc]  # a default binds the task of this round


def _judge(run: EarshotWorkflow, task: Token) -> None:
    holds, wait = subscriptions.condition_holds(run, task), task.internal_data.waiting
    before, wait["held"] = wait.get("held", False), holds
    if holds and (wait.get("repeats") or not before):
        triggering.fire(run, task, {})


def _status(run: EarshotWorkflow) -> Literal["active", "completed", "cancelled", "failed"]:
    """failed: some visit failed and nothing else can go on before it is retried."""
    if run.cancelled:
        return "cancelled"
    if run.completed:
        return "completed"
    if run.halted:
        return "failed"
    return "active" if any(_can_go_on(task) for task in run.tasks.values()) else "failed"


def _name_stuck(run: EarshotWorkflow) -> None:
    """An instance in which nothing waits and nothing failed can never end: say so at the join that holds it."""
    if run.completed or run.cancelled:
        return
    if any(_can_go_on(task) or task.internal_data.failed is not None for task in run.tasks.values()):
        return
    held = next((task for task in run.tasks.values() if task.internal_data.via is not None), run.task_tree)
    held.internal_data.stage = "stuck"
    fail(
        run,
        held,
        EngineError(
            "Nothing can continue here: it waits for a token that cannot come any more.",
            remedy="Check that all branches that meet here were started together.",
        ),
    )


def _can_go_on(task: Token) -> bool:
    """Whether something from outside can still move this task."""
    if task.has_state(TaskState.READY):
        return True
    return task.internal_data.waits_for(*_OUTSIDE) and not task.has_state(_FAILED)


_OUTSIDE = ("person", "job", "timer", "message", "signal", "conditional")
