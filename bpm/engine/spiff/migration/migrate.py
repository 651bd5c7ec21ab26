"""From the state of an instance of one version to its state on another: every token on its counterpart, nothing lost.

What waits keeps its uid, and with it whatever the store has under that uid: claims, drafts, due instants, leases.
Timers keep their instants. What the new version adds over an open activity or scope is armed, what it lacks is
disarmed; conditions are judged again; a job or subscription whose definition changed takes the new one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.migration.compatibility import Pair
from bpm.engine.spiff.migration.obstacles import Obstacle, at, entry, handler_of, hindrances, lost_race, waits_at_join
from bpm.engine.spiff.migration.resubscription import arm_what_is_new, offer_new_events
from bpm.engine.spiff.runtime import gateways, scheduler
from bpm.engine.spiff.runtime.activities import scripts_around
from bpm.engine.spiff.runtime.activities.activities import JobTask
from bpm.engine.spiff.runtime.events import subscriptions as arming
from bpm.engine.spiff.runtime.token_state import Done, Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.process import Element
from bpm.engine.spiff.step import NewJob, NewSubscription, Step
from bpm.foundation.errors import EarshotError


@dataclass(frozen=True)
class Moved:
    """What the rows under a uid have to say from now on, where it is something else than before."""

    uid: str
    element: str
    name: str
    type: str
    form: str | None = None


@dataclass(frozen=True)
class Migration:
    """The step that the change itself made (what was armed, disarmed, fired) and what changed under kept uids."""

    step: Step
    moved: tuple[Moved, ...] = ()
    jobs: tuple[NewJob, ...] = ()
    """Jobs whose definition is another one now."""
    subscriptions: tuple[NewSubscription, ...] = ()
    """Subscriptions to another message, signal or key now."""


def migrate(run: EarshotWorkflow, pair: Pair, *, primary: str) -> Migration | list[Obstacle]:
    """Change a loaded instance over, or say why not; `run` is used up.

    A failure that the change itself would cause is an obstacle too.
    """
    found = hindrances(run, pair)
    if found:
        return found
    before = {task.id.hex: task.task_spec for task in run.tasks.values()}
    failed = any(task.internal_data.failed is not None for task in run.tasks.values())
    try:
        renewed = _change(run, pair, primary)
    except EarshotError as error:
        return [at(run.task_tree.task_spec, str(error))]
    run.changed = True
    step = scheduler.finish(run)
    if step.failures and not failed:
        return [Obstacle(failure.element, "", f"After the change: {failure.message}") for failure in step.failures]
    return Migration(step, tuple(_moved(run, before)), *renewed)


def _change(run: EarshotWorkflow, pair: Pair, primary: str) -> tuple[tuple[NewJob, ...], tuple[NewSubscription, ...]]:
    was = {task: task.task_spec for task in run.tasks.values()}
    _disarm(run, pair)
    _repoint(run, pair)
    run.specs, run.primary, run.spec = pair.new, primary, pair.new[primary]
    tasks = [task for task in was if task.id in run.tasks]
    for task in tasks:
        _translate(pair, task, was[task])
    jobs = tuple(job for task in tasks for job in _redefined(run, task, was[task]))
    subscriptions = tuple(new for task in tasks for new in _resubscribed(run, task, was[task]))
    for task in tasks:
        arm_what_is_new(run, pair, task, was[task])
    offer_new_events(run, pair, was)
    _look_at_joins(run)
    return jobs, subscriptions


def _disarm(run: EarshotWorkflow, pair: Pair) -> None:
    """Take away what waits for an event that the new version does not wait for here."""
    for task in list(run.tasks.values()):
        if task.id not in run.tasks:
            continue
        role = task.internal_data.armed
        if (role in ("boundary", "start") and _still_armed(pair, task) is None) or (
            role is None and lost_race(run, pair, task)
        ):
            run.cancel_task(task)


def _still_armed(pair: Pair, armed: Token) -> Element | None:
    element: Element = armed.task_spec
    twin = pair.fitting(element)
    if twin is None or armed.internal_data.armed == "boundary":
        return twin
    around = pair.fitting(element.process.elements[element.model.scope])
    return twin if around is not None and around.model.id == twin.model.scope else None


def _repoint(run: EarshotWorkflow, pair: Pair) -> None:
    """Set every token on its counterpart; all of them fit by now."""
    entries = {task: entry(pair, task) for task in run.tasks.values() if waits_at_join(task)}
    for task in run.tasks.values():
        task.task_spec = pair.counterpart(task.task_spec)
    for task, flow in entries.items():
        task.internal_data.via = flow


def _translate(pair: Pair, task: Token, was: Element) -> None:
    """Put what a task remembers into the words of the new version."""
    internal, spec = task.internal_data, was.process

    def name(other: str) -> str:
        twin = pair.counterpart(spec.elements[other]) if other in spec.elements else None
        return other if twin is None else twin.model.id

    if internal.start is not None:
        internal.start = name(internal.start)
    if internal.starts is not None:
        internal.starts = [name(start) for start in internal.starts]
    if internal.jobs is not None:
        internal.jobs = {name(job): count for job, count in internal.jobs.items()}
    if internal.done is not None:
        internal.done = _translated(pair, internal.done)
    for fired in (internal.fired or {}).values():
        fired["process"] = pair.processes.get(fired["process"], fired["process"])
    if internal.undo is not None:
        internal.undoing["left"] = _translated(pair, internal.undoing["left"])


def _translated(pair: Pair, steps: list[Done]) -> list[Done]:
    """Completed activities under their new names; what the new version could never undo is left out."""
    kept = []
    for step in steps:
        twin = pair.counterpart(pair.old[step["process"]].elements[step["element"]])
        if twin is None:
            continue
        told: Done = {**step, "process": twin.process.name, "element": twin.model.id}
        told["nested"] = _translated(pair, step["nested"])
        if "handler" in step:
            told["handler"] = handler_of(twin)
        kept.append(told)
    return kept


def _redefined(run: EarshotWorkflow, task: Token, was: Element) -> Iterator[NewJob]:
    """The job of a task whose definition changed, as the new version would have made it now."""
    element = task.task_spec
    if not task.internal_data.waits_for("job") or task.has_state(TaskState.ERROR):
        return
    if stage := task.internal_data.script:
        if element.model.details.script_around(stage) not in (None, was.model.details.script_around(stage)):
            yield scripts_around.job_of(run, task, stage)
        return
    if not isinstance(element, JobTask):
        return
    if (was.model.details, was.model.kind, was.model.name) == (
        element.model.details,
        element.model.kind,
        element.model.name,
    ):
        return
    before = len(run.record.jobs)
    run.forget_jobs()
    element.perform(run, task)
    run.forget_jobs()
    yield from run.record.jobs[before:]
    del run.record.jobs[before:]


def _resubscribed(run: EarshotWorkflow, task: Token, was: Element) -> Iterator[NewSubscription]:
    """Wait for what the new version says, where it says something else; timers keep their instant."""
    internal, element = task.internal_data, task.task_spec
    kind, part = (internal.wait or {}).get("kind"), internal.part or 0
    if kind in (None, "timer", "person", "job") or part >= len(element.model.events):
        return
    if was.model.events[part] == element.model.events[part]:
        return
    internal.wait = arming.waiting(run, arming.seen_from(task), element.model.events[part])
    before = len(run.record.subscriptions)
    arming.announce(run, task)
    yield from run.record.subscriptions[before:]
    del run.record.subscriptions[before:]


def _look_at_joins(run: EarshotWorkflow) -> None:
    """A join may have all that it waits for now, because the new version waits for less."""
    for task in list(run.tasks.values()):
        if task.id not in run.tasks or not waits_at_join(task):
            continue
        wanted = len(task.task_spec.model.incoming)
        here = gateways.waiting_here(run, task)
        if wanted < 2:
            library.ready(task)
        elif isinstance(task.task_spec, gateways.ParallelGateway) and len(here) == wanted:
            gateways.merge(run, here)


def _moved(run: EarshotWorkflow, before: Mapping[str, Element]) -> Iterator[Moved]:
    for task in run.tasks.values():
        was, element = before.get(task.id.hex), task.task_spec
        if was is None or element.model.synthetic:
            continue
        now = (was.bpmn_id, was.bpmn_name, was.model.kind, was.model.details.form.text)
        then = (element.bpmn_id, element.bpmn_name, element.model.kind, element.model.details.form.text)
        if now != then:
            yield Moved(task.id.hex, *then)
