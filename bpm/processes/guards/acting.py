"""Guards at work: when a task opens, before it is done, and again and again while it waits.

1. A task that opens at a guarded element is judged in the same transaction. A needless contact is not made: the case
   goes on without it, with the reason as the variables `call_avoided` and `call_avoided_reason`.
2. Nobody completes a contact that a guard speaks against: what came in meanwhile counts. A person can override it with
   a reason, which stays on record.
3. A sweep looks at the guarded tasks that wait: for what came in since, and for pauses that are over.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bpm import audit
from bpm.engine import api as engine
from bpm.engine.events import VersionWentLive, WorkItemCompleted, WorkItemOpened
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import InstanceStatus, WorkItemStatus
from bpm.feedback.models import FeedbackItem
from bpm.foundation.bus import Bus
from bpm.foundation.errors import ConflictError, EarshotError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import SYSTEM, Transactions, Work
from bpm.identity import Permission, demand
from bpm.processes.guards.declaring import IN_FORCE, on_live
from bpm.processes.guards.facts import gather
from bpm.processes.guards.judging import Finding, judge
from bpm.processes.models import Attribution, GuardedTask
from bpm.processes.status import GuardEffect, GuardVerdict

log = logger(__name__)

AT_ONCE = 500
AGAIN_WITHIN, MOST_AGAIN = timedelta(minutes=1), 3
"""A case that comes back to a guarded task so often in that time goes in a circle: the task waits for a person."""


def wire(bus: Bus) -> None:
    """Let guards look at tasks, and come with the shipped processes."""
    bus.subscribe(WorkItemOpened, on_opened)
    bus.subscribe(WorkItemCompleted, on_completed)
    bus.subscribe(VersionWentLive, on_live)


def on_opened(work: Work, event: WorkItemOpened) -> None:
    """Judge a task of a guarded element as it opens."""
    if event.element in IN_FORCE.get(work).elements:
        _look(work, event.item_id)


def on_completed(work: Work, event: WorkItemCompleted) -> None:
    """Refuse, with all that the completion did, a contact that a guard speaks against now."""
    if event.element not in IN_FORCE.get(work).elements:
        return
    task = _task(work, event.item_id)
    row = _row(work, event.item_id)
    if task is None or (row is not None and row.verdict is GuardVerdict.OVERRIDDEN):
        return
    finding = _judge(work, task)
    if finding is not None:
        raise ConflictError(finding.reason, remedy=_("Check it again, or say why it is done all the same."))


def check_again(work: Work, item_id: int) -> GuardVerdict | None:
    """Judge a task now, for a person who has it before them; None: nothing is against it."""
    demand(work.actor, Permission.WORK)
    return _look(work, item_id)


def override(work: Work, item_id: int, reason: str) -> None:
    """A person makes the contact all the same, and says why; it can be completed then."""
    demand(work.actor, Permission.WORK)
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can override a guard."), remedy=_("Sign in."))
    task = _task(work, item_id)
    if task is None or task.status != WorkItemStatus.OPEN:
        raise NotFoundError(_("There is no open task %(id)s.") % {"id": item_id})
    if not reason.strip():
        problem = _("Say why it is done all the same.")
        raise InvalidInputError(_("A reason is needed."), remedy=problem, fields={"reason": problem})
    finding = _judge(work, task)
    found = finding.reason if finding else ""
    _keep(work, task, GuardVerdict.OVERRIDDEN, reason.strip()[:1000], finding)
    thing = audit.Thing("task", item_id, task.name, f"case {task.instance_id}")
    audit.record(work, "guard.override", thing, before={"guard": found}, after={"guard": "overridden"}, reason=reason)


def sweep_guards(unit_of_work: Transactions) -> int:
    """Judge guarded tasks that wait; gives how many were avoided or changed."""
    with unit_of_work.reading() as work:
        elements = IN_FORCE.get(work).elements
        if not elements:
            return 0
        waiting = select(WorkItem.id).where(WorkItem.status == WorkItemStatus.OPEN, WorkItem.element.in_(elements))
        ids = work.session.scalars(waiting.order_by(WorkItem.id.desc()).limit(AT_ONCE)).all()
        against = [item_id for item_id in ids if _turns(work, item_id)]
    for item_id in against:
        try:
            with unit_of_work() as work:
                _look(work, item_id)
        except EarshotError as error:
            log.info("a guarded task was left", task=item_id, because=str(error))
    return len(against)


def _turns(work: Work, item_id: int) -> bool:
    """Whether a look would change anything."""
    task, row = _task(work, item_id), _row(work, item_id)
    if task is None or (row is not None and row.verdict is GuardVerdict.OVERRIDDEN):
        return False
    finding = _judge(work, task)
    held = row is not None and row.verdict is GuardVerdict.HELD
    if finding is None:
        return held
    return not held or _avoids(work, finding, task)


def why_not_to_call(work: Work, item: FeedbackItem) -> str:
    """What the guards of open tasks of the item's cases say against a call; for the gate of what goes out."""
    if not IN_FORCE.get(work).elements:
        return ""
    tasks = (
        select(WorkItem.id)
        .join(Attribution, Attribution.instance_id == WorkItem.instance_id)
        .where(
            Attribution.item_id == item.id,
            Attribution.valid_to.is_(None),
            WorkItem.status == WorkItemStatus.OPEN,
            WorkItem.element.in_(IN_FORCE.get(work).elements),
        )
    )
    for item_id in work.session.scalars(tasks.limit(5)):
        task = _task(work, item_id)
        finding = _judge(work, task) if task is not None else None
        if finding is not None:
            return finding.reason
    return ""


def _look(work: Work, item_id: int) -> GuardVerdict | None:
    task, row = _task(work, item_id), _row(work, item_id)
    if task is None or task.status != WorkItemStatus.OPEN or task.case_status == InstanceStatus.SUSPENDED:
        return None
    if row is not None and row.verdict is GuardVerdict.OVERRIDDEN:
        return row.verdict
    finding = _judge(work, task)
    if finding is None:
        if row is not None and row.verdict is GuardVerdict.HELD:
            _keep(work, task, GuardVerdict.LET_GO, _("Nothing is against it any more."), None)
        return None
    if _avoids(work, finding, task) and not _goes_in_a_circle(work, task):
        _keep(work, task, GuardVerdict.AVOIDED, finding.reason, finding)
        _go_on(work, task, finding)
        return GuardVerdict.AVOIDED
    _keep(work, task, GuardVerdict.HELD, finding.reason, finding)
    return GuardVerdict.HELD


def _go_on(work: Work, task: Any, finding: Finding) -> None:
    """The case goes on without the contact, by nobody's hand."""
    acting = replace(work, actor=SYSTEM)
    said = {"call_avoided": True, "call_avoided_reason": finding.reason}
    if finding.guard.go_to:
        said["tracking_says"] = finding.reason
        engine.move(acting, task.instance_id, task.uid, finding.guard.go_to, said, reason=finding.reason)
    else:
        engine.skip_visit(acting, task.instance_id, task.uid, said, reason=finding.reason)


def _avoids(work: Work, finding: Finding, task: Any) -> bool:
    """Whether the case can go on without the contact; in a version without the step it would go on at, it waits."""
    if finding.guard.effect is not GuardEffect.AVOID or not finding.guard.go_to:
        return finding.guard.effect is GuardEffect.AVOID
    return any(
        each["id"] == finding.guard.go_to for each in work.session.get_one(ProcessVersion, task.version_id).elements
    )


def _goes_in_a_circle(work: Work, task: Any) -> bool:
    lately = select(func.count(GuardedTask.id)).where(
        GuardedTask.instance_id == task.instance_id,
        GuardedTask.element == task.element,
        GuardedTask.verdict == GuardVerdict.AVOIDED,
        GuardedTask.at > work.now() - AGAIN_WITHIN,
    )
    return (work.session.scalar(lately) or 0) >= MOST_AGAIN


def _judge(work: Work, task: Any) -> Finding | None:
    guards = IN_FORCE.get(work).guards.get((task.key, task.element), ())
    return judge(guards, gather(work, {each.rule for each in guards}, task)) if guards else None


def _task(work: Work, item_id: int) -> Any:
    return work.session.execute(
        select(
            WorkItem.id, WorkItem.instance_id, WorkItem.uid, WorkItem.element, WorkItem.name, WorkItem.status,
            WorkItem.local, WorkItem.created_at, ProcessInstance.variables,
            ProcessInstance.status.label("case_status"), ProcessDefinition.key,
            ProcessVersion.id.label("version_id"),
        )
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(ProcessVersion, ProcessVersion.id == func.coalesce(WorkItem.called_version_id, WorkItem.version_id))
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(WorkItem.id == item_id)
    ).first()  # fmt: skip


def _row(work: Work, item_id: int) -> GuardedTask | None:
    return work.session.scalar(select(GuardedTask).where(GuardedTask.work_item_id == item_id))


def _keep(work: Work, task: Any, verdict: GuardVerdict, reason: str, finding: Finding | None) -> None:
    row = _row(work, task.id)
    if row is None:
        row = GuardedTask(
            work_item_id=task.id, instance_id=task.instance_id, definition_key=task.key, element=task.element,
            verdict=verdict, reason=reason, at=work.now(),
        )  # fmt: skip
        work.session.add(row)
    row.verdict, row.reason, row.at, row.user_id = verdict, reason, work.now(), work.actor.user_id
    row.guard_id = finding.guard.id if finding else row.guard_id
    row.until_at = finding.until if finding and verdict is GuardVerdict.HELD else None
    if verdict in (GuardVerdict.AVOIDED, GuardVerdict.HELD):
        row.user_id = None
    work.session.flush()
    work.nudge("work_items")
