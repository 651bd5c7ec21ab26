"""Repair of an instance by its operator: a visit is passed over, or its token is moved to another element.

What a move means (as in Camunda's and Zeebe's process instance modification, with the doubtful cases refused)
- The visit ends as cancelled, with all that stands in it. Scopes that it leaves empty on its way out end with it.
- The token begins at the target as if it had just arrived: subscriptions, mappings and boundary events are new.
- The target stands in a scope that is open around the visit. Into another subprocess the way leads through its door.
"""

from collections.abc import Iterator

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff.runtime import gateways, scheduler
from bpm.engine.spiff.runtime.events import triggering
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from bpm.engine.spiff.step import StartPlace, Variables
from bpm.foundation.errors import ConflictError, InvalidInputError


def skip(run: EarshotWorkflow, task: Token, variables: Variables) -> None:
    """Complete a failed or waiting visit without its being done; `variables` are set, its own results are not.

    Raises ConflictError for what is no visit, and for a gateway of events, which has no one way to go.
    """
    _demand_visit(run, task)
    if task.task_spec.model.kind == "eventBasedGateway":
        raise ConflictError("An event gateway cannot be passed over.", remedy="Move the token to where it should go.")
    scheduler.guarded(run, task, lambda: _pass_over(run, task, variables))


def _pass_over(run: EarshotWorkflow, task: Token, variables: Variables) -> None:
    internal = task.internal_data
    if internal.stage == "stuck" and internal.via is not None:
        for other in gateways.waiting_here(run, task).values():
            run.drop(other)
    triggering.end_race(run, task)
    run.write(task.parent, variables)
    run.cancel_inside(task)
    internal.failed = internal.wait = internal.undo = None
    # Should its outgoing flows fail, a retry takes up from here and does not begin the visit anew.
    internal.stage, internal.skipped = "finish", True
    task.complete()


def move(run: EarshotWorkflow, task: Token, to: str, variables: Variables) -> None:
    """Take the token of a visit away and put one on the element `to` (as drawn), in a scope open around the visit.

    Raises ConflictError for a visit that cannot be left, InvalidInputError for a target that cannot be begun.
    """
    _demand_visit(run, task)
    if task.internal_data.undo:
        raise ConflictError("It is undoing other activities.", remedy="Let that end, or cancel the instance.")
    scope, target = _find(run, task, to)
    _demand_beginning(target)
    triggering.end_race(run, task)
    _leave(run, task, scope)
    run.write(scope, variables)
    run.place(target, scope, via=_flow_into(run, target, scope))


def token_at(spec: ProcessSpec, place: StartPlace) -> tuple[str, str | None]:
    """(name of the element that a new instance's token begins at, flow by which it comes) for a place as drawn.

    Raises InvalidInputError for an element inside a subprocess, and for one that nothing can begin at, or leave by one
    flow alone.
    """
    found = [
        e for e in spec.elements.values() if place.element in (e.bpmn_id, e.model.id) and e.model.kind != "process"
    ]
    element = next((each for each in found if each.model.scope == PROCESS), None)
    if element is None and found:
        raise InvalidInputError(
            f"{place.element} stands inside a subprocess.", remedy="Begin at the subprocess.", place=place.element
        )
    if element is None:
        raise InvalidInputError(
            f"The model has no element {place.element!r}.", remedy="Choose one of its elements.", place=place.element
        )
    if place.after:
        return _behind(element)
    _demand_beginning(element)
    joins = len(element.model.incoming) > 1 and element.model.kind.endswith("Gateway")
    return element.model.id, element.model.incoming[0] if joins else None


def _behind(element: Element) -> tuple[str, str]:
    flows = element.model.flows
    if len(flows) != 1 or element.model.synthetic:
        leads = "nowhere" if not flows else f"{len(flows)} ways"
        raise InvalidInputError(
            f"From {element.bpmn_id} it leads {leads}.",
            remedy="Begin at one of the elements behind it." if flows else "Begin at it, or elsewhere.",
            place=element.bpmn_id,
        )
    return flows[0].target, flows[0].id


def _demand_visit(run: EarshotWorkflow, task: Token) -> None:
    if task is run.task_tree:
        raise ConflictError("This is the process itself.", remedy="Cancel the instance, or act on one of its elements.")
    if task.internal_data.armed is not None:
        raise ConflictError(
            "This event only watches over an activity.", remedy="Act on the activity that it is attached to."
        )
    if task.has_state(TaskState.READY):
        raise ConflictError("Its turn has not come.", remedy="Retry what stopped the instance first.")


def _levels(run: EarshotWorkflow, task: Token) -> Iterator[tuple[Token, Token]]:
    """(token, the scope it stands in), from the visit outwards, as far as a token may go."""
    while task.parent is not None:
        if task.internal_data.undoes is not None:
            return
        if task.internal_data.round is None:
            yield task, task.parent
        elif len(list(run.tokens(task.parent))) > 1:
            # The other rounds would have to end with it: that is for the operator to say, one by one.
            return
        task = task.parent


def _find(run: EarshotWorkflow, task: Token, to: str) -> tuple[Token, Element]:
    """The innermost open scope around `task` in which an element `to` stands, and that element."""
    for token, scope in _levels(run, task):
        spec: ProcessSpec = token.task_spec.process
        for element in spec.elements.values():
            same_scope = element.model.scope == token.task_spec.model.scope and element.model.kind != "process"
            if same_scope and to in (element.bpmn_id, element.model.id):
                return scope, element
    if any(to in (element.bpmn_id, name) for spec in run.specs.values() for name, element in spec.elements.items()):
        raise InvalidInputError(
            f"{to} does not stand in a scope that is open around this visit.",
            remedy="Move to the subprocess or call around it, or end the other rounds and handlers first.",
            place=to,
        )
    raise InvalidInputError(f"The model has no element {to!r}.", remedy="Choose one of its elements.", place=to)


def _demand_beginning(target: Element) -> None:
    model, spec = target.model, target.process
    problem = ""
    if model.synthetic:
        problem = "is not drawn"
    elif model.kind == "boundaryEvent":
        problem = "only happens to the activity it is attached to"
    elif model.details.triggered:
        problem = "is begun by its own event only"
    elif model.kind == "startEvent" and model.events:
        problem = "is begun by what it waits for only"
    elif model.id in spec.handlers.values() or model.id in spec.undo_scopes.values():
        problem = "only undoes what was completed"
    if problem:
        raise InvalidInputError(
            f"{target.bpmn_id} {problem}.", remedy="Move to where it leads instead.", place=target.bpmn_id
        )


def _leave(run: EarshotWorkflow, task: Token, scope: Token) -> None:
    """End the visit, and every scope below `scope` in which no token is left then."""
    while True:
        around = task.parent
        run.cancel_task(task)
        if around is scope or any(True for _ in run.tokens(around)):
            return
        task = around


def _flow_into(run: EarshotWorkflow, target: Element, scope: Token) -> str | None:
    """At a gateway that joins, the moved token counts as one of a flow on which none waits yet."""
    if len(target.model.incoming) < 2 or not target.model.kind.endswith("Gateway"):
        return None
    here = (task for task in run.tokens(scope) if task.task_spec is target and task.has_state(TaskState.WAITING))
    taken = {task.internal_data.via for task in here}
    return next((flow for flow in target.model.incoming if flow not in taken), target.model.incoming[0])
