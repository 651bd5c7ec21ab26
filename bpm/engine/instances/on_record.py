"""Who did what, when and why: the append-only record of steps, and what a step tells the rest of the house."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Table, insert

from bpm.engine.events import MessageThrown, SignalThrown
from bpm.engine.instances.audit_rows import record_step
from bpm.engine.models import StepRecord
from bpm.engine.spiff.step import Step
from bpm.foundation.work import Work

RECORD = cast("Table", StepRecord.__table__)
_PUT_ON_RECORD = insert(RECORD)


@dataclass(frozen=True)
class Cause:
    """What goes on record with a step, and how far it is from the command that set it off."""

    command: str
    reason: str | None = None
    detail: Mapping[str, Any] | None = None
    """What an operator's act changed, where the command alone does not say it."""
    hops: int = 0
    """Messages and signals between processes that led here within this transaction."""
    settled: bool = False
    """See `place.Place`."""


def put_on_record(
    work: Work,
    instance_id: int,
    revision: int,
    cause: Cause,
    *,
    step: Step | None = None,
    brought: Mapping[str, Any] | None = None,
) -> None:
    """Add to the append-only record who did what, when and why, and what the history is to say of the step."""
    detail = cause.detail
    if step is not None and step.notes:
        detail = {**(detail or {}), "notes": [f"{note.element}: {note.text}" for note in step.notes]}
    if step is not None and step.fired:
        detail = {**(detail or {}), "fired": [asdict(each) for each in step.fired]}
    row = {
        "instance_id": instance_id,
        "revision": revision,
        "command": cause.command,
        "at": work.now(),
        "actor_id": work.actor.user_id,
        "reason": cause.reason,
        "detail": detail,
        "brought": brought,
    }
    work.session.execute(_PUT_ON_RECORD, row)
    record_step(work, instance_id, cause.command, reason=cause.reason, detail=cause.detail)


def tell(work: Work, instance_id: int, step: Step, *, hops: int) -> None:
    """State what the step threw; `correlation` sees to who takes it."""
    for thrown in step.thrown:
        if thrown.kind == "message":
            work.publish(MessageThrown(instance_id, thrown.event, thrown.key, thrown.payload, hops=hops))
        else:
            work.publish(SignalThrown(instance_id, thrown.event, thrown.payload, hops=hops))
    work.nudge("instances")
