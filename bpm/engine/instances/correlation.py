"""Messages reach the one instance that waits for them, signals all of them; live versions may start with either.

Who takes a message, in this order: the oldest subscription with that name and key; the oldest one with that name that
takes any key; a live version that starts with it. Delivery happens in the transaction of the sender, up to a bound;
what lies past the bound is left to the worker as a Job, so that neither a storm nor an echo holds a transaction open.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Select, Table, select

from bpm.engine.definitions.version_cache import get_version_runnable
from bpm.engine.events import MessageThrown, SignalThrown
from bpm.engine.instances.instances import advance
from bpm.engine.instances.loading import SuspendedError, lock
from bpm.engine.instances.on_record import Cause
from bpm.engine.instances.place import Place
from bpm.engine.instances.starting import begin
from bpm.engine.instances.waiting_rows import queue_delivery
from bpm.engine.models import EventSubscription, Job, ProcessInstance
from bpm.engine.rules.variables import admit
from bpm.engine.spiff.step import Deliver
from bpm.engine.status import JobKind, JobStatus, SubscriptionStatus
from bpm.foundation.bus import Bus
from bpm.foundation.errors import BudgetExceededError, ConflictError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Work

log = logger(__name__)

SUBSCRIPTION = cast("Table", EventSubscription.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
JOB = cast("Table", Job.__table__)

HOPS_PER_TRANSACTION = 5
"""Hops from process to process within one transaction."""
MOST_HOPS = 25
"""Hops in a row without anything from outside; then it is a Failure."""
MOST_QUEUED_DELIVERIES = 200
"""Messages or signals of one name that wait to be passed on; more of them go no further."""
RECEIVERS_PER_TRANSACTION = 50
"""Receivers of one signal within one transaction."""


def wire(bus: Bus) -> None:
    """Let what instances throw reach who waits for it."""
    bus.subscribe(MessageThrown, _on_message)
    bus.subscribe(SignalThrown, _on_signal)


def correlate(
    work: Work,
    message: str,
    *,
    key: str | None = None,
    payload: Mapping[str, Any] | None = None,
    instance_id: int | None = None,
    hops: int = 0,
    whose: int | None = None,
) -> list[int]:
    """Deliver a message; gives the ids of the instances that took it, empty when nobody waits.

    `instance_id` narrows it down to one instance, whatever key that one waits with. `whose`: see `start`.
    """
    admitted = admit(payload or {})
    for waiting in _candidates(work, message, key=key, instance_id=instance_id):
        if _deliver(work, waiting, admitted, hops=hops):
            return [waiting.instance_id]
    if instance_id is not None:
        return []
    return _start_with(work, "message", message, admitted, business_key=key, hops=hops, whose=whose)


def broadcast(
    work: Work, signal: str, payload: Mapping[str, Any] | None = None, *, hops: int = 0, but: int | None = None
) -> list[int]:
    """Send a signal to everyone who waits for it (except the instance `but`); gives the instances reached now.

    Past the first `RECEIVERS_PER_TRANSACTION` receivers the worker delivers the rest.
    """
    admitted = admit(payload or {})
    waiting = _named("signal", signal).where(SUBSCRIPTION.c.instance_id.is_not(None)).order_by(SUBSCRIPTION.c.id)
    if but is not None:
        waiting = waiting.where(SUBSCRIPTION.c.instance_id != but)
    reached = []
    for number, row in enumerate(work.session.execute(waiting).all()):
        if number >= RECEIVERS_PER_TRANSACTION:
            _leave_to_worker(work, row, admitted)
        elif _deliver(work, row, admitted, hops=hops):
            reached.append(row.instance_id)
    return reached + _start_with(work, "signal", signal, admitted, hops=hops)


def deliver_to(work: Work, instance_id: int, uid: str, payload: Mapping[str, Any], *, hops: int = 0) -> None:
    """A message or signal reaches the waiting visit `uid`; ConflictError when it waits no more."""
    advance(work, lock(work, instance_id), Deliver(uid, dict(payload)), cause=Cause("deliver", hops=hops))


def _named(kind: str, event: str) -> Select[Any]:
    columns = (
        SUBSCRIPTION.c.id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.version_id, SUBSCRIPTION.c.process_id,
        SUBSCRIPTION.c.uid, SUBSCRIPTION.c.element, SUBSCRIPTION.c.kind, SUBSCRIPTION.c.event, SUBSCRIPTION.c.key,
    )  # fmt: skip
    return select(*columns).where(
        SUBSCRIPTION.c.kind == kind, SUBSCRIPTION.c.event == event, SUBSCRIPTION.c.status == SubscriptionStatus.OPEN
    )


def _candidates(work: Work, message: str, *, key: str | None, instance_id: int | None) -> list[Any]:
    """Who may take the message, best first; a handful, in case the first one moves on under our hands."""
    waiting = _named("message", message).order_by(SUBSCRIPTION.c.id).limit(5)
    if instance_id is not None:
        return list(work.session.execute(waiting.where(SUBSCRIPTION.c.instance_id == instance_id)))
    waiting = waiting.where(SUBSCRIPTION.c.instance_id.is_not(None))
    exact: list[Any] = []
    if key is not None:
        exact = list(work.session.execute(waiting.where(SUBSCRIPTION.c.key == key)))
    if exact:
        return exact
    return list(work.session.execute(waiting.where(SUBSCRIPTION.c.key.is_(None))))


def _deliver(work: Work, row: Any, payload: Mapping[str, Any], *, hops: int) -> bool:
    try:
        deliver_to(work, row.instance_id, row.uid, payload, hops=hops)
    except SuspendedError:
        _leave_to_worker(work, row, dict(payload), status=JobStatus.HELD)
    except ConflictError:
        if _still_waits(work, row.id):
            raise
        return False
    return True


def _still_waits(work: Work, subscription_id: int) -> bool:
    """Whether the subscription is open after all: then the conflict was a lost race and must not be swallowed."""
    query = select(SUBSCRIPTION.c.status).where(SUBSCRIPTION.c.id == subscription_id)
    return work.session.scalar(query) == SubscriptionStatus.OPEN


def _leave_to_worker(work: Work, row: Any, payload: dict[str, Any], *, status: JobStatus = JobStatus.READY) -> None:
    """Deliver it later; what is left for a suspended instance is held until that is resumed."""
    place = Place(row.instance_id, row.version_id, "")
    order = {"do": "deliver", "payload": payload, "kind": row.kind, "event": row.event, "key": row.key}
    queue_delivery(work, place, uid=row.uid, event=row.element, payload=order, status=status)


def _start_with(
    work: Work,
    kind: str,
    event: str,
    payload: dict[str, Any],
    *,
    hops: int,
    business_key: str | None = None,
    whose: int | None = None,
) -> list[int]:
    starts = _named(kind, event).where(SUBSCRIPTION.c.instance_id.is_(None)).order_by(SUBSCRIPTION.c.id)
    if kind == "message":
        starts = starts.limit(1)
    started = []
    for row in work.session.execute(starts).all():
        chosen = get_version_runnable(work, row.version_id)
        instance = begin(
            work, chosen, payload, business_key=business_key, process_id=row.process_id, element=row.element, hops=hops,
            whose=whose,
        )  # fmt: skip
        started.append(instance.id)
    return started


def _on_message(work: Work, thrown: MessageThrown) -> None:
    if _is_far(thrown):
        _pass_on_later(work, thrown, {"do": "correlate", "key": thrown.key, "payload": thrown.payload})
        return
    taken = correlate(work, thrown.event, key=thrown.key, payload=thrown.payload, hops=thrown.hops + 1)
    if not taken:
        log.debug("nobody took the message", message=thrown.event, key=thrown.key, instance=thrown.instance_id)


def _on_signal(work: Work, thrown: SignalThrown) -> None:
    if _is_far(thrown):
        _pass_on_later(work, thrown, {"do": "broadcast", "payload": thrown.payload})
        return
    broadcast(work, thrown.event, thrown.payload, hops=thrown.hops + 1, but=thrown.instance_id)


def _is_far(thrown: MessageThrown | SignalThrown) -> bool:
    return thrown.hops > 0 and thrown.hops % HOPS_PER_TRANSACTION == 0


def pass_on(work: Work, event: str, order: Mapping[str, Any], *, sender: int) -> None:
    """Correlate or broadcast what an earlier transaction left to the worker; BudgetExceededError past ENOUGH hops."""
    hops = int(order.get("hops", 0)) + 1
    if hops > MOST_HOPS:
        raise BudgetExceededError(
            f"{event} went from process to process {MOST_HOPS} times, or hundreds of it wait to go on, without anything"
            " from outside.",
            remedy="Look for processes that start or wake each other for ever; retry to let it go on once more.",
        )
    if order["do"] == "correlate":
        correlate(work, event, key=order["key"], payload=order["payload"], hops=hops)
    else:
        broadcast(work, event, order["payload"], hops=hops, but=sender)


def _pass_on_later(work: Work, thrown: MessageThrown | SignalThrown, payload: dict[str, Any]) -> None:
    version_id = work.session.execute(
        select(INSTANCE.c.version_id).where(INSTANCE.c.id == thrown.instance_id)
    ).scalar_one()
    place = Place(thrown.instance_id, version_id, "")
    waiting = select(JOB.c.id).where(
        JOB.c.kind == JobKind.DELIVER, JOB.c.topic == thrown.event, JOB.c.status == JobStatus.READY
    )
    is_storm = work.session.execute(waiting.offset(MOST_QUEUED_DELIVERIES).limit(1)).first() is not None
    hops = MOST_HOPS if is_storm else thrown.hops
    queue_delivery(work, place, uid="", event=thrown.event, payload={**payload, "hops": hops})
