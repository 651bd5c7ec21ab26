"""Several rounds of one activity: parallel and sequential multi-instance, and the standard loop.

BPMN 2.0.2, 10.3.8. The activity's own token becomes the body, a scope that holds the counters; each round is a task
of the same spec inside it. The boundary events watch over the body. Rounds are visits, the body is none.
"""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.expressions.coercion import spoken
from bpm.engine.plain_values import storable
from bpm.engine.spiff.runtime.events import subscriptions, throwing
from bpm.engine.spiff.step import Variables
from bpm.foundation.errors import BudgetExceededError, ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def begin(run: "EarshotWorkflow", task: Task) -> bool | None:
    """Turn the token into the body and start the first rounds. True when there is no round at all."""
    loop = task.task_spec.model.details["loop"]
    plan: dict[str, Any] = {"begun": 0, "ended": 0}
    if loop["kind"] == "standard":
        plan["total"] = _maximum(loop)
    else:
        plan["items"], plan["total"] = _instances(run, task, loop)
    task.internal_data["rounds"] = plan
    _count(task, plan, loop)
    if not _another(run, task, plan, loop):
        _collect(run, task, loop)
        return True
    subscriptions.arm_boundary(run, task)
    width = 1 if loop["kind"] != "parallel" else plan["total"]
    if width + len(run.tasks) > run.limits.tokens:
        raise BudgetExceededError(f"{width} instances at once are too many.", remedy="Use fewer, or sequential ones.")
    for _ in range(width):
        _start(run, task, plan, loop)
    return None


def output_of(run: "EarshotWorkflow", task: Task, outputs: Variables) -> Any:
    """What this round adds to the output collection; `outputs` is what its mappings hand out."""
    loop = task.task_spec.model.details["loop"]
    if not loop.get("outputElement"):
        return None
    return run.evaluate_in(loop["outputElement"], {**run.visible(task), **outputs})


def ended(run: "EarshotWorkflow", task: Task, output: Any) -> None:
    """A round is done: keep its output, then stop or start the next."""
    body = task.parent
    plan, loop = body.internal_data["rounds"], body.task_spec.model.details["loop"]
    if loop.get("outputCollection"):
        storable(output)
        plan.setdefault("results", {})[str(task.internal_data["round"])] = output
    if loop.get("until") and "border" not in task.internal_data:
        plan["last"] = dict(task.data)
    run.drop(task)
    plan["ended"] += 1
    _count(body, plan, loop)
    _throw(run, body, plan, loop)
    if body.id in run.tasks:
        go_on(run, body)


def go_on(run: "EarshotWorkflow", body: Task) -> None:
    """Look at the conditions of the body after a round."""
    plan, loop = body.internal_data["rounds"], body.task_spec.model.details["loop"]
    body.internal_data["stage"] = "go on"
    if loop.get("until") and run.holds_in(
        loop["until"], _seen_after_round(run, body, plan, loop), at=body.task_spec.bpmn_id
    ):
        for child in list(run.tokens(body)):
            run.cancel_task(child)
    elif loop["kind"] != "parallel" and _another(run, body, plan, loop):
        _start(run, body, plan, loop)
    del body.internal_data["stage"]
    plan.pop("last", None)
    run.settle(body)


def settled(run: "EarshotWorkflow", body: Task) -> None:
    """All rounds are over: the activity is done."""
    _collect(run, body, body.task_spec.model.details["loop"])
    body.internal_data["stage"] = "finish"
    body.complete()


def _throw(run: "EarshotWorkflow", body: Task, plan: Mapping[str, Any], loop: Mapping[str, Any]) -> None:
    """Throw what the behavior of the multi-instance says about a round that is about to complete."""
    for thrown in loop.get("throws", ()):
        when = thrown["when"]
        wanted = when is None or (plan["ended"] == 1 if when == "first" else run.holds(when, body))
        if wanted and body.id in run.tasks:
            throwing.throw(run, body, thrown["event"], payload={})


def _start(run: "EarshotWorkflow", body: Task, plan: dict[str, Any], loop: Mapping[str, Any]) -> None:
    number = plan["begun"]
    plan["begun"] += 1
    _count(body, plan, loop)
    task = Task(run, body.task_spec, body, TaskState.FUTURE, id=run.new_uid())
    task.internal_data["round"] = number
    if loop.get("outputVariable"):
        # Each round has its own, so that rounds side by side do not write over each other's.
        task.data[loop["outputVariable"]] = None
    task.data["loopCounter"] = number + 1 if loop.get("counters") == "zeebe" else number
    if loop.get("indexVariable"):
        task.data[loop["indexVariable"]] = number
    if plan.get("items") is not None and loop.get("elementVariable"):
        task.data[loop["elementVariable"]] = plan["items"][number]
    task.task_spec._update(task)


def _seen_after_round(
    run: "EarshotWorkflow", body: Task, plan: Mapping[str, Any], loop: Mapping[str, Any]
) -> Variables:
    """What the completion condition is about: the round that has just ended sees itself and the counters.

    Source of the second set of names: Camunda 8, "Multi-instance", completion condition.
    """
    seen = {**run.visible(body), **plan.get("last", {})}
    if loop.get("counters") == "zeebe":
        seen.update(
            numberOfInstances=plan["total"],
            numberOfActiveInstances=plan["begun"] - plan["ended"],
            numberOfCompletedInstances=plan["ended"],
            numberOfTerminatedInstances=0,
        )
        if loop.get("outputCollection"):
            seen[loop["outputCollection"]] = _gathered(plan)
    return seen


def _another(run: "EarshotWorkflow", body: Task, plan: Mapping[str, Any], loop: Mapping[str, Any]) -> bool:
    """Whether the next round is wanted."""
    if plan["begun"] >= plan["total"]:
        return False
    if loop["kind"] != "standard":
        return True
    if loop.get("while") is None or (plan["begun"] == 0 and not loop.get("testBefore")):
        return True
    return run.holds(loop["while"], body)


def _count(body: Task, plan: Mapping[str, Any], loop: Mapping[str, Any]) -> None:
    body.data["loopCounter"] = plan["ended"]
    if loop["kind"] != "standard":
        body.data.update(
            nrOfInstances=plan["total"],
            nrOfActiveInstances=plan["begun"] - plan["ended"],
            nrOfCompletedInstances=plan["ended"],
        )


def _instances(run: "EarshotWorkflow", task: Task, loop: Mapping[str, Any]) -> tuple[list[Any] | None, int]:
    if loop.get("collection") is not None:
        items = run.evaluate(loop["collection"], task)
        if isinstance(items, Mapping):
            items = list(items.values())
        if not isinstance(items, list | tuple):
            raise ExpressionError(f"The collection of a multi-instance must be a list, not {spoken(items)}.")
        storable(items)
        return list(items), len(items)
    total = run.evaluate(loop["cardinality"], task)
    if isinstance(total, str) and total.strip().lstrip("-").isdigit():
        total = int(total)
    if isinstance(total, float) and total.is_integer():
        total = int(total)
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ExpressionError(f"The number of instances must be a whole number from 0 on, not {total!r}.")
    return None, total


def _maximum(loop: Mapping[str, Any]) -> int:
    if loop.get("maximum") is None:
        return 2**31
    try:
        maximum = int(loop["maximum"])
    except ValueError:
        maximum = -1
    if maximum < 0:
        raise ExpressionError(f"The maximum of a loop must be a whole number from 0 on, not {loop['maximum']!r}.")
    return maximum


def _collect(run: "EarshotWorkflow", body: Task, loop: Mapping[str, Any]) -> None:
    """Hand the gathered outputs over in the order of the rounds, None where a round gave none."""
    if loop.get("outputCollection"):
        run.write(body.parent, {loop["outputCollection"]: _gathered(body.internal_data["rounds"])})


def _gathered(plan: Mapping[str, Any]) -> list[Any]:
    results = plan.get("results", {})
    return [results.get(str(number)) for number in range(plan["total"])]
