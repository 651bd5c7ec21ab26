"""Why one running instance cannot change over to another version: each reason at its element. Pure, over live tasks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff.migration.compatibility import GONE, Pair
from bpm.engine.spiff.migration.reachability import ahead
from bpm.engine.spiff.runtime.gateways import ComplexGateway, InclusiveGateway, ParallelGateway
from bpm.engine.spiff.runtime.token_state import Done, Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.details import Setting
from bpm.engine.spiff.specs.model import PROCESS, Flow
from bpm.engine.spiff.specs.process import Element, ProcessSpec


@dataclass(frozen=True)
class Obstacle:
    """Why something at an element (as drawn in the version now) cannot change over."""

    element: str
    name: str
    reason: str


def hindrances(run: EarshotWorkflow, pair: Pair) -> list[Obstacle]:
    """Every reason why the instance cannot change over, in the order of its tokens; empty when it can."""
    found = [obstacle for task in run.tasks.values() for obstacle in _of_token(run, pair, task)]
    if not found:
        found = [*_never_begun(run, pair), *_twice(run, pair)]
    return list(dict.fromkeys(found))


def at(element: Element, reason: str) -> Obstacle:
    return Obstacle(element.bpmn_id, element.bpmn_name, reason)


def _of_token(run: EarshotWorkflow, pair: Pair, task: Token) -> Iterator[Obstacle]:
    element: Element = task.task_spec
    if task.internal_data.armed is not None or lost_race(run, pair, task):
        return
    reason = pair.misfit(element)
    if reason is not None:
        yield at(element, reason)
        return
    if waits_at_join(task) and entry(pair, task) is None:
        yield at(element, "It waits here for other branches, and the branch that it came from is gone.")
    if task.internal_data.border is not None and task is not run.task_tree:
        yield from _called(pair, element)
    for step in _remembered(task):
        yield from _undoable(run, pair, step)
    for name, fired in (task.internal_data.fired or {}).items():
        gateway = run.specs[fired["process"]].elements[name]
        then = pair.fitting(gateway)
        if then is None or (then.model.id, then.model.incoming) != (name, gateway.model.incoming):
            yield at(gateway, "It has fired and waits to start anew, and the branches into it are others then.")


def _called(pair: Pair, element: Element) -> Iterator[Obstacle]:
    twin = pair.counterpart(element)
    before = (pair.called(element), element.model.details.called.expression)
    then = twin.model.details.called if twin is not None else Setting("called")
    if before != (then.text, then.expression):
        yield at(element, "It is inside a called process, and another one is called then.")


def _remembered(task: Token) -> Iterable[Done]:
    """What was completed and can still be undone, or is being undone."""
    undo = task.internal_data.undo
    return _nested([*(task.internal_data.done or ()), *(undo["left"] if undo else ())])


def _nested(steps: Iterable[Done]) -> Iterator[Done]:
    for step in steps:
        yield step
        yield from _nested(step["nested"])


def _undoable(run: EarshotWorkflow, pair: Pair, step: Done) -> Iterator[Obstacle]:
    spec = run.specs[step["process"]]
    element = spec.elements[step["element"]]
    handler = spec.handlers.get(element.model.id) or spec.undo_scopes.get(element.model.id)
    if not handler:
        return
    twin, undoes = pair.fitting(element), pair.fitting(spec.elements[handler])
    if twin is None or undoes is None or handler_of(twin) != undoes.model.id:
        yield at(element, "It was done and could be undone; the new version could not undo it.")


def handler_of(element: Element) -> str | None:
    """What undoes an activity."""
    spec: ProcessSpec = element.process
    return spec.handlers.get(element.model.id) or spec.undo_scopes.get(element.model.id)


def waits_at_join(task: Token) -> bool:
    """Whether a token waits at a gateway for others."""
    joins = isinstance(task.task_spec, ParallelGateway | InclusiveGateway | ComplexGateway)
    return joins and task.has_state(TaskState.WAITING) and task.internal_data.via is not None


def entry(pair: Pair, task: Token) -> str | None:
    """The flow into the counterpart of a join that stands for the one a waiting token came by."""
    twin = pair.counterpart(task.task_spec)
    if twin is None:
        return None
    via = task.internal_data.way
    origins = _origins(pair, task.task_spec, via)
    feeders = twin.process.feeders(twin.model.id)
    fed = [flow for flow, elements in feeders.items() if origins and origins <= elements]
    return via if via in fed or (via in feeders and not fed) else fed[0] if len(fed) == 1 else None


def _origins(pair: Pair, join: Element, via: str) -> set[str]:
    """Counterparts of the nearest elements before the flow `via` that have one."""
    flow = flow_of(join.process, via)
    todo, seen, found = [flow.source] if flow else [], set[str](), set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        twin = pair.counterpart(join.process.elements[name])
        if twin is not None:
            found.add(twin.model.id)
        else:
            todo += [f.source for f in flows_of(join.process) if f.target == name]
    return found


def flows_of(spec: ProcessSpec) -> Iterator[Flow]:
    """Every sequence flow of a process."""
    for element in spec.elements.values():
        yield from element.model.flows


def flow_of(spec: ProcessSpec, flow_id: str) -> Flow | None:
    return next((flow for flow in flows_of(spec) if flow.id == flow_id), None)


def race_gateway(task: Token) -> Element | None:
    """The event-based gateway behind which a token waits."""
    flow = flow_of(task.task_spec.process, task.internal_data.via or "")
    return None if flow is None else task.task_spec.process.elements[flow.source]


def lost_race(run: EarshotWorkflow, pair: Pair, task: Token) -> bool:
    """Whether a token waits behind an event-based gateway for an event that is gone, while a rival stays."""
    race = task.internal_data.race
    if race is None or pair.misfit(task.task_spec) != GONE:
        return False
    gateway = race_gateway(task)
    rivals = [other for other in run.tokens(task.parent) if other.internal_data.race == race]
    stays = any(pair.misfit(other.task_spec) is None for other in rivals)
    return stays and gateway is not None and pair.misfit(gateway) is None


def _never_begun(run: EarshotWorkflow, pair: Pair) -> Iterator[Obstacle]:
    """Parallel joins of the new version that would wait for a branch that the instance has not begun."""
    for scope in _scopes(run):
        tokens = [task for task in run.tokens(scope) if not lost_race(run, pair, task)]
        if not tokens:
            continue
        twins = {task: pair.counterpart(task.task_spec) for task in tokens}
        spec: ProcessSpec = next(iter(twins.values())).process  # type: ignore[union-attr]  # an element that is there
        full = {task: entry(pair, task) for task in tokens if waits_at_join(task)}
        held = {twins[task].model.id: task for task in tokens}  # type: ignore[union-attr]  # an element that is there
        for join in _joins(spec, next(iter(twins.values())).model.scope):  # type: ignore[union-attr]  # an element that is there
            here = {full[task] for task in full if twins[task] is join}
            if _starved(spec, join, set(held), here) and not _starved_before(run, pair, tokens, join):
                first = next((task for task in tokens if twins[task] is join), tokens[0])
                reason = f"The join {join.bpmn_name or join.bpmn_id} would wait for a branch that was never begun."
                yield at(first.task_spec, reason)


def _joins(spec: ProcessSpec, scope: str) -> list[Element]:
    return [
        element
        for element in spec.elements.values()
        if isinstance(element, ParallelGateway) and element.model.scope == scope and len(element.model.incoming) > 1
    ]


def _starved(spec: ProcessSpec, join: Element, held: set[str], here: set[str | None]) -> bool:
    """Whether some but not all incoming flows of a join have a token or can get one."""
    feeders = spec.feeders(join.model.id)
    fed = {flow for flow, elements in feeders.items() if flow in here or held & elements}
    return bool(fed) and len(fed) < len(feeders)


def _starved_before(run: EarshotWorkflow, pair: Pair, tokens: list[Token], join: Element) -> bool:
    """Whether the join could not have gone on in the version now either."""
    for task in tokens:
        spec: ProcessSpec = task.task_spec.process
        for element in spec.elements.values():
            if pair.counterpart(element) is join and isinstance(element, ParallelGateway):
                held = {token.task_spec.model.id for token in tokens}
                here = {
                    token.internal_data.via for token in tokens if token.task_spec is element and waits_at_join(token)
                }
                return _starved(spec, element, held, here)
    return False


def _scopes(run: EarshotWorkflow) -> list[Token]:
    """Tasks in which others stand."""
    return list({task.parent.id: task.parent for task in run.tasks.values() if task.parent is not None}.values())


def _twice(run: EarshotWorkflow, pair: Pair) -> Iterator[Obstacle]:
    """Elements that run side by side in the instance and one after the other in the new version: done twice."""
    for scope in _scopes(run):
        tokens = [t for t in run.tokens(scope) if not waits_at_join(t) and not lost_race(run, pair, t)]
        for first in tokens:
            for second in tokens:
                if _follows(pair, first.task_spec, second.task_spec):
                    name = second.task_spec.bpmn_name or second.task_spec.bpmn_id
                    yield at(
                        first.task_spec, f"{name} is open beside it and comes after it then: it would be done twice."
                    )


def _follows(pair: Pair, first: Element, second: Element) -> bool:
    if first is second or first.model.id == PROCESS or second.model.id in ahead(first.process, first.model.id):
        return False
    before, after = pair.counterpart(first), pair.counterpart(second)
    if before is None or after is None or before.process is not after.process:
        return False
    return after.model.id in ahead(before.process, before.model.id)
