"""The arm of a new case: chosen as it begins, and kept with it in the same transaction or not at all.

1. Whichever way a case starts (a person, a program, a trigger, a message, a signal, a timer), the engine asks here.
2. The rollout's row is read in that transaction; without a rollout nothing is read.
3. The arm follows from the plan alone (see `assigning`), so two starts of one customer at once agree without a lock.
4. The row of the arm is written as soon as the case has a number.

A process that another one calls runs the live version: what was bound as its parent began holds for the parent's life.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, insert, select

from bpm.engine import api as engine
from bpm.engine.api import Beginning, VersionChoice
from bpm.feedback.models import Customer
from bpm.foundation.work import Work
from bpm.processes.rollouts.assigning import Given, Newcomer, Plan, assign, stages_from
from bpm.processes.rollouts.book import rollout_beside
from bpm.processes.rollouts.models import Rollout, RolloutCase
from bpm.processes.rollouts.words import Arm, RolloutStatus

OF_CUSTOMER: Mapping[str, Any] = {
    "customer.stage": Customer.stage,
    "customer.preferred_channel": Customer.preferred_channel,
    "customer.voice": Customer.voice,
}
"""Values of the customer that teams and groups of a rollout can be told by."""
ROLLOUT = cast("Table", Rollout.__table__)
CASE = cast("Table", RolloutCase.__table__)


def choose(work: Work, beginning: Beginning) -> VersionChoice | None:
    """The version of a case that is about to begin; None where no rollout runs, or it takes no part in it."""
    rollout_id = rollout_beside(work, beginning.version_id)
    if rollout_id is None:
        return None
    row = work.session.execute(select(*ROLLOUT.c).where(ROLLOUT.c.id == rollout_id)).first()
    if row is None or row.status != RolloutStatus.RUNNING or row.control_version_id != beginning.version_id:
        return None
    if row.stop_at is not None and work.now() >= row.stop_at:
        return None
    newcomer = Newcomer(
        _values(work, row.variable, beginning), work.now(), uuid4().hex,
        business_key=beginning.business_key, customer_id=beginning.whose,
    )  # fmt: skip
    given = assign(plan_of(row), newcomer)
    if given is None:
        return None
    chosen = row.candidate_version_id if given.arm is Arm.CANDIDATE else row.control_version_id
    return VersionChoice(chosen, partial(_keep, row, given, beginning.whose))


def _values(work: Work, variable: str, beginning: Beginning) -> Mapping[str, Any]:
    """What a case brings; of a rollout by a value of the customer with that value, where the customer is known."""
    field = OF_CUSTOMER.get(variable)
    if field is None or beginning.whose is None:
        return beginning.variables
    return {**beginning.variables, variable: work.session.scalar(select(field).where(Customer.id == beginning.whose))}


def plan_of(row: Any) -> Plan:
    """How the cases of a rollout, by its row, come to their arm now."""
    return Plan(
        row.way, row.unit, row.salt, share_of(row),
        variable=row.variable, stages=stages_from(row.stages), from_at=row.from_at,
    )  # fmt: skip


def share_of(row: Any) -> float:
    """Share of the candidate in the step that is in force."""
    return float(row.steps[row.step]) if row.steps else 0.0


def _keep(row: Any, given: Given, customer_id: int | None, work: Work, instance_id: int) -> None:
    values = {
        "rollout_id": row.id,
        "instance_id": instance_id,
        "arm": given.arm,
        "unit": given.unit,
        "customer_id": customer_id,
        "step": row.step,
        "group_name": given.group,
        "at": work.now(),
    }
    work.session.execute(insert(CASE).values(values))


def choose_from_now_on() -> None:
    """Let the engine ask here."""
    engine.set_chooser(choose)
