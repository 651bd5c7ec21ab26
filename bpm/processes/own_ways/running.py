"""Cases on a customer's own way: optional steps left out or taken in the customer's order, own steps as tasks.

1. A case says by its variable `own_way` which accepted way it runs on; it runs the live version as every other case.
2. When a task opens: own steps that stand before it become tasks of the same people (the shipped process
   `handed_over`); one that the customer's way lacks is skipped unless it is mandatory; within a straight stretch of
   the model, where each step leads to the next alone, the case goes to what comes next in the customer's order.
3. A task is not completed while own steps before it are open.
4. What was done otherwise than officially stands in `own_way_step`, step by step. A mandatory step is never skipped:
   that is looked up each time, so a rail that is put up later holds for cases that run, too.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import select

from bpm.engine import api as engine
from bpm.engine.events import WorkItemCompleted, WorkItemOpened
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.bus import Bus
from bpm.foundation.errors import ConflictError
from bpm.foundation.texts import _
from bpm.foundation.work import SYSTEM, Work
from bpm.identity import Permission, demand
from bpm.processes.handing_over import HANDED_OVER, ensure_live
from bpm.processes.own_ways.difference import order_to_run
from bpm.processes.own_ways.models import OwnWayStep
from bpm.processes.own_ways.rails import ACTIVITIES_WITH_WAYS, PEOPLE
from bpm.processes.own_ways.status import StepKind, WayStatus
from bpm.processes.own_ways.ways import Way, find_way, get_way

VARIABLE = "own_way"
"""Of a case: the number of the way that it runs on."""


def wire(bus: Bus) -> None:
    """Let cases run on customers' ways."""
    bus.subscribe(WorkItemOpened, on_opened)
    bus.subscribe(WorkItemCompleted, on_completed)


def start_on_way(work: Work, way_id: int, variables: Mapping[str, Any], *, business_key: str | None = None) -> int:
    """Start a case of the process on an accepted way; its id. ConflictError for another."""
    demand(work.actor, Permission.START)
    way = get_way(work, way_id)
    if way.status is not WayStatus.ACCEPTED:
        raise ConflictError(_("No case runs on it: it is not accepted."), remedy=_("Let it be accepted first."))
    case = engine.start(work, way.key, {**variables, VARIABLE: way_id}, business_key=business_key)
    return case.id


def on_opened(work: Work, event: WorkItemOpened) -> None:
    """Let the task be done, left out, or put off, as the way of its case says."""
    if event.element not in ACTIVITIES_WITH_WAYS.get(work):
        return
    way = _way_of(work, event.instance_id)
    task = work.session.get(WorkItem, event.item_id)
    if way is None or task is None or task.status != WorkItemStatus.OPEN or event.element not in way.course.names:
        return
    stretch = _stretch(way, event.element) if task.version_id == way.version_id else (event.element,)
    theirs = [each.element for each in way.steps if each.element]
    order = order_to_run(stretch, theirs, way.may_go)
    done = _done(work, event.instance_id, stretch)
    following = next((each for each in order if each not in done), None)
    if following is None and event.element in way.left_out:
        _skip(work, way, task)
    elif following is None or following == event.element:
        _note_kept(work, way, task)
        _open_own_steps(work, way, task)
    else:
        _go_to(work, way, task, following)


def _stretch(way: Way, element: str) -> tuple[str, ...]:
    """Steps of people around the element of which each leads to the next alone."""
    for stretch in way.course.straight:
        for are_people, some in groupby(stretch, key=lambda each: way.course.types[each] in PEOPLE):
            steps = tuple(some)
            if are_people and element in steps:
                return steps
    return (element,)


def on_completed(work: Work, event: WorkItemCompleted) -> None:
    """Refuse to complete a task while own steps before it are open; what stands behind the last one begins then."""
    if event.element not in ACTIVITIES_WITH_WAYS.get(work):
        return
    way = _way_of(work, event.instance_id)
    if way is None:
        return
    waiting = _open_before(work, event.instance_id, event.element)
    if waiting:
        raise ConflictError(
            _("A step of the customer's own comes first: %(steps)s.") % {"steps": "; ".join(waiting)},
            remedy=_("It is a task of its own; complete that before this one."),
        )
    if event.element == _last_of(way):
        _begin(work, way, work.session.get_one(WorkItem, event.item_id), "")


def _way_of(work: Work, instance_id: int) -> Way | None:
    """The accepted way of a case; None for every other case."""
    number = way_of_case(work, instance_id)
    way = find_way(work, number) if number is not None else None
    return way if way is not None and way.status is WayStatus.ACCEPTED else None


def way_of_case(work: Work, instance_id: int) -> int | None:
    """The number of the way that a case was started on; asks nothing while no way is accepted."""
    if not ACTIVITIES_WITH_WAYS.get(work):
        return None
    variables = work.session.scalar(select(ProcessInstance.variables).where(ProcessInstance.id == instance_id)) or {}
    number = variables.get(VARIABLE)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _done(work: Work, instance_id: int, stretch: tuple[str, ...]) -> set[str]:
    """Steps of the stretch that people completed in this case; none once a round of it is over."""
    rows = work.session.execute(
        select(WorkItem.element).where(
            WorkItem.instance_id == instance_id,
            WorkItem.element.in_(stretch),
            WorkItem.status == WorkItemStatus.COMPLETED,
        )
    )
    return {element for (element,) in rows}


def _skip(work: Work, way: Way, task: WorkItem) -> None:
    _note(work, way, task, StepKind.LEFT_OUT)
    words = _("Not on the customer's own way.")
    engine.skip_visit(replace(work, actor=SYSTEM), task.instance_id, task.uid, reason=words)


def _go_to(work: Work, way: Way, task: WorkItem, following: str) -> None:
    """What comes next in the customer's order is begun instead; the task comes again, or was left out."""
    if task.element in way.left_out:
        _note(work, way, task, StepKind.LEFT_OUT)
    else:
        _note(work, way, task, StepKind.EARLIER, element=following)
    reason = _("The customer's own way goes on at %(step)s.") % {"step": way.course.names[following]}
    engine.move(replace(work, actor=SYSTEM), task.instance_id, task.uid, following, reason=reason)


def _note_kept(work: Work, way: Way, task: WorkItem) -> None:
    if task.element in way.difference.missing and task.element in way.mandatory:
        _note(work, way, task, StepKind.KEPT)


def _note(work: Work, way: Way, task: WorkItem, kind: StepKind, *, element: str = "") -> None:
    row = OwnWayStep(
        instance_id=task.instance_id, own_way_id=way.id, element=element or task.element, kind=kind, at=work.now()
    )
    work.session.add(row)
    work.session.flush()


def _open_own_steps(work: Work, way: Way, task: WorkItem) -> None:
    known = select(OwnWayStep.id).where(
        OwnWayStep.instance_id == task.instance_id,
        OwnWayStep.element == task.element,
        OwnWayStep.kind == StepKind.ADDED,
    )
    if work.session.scalar(known.limit(1)) is None:
        _begin(work, way, task, task.element)


def _begin(work: Work, way: Way, task: WorkItem, before: str) -> None:
    """The customer's own steps that stand before an activity, or behind all of them, as tasks of the same people."""
    for text in own_steps_before(way, before):
        acting = replace(work, actor=SYSTEM)
        ensure_live(acting)
        told = {"note": text, "group_key": task.group_key, "assignee": None, "due_at": None}
        key = f"own-step-{task.instance_id}"
        case = engine.start(
            acting, HANDED_OVER, {**told, "handed_over_key": key, "handed_over_by": ""}, business_key=key
        )
        row = OwnWayStep(
            instance_id=task.instance_id, own_way_id=way.id, element=before, kind=StepKind.ADDED, text=text,
            task_case_id=case.id, at=work.now(),
        )  # fmt: skip
        work.session.add(row)
    work.session.flush()


def own_steps_before(way: Way, element: str) -> tuple[str, ...]:
    """Steps of the customer's own whose next step of ours that people do is `element`; empty: behind the last one."""
    found, waiting = [], []
    for each in way.steps:
        if not each.element:
            waiting.append(each.text)
        elif way.course.types.get(each.element) in PEOPLE:
            if each.element == element:
                found += waiting
            waiting = []
    return tuple(found if element else waiting)


def _last_of(way: Way) -> str:
    people = [each.element for each in way.steps if way.course.types.get(each.element) in PEOPLE]
    return people[-1] if people else ""


def _open_before(work: Work, instance_id: int, element: str) -> list[str]:
    query = (
        select(OwnWayStep.text)
        .join(ProcessInstance, ProcessInstance.id == OwnWayStep.task_case_id)
        .where(
            OwnWayStep.instance_id == instance_id,
            OwnWayStep.element == element,
            OwnWayStep.kind == StepKind.ADDED,
            ProcessInstance.ended_at.is_(None),
        )
    )
    return list(work.session.scalars(query.order_by(OwnWayStep.id)))
