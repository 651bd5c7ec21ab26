"""Several rounds of one activity: parallel and sequential multi-instance, and the standard loop.

BPMN 2.0.2, 10.3.8. The activity's own token becomes the body, a scope that holds the counters; each round is a task
of the same spec inside it. The boundary events watch over the body. Rounds are visits, the body is none.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from bpm.engine.expressions.coercion import spoken
from bpm.engine.plain_values import storable
from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.events import subscriptions, throwing
from bpm.engine.spiff.runtime.token_state import Rounds, Token
from bpm.engine.spiff.specs.details import Loop
from bpm.engine.spiff.step import Variables
from bpm.foundation.errors import BudgetExceededError, ExpressionError
from bpm.foundation.texts import _

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def begin(run: "EarshotWorkflow", task: Token) -> bool | None:
    """Turn the token into the body and start the first rounds. True when there is no round at all."""
    loop = _loop(task)
    plan: Rounds = {"begun": 0, "ended": 0}
    if loop.kind == "standard":
        plan["total"] = _maximum(loop)
    else:
        plan["items"], plan["total"] = _instances(run, task, loop)
    task.internal_data.rounds = plan
    _count(task, plan, loop)
    if not _another(run, task, plan, loop):
        _collect(run, task, loop)
        return True
    subscriptions.arm_boundary(run, task)
    width = 1 if loop.kind != "parallel" else plan["total"]
    if width + len(run.tasks) > run.limits.tokens:
        raise BudgetExceededError(
            f"{width} instances of {task.task_spec.bpmn_id} at once are too many: beside what is open they would be "
            f"more than {run.limits.tokens} tokens.",
            remedy="Use fewer, or sequential ones.",
        )
    run.splits[task.task_spec] += width - 1
    for _number in range(width):
        _start(run, task, plan, loop)
    return None


def output_of(run: "EarshotWorkflow", task: Token, outputs: Variables) -> Any:
    """What this round adds to the output collection; `outputs` is what its mappings hand out."""
    loop = _loop(task)
    if not loop.output_element:
        return None
    return run.evaluate_in(loop.output_element, {**run.visible(task), **outputs})


def ended(run: "EarshotWorkflow", task: Token, output: Any) -> None:
    """A round is done: keep its output, then stop or start the next."""
    body = task.parent
    plan, loop = body.internal_data.plan, _loop(body)
    if loop.output_collection:
        storable(output)
        plan.setdefault("results", {})[str(task.internal_data.round)] = output
    if loop.until and task.internal_data.border is None:
        plan["last"] = dict(task.data)
    run.drop(task)
    plan["ended"] += 1
    _count(body, plan, loop)
    _throw(run, body, plan, loop)
    if body.id in run.tasks:
        go_on(run, body)


def go_on(run: "EarshotWorkflow", body: Token) -> None:
    """Look at the conditions of the body after a round."""
    plan, loop = body.internal_data.plan, _loop(body)
    body.internal_data.stage = "go on"
    if loop.until and run.holds_in(loop.until, _seen_after_round(run, body, plan, loop), at=body.task_spec.bpmn_id):
        for child in list(run.tokens(body)):
            run.cancel_task(child)
    elif loop.kind != "parallel" and _another(run, body, plan, loop):
        _start(run, body, plan, loop)
    body.internal_data.stage = None
    plan.pop("last", None)
    run.settle(body)


def settled(run: "EarshotWorkflow", body: Token) -> None:
    """All rounds are over: the activity is done."""
    _collect(run, body, _loop(body))
    body.internal_data.stage = "finish"
    body.complete()


def _loop(task: Token) -> Loop:
    return task.task_spec.model.details.loop  # type: ignore[no-any-return]  # the library has no types


def _throw(run: "EarshotWorkflow", body: Token, plan: Rounds, loop: Loop) -> None:
    """Throw what the behavior of the multi-instance says about a round that is about to complete."""
    for thrown in loop.throws:
        when = thrown.when
        wanted = when is None or (plan["ended"] == 1 if when == "first" else run.holds(when, body))
        if wanted and body.id in run.tasks:
            throwing.throw(run, body, thrown.event, payload={})


def _start(run: "EarshotWorkflow", body: Token, plan: Rounds, loop: Loop) -> None:
    number = plan["begun"]
    plan["begun"] += 1
    _count(body, plan, loop)
    task = Token(run, body.task_spec, body, TaskState.FUTURE, id=run.new_uid())
    task.internal_data.round = number
    if loop.output_variable:
        # Each round has its own, so that rounds side by side do not write over each other's.
        task.data[loop.output_variable] = None
    task.data["loopCounter"] = number + 1 if loop.counters == "zeebe" else number
    if loop.index_variable:
        task.data[loop.index_variable] = number
    if (items := plan.get("items")) is not None and loop.element_variable:
        task.data[loop.element_variable] = items[number]
    library.arrive(task)


def _seen_after_round(run: "EarshotWorkflow", body: Token, plan: Rounds, loop: Loop) -> Variables:
    """What the completion condition is about: the round that has just ended sees itself and the counters.

    Source of the second set of names: Camunda 8, "Multi-instance", completion condition.
    """
    seen = {**run.visible(body), **plan.get("last", {})}
    if loop.counters == "zeebe":
        seen.update(
            numberOfInstances=plan["total"],
            numberOfActiveInstances=plan["begun"] - plan["ended"],
            numberOfCompletedInstances=plan["ended"],
            numberOfTerminatedInstances=0,
        )
        if loop.output_collection:
            seen[loop.output_collection] = _gathered(plan)
    return seen


def _another(run: "EarshotWorkflow", body: Token, plan: Rounds, loop: Loop) -> bool:
    """Whether the next round is wanted."""
    if plan["begun"] >= plan["total"]:
        return False
    if loop.kind != "standard":
        return True
    if loop.condition is None or (plan["begun"] == 0 and not loop.test_before):
        return True
    return run.holds(loop.condition, body)


def _count(body: Token, plan: Rounds, loop: Loop) -> None:
    body.data["loopCounter"] = plan["ended"]
    if loop.kind != "standard":
        body.data.update(
            nrOfInstances=plan["total"],
            nrOfActiveInstances=plan["begun"] - plan["ended"],
            nrOfCompletedInstances=plan["ended"],
        )


def _instances(run: "EarshotWorkflow", task: Token, loop: Loop) -> tuple[list[Any] | None, int]:
    """The entries for which it runs, if any, and how often; where the model says both, the number counts."""
    if loop.collection is None:
        return None, _cardinality(run, task, loop)
    items = run.evaluate(loop.collection, task)
    if isinstance(items, Mapping) and loop.counters != "zeebe":
        items = list(items.values())
    if not isinstance(items, list | tuple):
        raise ExpressionError(f"The collection of a multi-instance must be a list, not {spoken(items)}.")
    storable(items)
    total = _cardinality(run, task, loop) if loop.cardinality else len(items)
    if total > len(items) and loop.element_variable:
        raise ExpressionError(
            _("There are to be %(total)s instances, and the collection has %(count)s entries.")
            % {"total": total, "count": len(items)}
        )
    return list(items), total


def _cardinality(run: "EarshotWorkflow", task: Token, loop: Loop) -> int:
    total = run.evaluate(loop.cardinality or "", task)
    if isinstance(total, str) and total.strip().lstrip("-").isdigit():
        total = int(total)
    if isinstance(total, float) and total.is_integer():
        total = int(total)
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ExpressionError(f"The number of instances must be a whole number from 0 on, not {total!r}.")
    return total


def _maximum(loop: Loop) -> int:
    if loop.maximum is None:
        return 2**31
    try:
        maximum = int(loop.maximum)
    except ValueError:
        maximum = -1
    if maximum < 0:
        raise ExpressionError(f"The maximum of a loop must be a whole number from 0 on, not {loop.maximum!r}.")
    return maximum


def _collect(run: "EarshotWorkflow", body: Token, loop: Loop) -> None:
    """Hand the gathered outputs over in the order of the rounds, None where a round gave none."""
    if loop.output_collection:
        run.write(body.parent, {loop.output_collection: _gathered(body.internal_data.plan)})


def _gathered(plan: Rounds) -> list[Any]:
    results = plan.get("results", {})
    return [results.get(str(number)) for number in range(plan["total"])]
