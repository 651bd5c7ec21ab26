"""What a bulk act would do, before it is begun: each target is tried and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Select, Table, select

from bpm.engine.events import FailureOpened
from bpm.engine.models import Failure, ProcessInstance
from bpm.engine.operations.actions import Act, Parameters, demand_act
from bpm.engine.operations.batches import Targets, ids_of
from bpm.foundation.errors import EarshotError
from bpm.foundation.events import Event
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
FAILURE = cast("Table", Failure.__table__)

FORECASTS = 100
"""Targets that a dry run looks at."""
_REHEARSAL = "A dry run."


@dataclass(frozen=True)
class Forecast:
    """What would become of one target."""

    target_id: int
    label: str
    obstacle: str | None
    """Why it would be refused, or None."""
    then: str | None = None
    """What would fail next if it were done, or None."""


def dry_run(work: Work, act: str, targets: Targets, parameters: Parameters) -> list[Forecast]:
    """What the act would do to the first `FORECASTS` targets. Nothing is kept of it, but it needs a writing unit."""
    chosen = demand_act(act, parameters)
    ids = list(work.session.scalars(ids_of(targets).limit(FORECASTS))) if isinstance(targets, Select) else targets
    labels = _labels(work, chosen, ids[:FORECASTS])
    return [
        Forecast(target_id, labels.get(target_id, f"{target_id}"), *_outlook(work, chosen, target_id, parameters))
        for target_id in ids[:FORECASTS]
    ]


def _outlook(work: Work, act: Act, target_id: int, parameters: Parameters) -> tuple[str | None, str | None]:
    """(why it would be refused, what would fail next)"""
    if act.check is not None:
        return act.check(work, target_id, parameters), None
    events, nudges = list(work.events), set(work.nudges)
    rehearsal = work.session.begin_nested()
    try:
        act.do(work, target_id, parameters, _REHEARSAL)
        work.session.flush()
        return None, _failed_by(work, work.events[len(events) :])
    except EarshotError as error:
        return str(error), None
    finally:
        rehearsal.rollback()
        work.events[:] = events
        work.nudges.intersection_update(nudges)


def _failed_by(work: Work, events: Sequence[Event]) -> str | None:
    opened = [event.failure_id for event in events if isinstance(event, FailureOpened)]
    return work.session.scalar(select(FAILURE.c.message).where(FAILURE.c.id.in_(opened)).limit(1)) if opened else None


def _labels(work: Work, act: Act, ids: Sequence[int]) -> dict[int, str]:
    key = INSTANCE.c.business_key
    if act.target == "instance":
        rows = work.session.execute(select(INSTANCE.c.id, INSTANCE.c.id, key).where(INSTANCE.c.id.in_(ids)))
    else:
        joined = FAILURE.outerjoin(INSTANCE, INSTANCE.c.id == FAILURE.c.instance_id)
        query = select(FAILURE.c.id, INSTANCE.c.id, key).select_from(joined)
        rows = work.session.execute(query.where(FAILURE.c.id.in_(ids)))
    return {target: _label(instance, business_key) for target, instance, business_key in rows}


def _label(instance_id: int | None, business_key: str | None) -> str:
    if instance_id is None:
        return "A start that did not begin"
    return f"Instance {instance_id}" + (f" ({business_key})" if business_key else "")
