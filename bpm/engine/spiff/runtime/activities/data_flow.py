"""Variables on their way through an element: mappings in, what came, mappings out.

Mappings work in the order in which they are drawn, and each sees the ones before it; what a call hands over and takes
back is copied side by side, from one scope into the other (Camunda 7 and Flowable "Call activity", in and out).
- In: into the element's own scope (Camunda 7 "Input/output mapping"; Camunda 8 "Input mappings"; BPMN 2.0.2, 10.4.2).
- What came (values of a form, a job, a message): into the scope that has the variable, else the outermost. An element
  that keeps holds it in its own scope: only what its mappings hand out leaves it (Camunda 8 "Output mappings", jBPM's
  data output associations).
- Out: into the scope around the element. An element that keeps reads what earlier mappings gave before its own
  variables; in Camunda 7 its own variables come first.
A mapping may write one entry of an object: `order.outcome`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bpm.engine.plain_values import storable
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.details import Item
from bpm.engine.spiff.step import Variables
from bpm.foundation.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def keeps(task: Token) -> bool:
    """Whether what comes to the element stays in it."""
    return bool(task.task_spec.model.details.keeps)


def _mapped_in(run: "EarshotWorkflow", task: Token, items: Iterable[Item]) -> Variables:
    found: Variables = {}
    view = dict(run.visible(task))
    around: Variables | None = None
    for item in items:
        if item.aside and around is None:
            around = dict(view)
        value = run.evaluate_in(item.expression or "", around if item.aside and around is not None else view)
        # An entry makes an object of the element's own: the one around it is not for an input mapping to change.
        view[item.name] = found[item.name] = _placed(item, found.get(item.name), value)
    storable(found)
    return found


def take_in(run: "EarshotWorkflow", task: Token) -> None:
    """Put what the input mappings give into the element's own scope; tried again, as if for the first time."""
    items = [item for item in task.task_spec.model.details.inputs if not item.late]
    if not items:
        return
    mapped, task.internal_data.mapped = task.internal_data.mapped, None
    for name, before in (mapped or {}).items():
        task.data.pop(name, None)
        if before:
            task.data[name] = before[0]
    values = _mapped_in(run, task, items)
    task.internal_data.mapped = {name: [task.data[name]] if name in task.data else [] for name in values}
    task.data.update(values)


def take_in_late(run: "EarshotWorkflow", task: Token) -> None:
    """The mappings that wait for the script before the activity."""
    if items := [item for item in task.task_spec.model.details.inputs if item.late]:
        task.data.update(_mapped_in(run, task, items))


def receive(run: "EarshotWorkflow", task: Token, values: Mapping[str, Any]) -> None:
    """What the element waited for, or worked out, becomes variables; ExpressionError for what cannot be stored."""
    if not keeps(task):
        write(run, task, values)
        return
    storable(values)
    task.data.update(values)
    for item in task.task_spec.model.details.outputs:
        if values and item.whole and item.came not in values:
            task.data[item.came] = dict(values)


def write(run: "EarshotWorkflow", task: Token, values: Mapping[str, Any]) -> None:
    """Set variables where they are, or in the scope around the element (Flowable "useLocalScopeForResultVariable")."""
    if not task.task_spec.model.details.result_here:
        run.write(task, values)
        return
    storable(values)
    (task if task.internal_data.round is not None else task.parent).data.update(values)
    run.changed = True


def receive_at_start(run: "EarshotWorkflow", task: Token) -> None:
    """What the event brought that started the scope, where its start event keeps it."""
    around = task.parent.internal_data
    payload, around.payload = around.payload, None
    if payload is not None:
        receive(run, task, payload)


def mapped_out(run: "EarshotWorkflow", task: Token, *, forgiving: bool = False) -> Variables:
    """What the output mappings hand out, by variable; ExpressionError, unless `forgiving` leaves it out."""
    items: Iterable[Item] = task.task_spec.model.details.outputs
    found: Variables = {}
    if not items or task.internal_data.skipped is not None:
        return found
    view, own = _seen_at_the_end(run, task), {} if keeps(task) else task.data
    came = task.data if keeps(task) else dict(view)
    called = None
    if task.internal_data.border is not None and not keeps(task):
        # What is copied out is the called process's; what is worked out behind it sees the scope of the call.
        called, own = dict(view), {}
        view = {**view, **run.visible(task.parent)}
    for item in items:
        name, by = item.name, item.came
        if by and by not in came and name in view:
            # What nobody gave leaves the variable as it was.
            continue
        with suppress(*([ExpressionError] if forgiving else [])):
            seen = called if item.aside and called is not None else view
            value = came.get(by) if by else run.evaluate_in(item.expression or "", seen)
            found[name] = _placed(item, view.get(name), value)
            view[name] = own.get(name, found[name])
    return found


def write_out(run: "EarshotWorkflow", task: Token, values: Mapping[str, Any]) -> None:
    """Write what the output mappings gave around the element.

    A round that keeps writes first what is its own: its item, its output element (Camunda 8 "Multi-instance").
    """
    if keeps(task) and task.internal_data.round is not None:
        said = task.internal_data.own
        own = set(task.data if said is None else said)
        storable(values)
        task.data.update({name: value for name, value in values.items() if name in own})
        values = {name: value for name, value in values.items() if name not in own}
    if task.task_spec.model.details.result_here and task.internal_data.border is not None:
        storable(values)
        task.parent.data.update(values)
        run.changed = True
        return
    run.write(task.parent, values)


def _seen_at_the_end(run: "EarshotWorkflow", task: Token) -> Variables:
    """What output mappings see; a call that keeps sees what is around it beside what the called process has."""
    if keeps(task) and task.internal_data.border is not None:
        return {**run.visible(task.parent), **task.data}
    return dict(run.visible(task))


def _placed(item: Item, before: Any, value: Any) -> Any:
    """What the variable holds once `value` is in its place; objects on the way are made, other values are not lost."""
    path = item.at
    if not path:
        return value
    top: Variables = {}
    at, name, inside = top, item.name, before
    for entry in path:
        if inside is not None and not isinstance(inside, Mapping):
            raise ExpressionError(
                f"{'.'.join([str(item.name), *path])} cannot be written: {name} is {_short(inside)}, which has no"
                " entries.",
                remedy=f"Map to another name, or let {name} be an object.",
            )
        at[name.rpartition(".")[2]] = following = dict(inside or {})
        at, inside, name = following, following.get(entry), f"{name}.{entry}"
    at[path[-1]] = value
    return top[item.name]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
