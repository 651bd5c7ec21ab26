"""What a newer version adds over open activities and scopes: boundary events, event subprocesses, rivals in a race."""

from collections.abc import Mapping

from bpm.engine.spiff.migration.compatibility import Pair
from bpm.engine.spiff.migration.obstacles import flow_of
from bpm.engine.spiff.runtime.activities.activities import Activity
from bpm.engine.spiff.runtime.events import subscriptions
from bpm.engine.spiff.runtime.subprocesses import CallActivity
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.specs.process import Element, ProcessSpec


def arm_what_is_new(run: EarshotWorkflow, pair: Pair, task: Token, was: Element) -> None:
    """Arm what the new version has over an open activity or scope and the old one had not."""
    if task.internal_data.armed is not None or task.internal_data.failed is not None:
        return
    element = task.task_spec
    if isinstance(element, Activity) and _watched(task):
        before = {twin for name in was.process.attached.get(was.model.id, ()) if (twin := _twin(pair, was, name))}
        for name in element.process.attached.get(element.model.id, ()):
            if element.process.elements[name] not in before:
                subscriptions.arm(run, task, element.process.elements[name], "boundary")
    inside = _inside(pair, task, was)
    if inside is not None and not _interrupted(run, task):
        _arm_event_subprocesses(run, pair, task, *inside)


def _twin(pair: Pair, element: Element, name: str) -> Element | None:
    return pair.fitting(element.process.elements[name])


def _watched(task: Token) -> bool:
    """Whether boundary events watch over the task: begun, and not one round of several."""
    internal = task.internal_data
    return internal.round is None and (internal.rounds is not None or bool(internal.open))


def _inside(pair: Pair, task: Token, was: Element) -> tuple[ProcessSpec, str, ProcessSpec, str] | None:
    """The scope that a task is: its spec and name now, and then."""
    element = task.task_spec
    if not task.children or task.internal_data.rounds is not None:
        return None
    if isinstance(element, CallActivity):
        inner: Element = next(child.task_spec for child in task.children if child.internal_data.armed is None)
        called: str = inner.process.name
        before = next((old for old, new in pair.processes.items() if new == called), called)
        return pair.old[before], PROCESS, inner.process, PROCESS
    if element.model.id in element.process.inside:
        return was.process, was.model.id, element.process, element.model.id
    return None


def _interrupted(run: EarshotWorkflow, scope: Token) -> bool:
    """Whether an event subprocess has taken the scope over: then nothing in it is armed any more."""
    for token in run.tokens(scope):
        element = token.task_spec
        if element.model.details.triggered:
            starts = element.process.inside[element.model.id].starts
            if any(element.process.elements[s].model.details.interrupting for s in starts):
                return True
    return False


def _arm_event_subprocesses(
    run: EarshotWorkflow, pair: Pair, task: Token, was: ProcessSpec, name: str, spec: ProcessSpec, then: str
) -> None:
    before = {
        pair.fitting(was.elements[start])
        for subprocess in was.inside[name].event_subprocesses
        for start in was.inside[subprocess].starts
    }
    for subprocess in spec.inside[then].event_subprocesses:
        for start in spec.inside[subprocess].starts:
            if spec.elements[start] not in before:
                subscriptions.arm(run, task, spec.elements[start], "start")


def offer_new_events(run: EarshotWorkflow, pair: Pair, was: Mapping[Token, Element]) -> None:
    """Events that the new version adds behind an event-based gateway join the race there."""
    races: dict[str, Token] = {}
    for task in list(run.tasks.values()):
        race = task.internal_data.race
        if race is not None and task in was:
            races.setdefault(race, task)
    for race, task in races.items():
        _join_race(run, pair, race, task, was[task])


def _join_race(run: EarshotWorkflow, pair: Pair, race: str, task: Token, was: Element) -> None:
    flow = flow_of(was.process, task.internal_data.way)
    gateway = None if flow is None else was.process.elements[flow.source]
    twin = None if gateway is None else pair.fitting(gateway)
    if gateway is None or twin is None:
        return
    before = {_twin(pair, gateway, flow.target) for flow in gateway.model.flows}
    for flow in twin.model.flows:
        target = twin.process.elements[flow.target]
        if target not in before:
            run.place(target, task.parent, via=flow.id, data={"race": race})
