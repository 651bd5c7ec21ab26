"""Reads of rollouts: which there are, their cases by arm and day, what was done, and the arm of one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.engine.status import RUNNING
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.customers_cases import customers_of
from bpm.processes.rollouts.book import was_ever
from bpm.processes.rollouts.models import Rollout, RolloutAct, RolloutCase
from bpm.processes.rollouts.words import OPEN, Arm, RolloutVerb

AT_ONCE = 500


@dataclass(frozen=True)
class ArmCase:
    """One case of a rollout; `unit` is a digest, the same for all cases of one unit."""

    instance_id: int
    arm: Arm
    unit: str
    customer_id: int | None
    group: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class RolloutRow:
    """A rollout in a list."""

    rollout: Rollout
    control_number: int
    candidate_number: int
    created_by: str

    @property
    def is_open(self) -> bool:
        return self.rollout.status in OPEN


@dataclass(frozen=True)
class ArmCount:
    """How many cases an arm has."""

    arm: Arm
    started: int = 0
    running: int = 0
    units: int = 0

    @property
    def ended(self) -> int:
        return self.started - self.running


@dataclass(frozen=True)
class ActRow:
    """Something that was done; `by` is empty for the stop rule, a guard or a program."""

    verb: RolloutVerb
    reason: str
    share: float | None
    by: str
    at: datetime


def list_rollouts(work: Work, key: str = "") -> list[RolloutRow]:
    """The rollouts of a process, or of all, newest first."""
    query = _rows().order_by(Rollout.id.desc()).limit(AT_ONCE)
    rows = work.session.execute(query.where(Rollout.definition_key == key) if key else query)
    return [_row(row) for row in rows]


def get_rollout(work: Work, rollout_id: int) -> RolloutRow:
    """NotFoundError where there is none."""
    row = work.session.execute(_rows().where(Rollout.id == rollout_id)).first()
    if row is None:
        raise NotFoundError(_("There is no rollout %(id)s.") % {"id": rollout_id})
    return _row(row)


def _row(row: Any) -> RolloutRow:
    return RolloutRow(row[0], row[1], row[2], row[3])


def _rows() -> Any:
    control, candidate = aliased(ProcessVersion), aliased(ProcessVersion)
    return (
        select(Rollout, control.number, candidate.number, func.coalesce(User.display_name, ""))
        .join(control, control.id == Rollout.control_version_id)
        .join(candidate, candidate.id == Rollout.candidate_version_id)
        .outerjoin(User, User.id == Rollout.created_by)
    )


def open_rollout(work: Work, key: str) -> RolloutRow | None:
    """The one of a process that is not decided, or None."""
    row = work.session.execute(_rows().where(Rollout.definition_key == key, Rollout.status.in_(OPEN))).first()
    return None if row is None else _row(row)


def open_rollouts(work: Work) -> dict[str, RolloutRow]:
    """Process -> the one of it that is not decided."""
    if not was_ever(work):
        return {}
    rows = work.session.execute(_rows().where(Rollout.status.in_(OPEN)))
    return {row.rollout.definition_key: row for row in map(_row, rows)}


def arms(work: Work, rollout_id: int) -> list[ArmCase]:
    """Every case that was given an arm, in the order in which they began, with its customer as it is known now."""
    query = (
        select(
            RolloutCase.instance_id, RolloutCase.arm, RolloutCase.unit, RolloutCase.customer_id,
            RolloutCase.group_name, ProcessInstance.started_at, ProcessInstance.ended_at,
        )
        .join(ProcessInstance, ProcessInstance.id == RolloutCase.instance_id)
        .where(RolloutCase.rollout_id == rollout_id)
        .order_by(RolloutCase.instance_id)
    )  # fmt: skip
    rows = work.session.execute(query).all()
    known = _customers(work, [row.instance_id for row in rows if row.customer_id is None])
    return [
        ArmCase(
            row.instance_id, row.arm, row.unit, row.customer_id or known.get(row.instance_id), row.group_name,
            row.started_at, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip


def _customers(work: Work, cases: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for first in range(0, len(cases), AT_ONCE):
        some = customers_of(work, cases[first : first + AT_ONCE])
        found |= {each: customer.customer_id for each, customer in some.items()}
    return found


def count_arms(work: Work, rollout_id: int) -> tuple[ArmCount, ArmCount]:
    """(control, candidate)"""
    return counts_of(work, [rollout_id])[rollout_id]


def counts_of(work: Work, rollout_ids: Sequence[int]) -> dict[int, tuple[ArmCount, ArmCount]]:
    """(control, candidate) of each of these rollouts, in one statement."""
    runs = case((ProcessInstance.status.in_(RUNNING), 1), else_=0)
    query = (
        select(
            RolloutCase.rollout_id, RolloutCase.arm, func.count(), func.sum(runs),
            func.count(RolloutCase.unit.distinct()),
        )
        .join(ProcessInstance, ProcessInstance.id == RolloutCase.instance_id)
        .where(RolloutCase.rollout_id.in_(rollout_ids))
        .group_by(RolloutCase.rollout_id, RolloutCase.arm)
    )  # fmt: skip
    found = {(row[0], row[1]): ArmCount(*row[1:]) for row in work.session.execute(query)} if rollout_ids else {}
    control, candidate = Arm.CONTROL, Arm.CANDIDATE
    return {
        each: (found.get((each, control), ArmCount(control)), found.get((each, candidate), ArmCount(candidate)))
        for each in rollout_ids
    }


def count_by_day(work: Work, rollout_id: int) -> dict[str, tuple[int, int]]:
    """Day (UTC) -> cases begun (control, candidate), in order; days without are left out."""
    day = func.date(RolloutCase.at).label("day")
    query = (
        select(day, RolloutCase.arm, func.count())
        .where(RolloutCase.rollout_id == rollout_id)
        .group_by(day, RolloutCase.arm)
        .order_by(day)
    )
    found: dict[str, tuple[int, int]] = {}
    for when, arm, n in work.session.execute(query):
        old, new = found.get(str(when), (0, 0))
        found[str(when)] = (old, new + n) if arm is Arm.CANDIDATE else (old + n, new)
    return found


def list_acts(work: Work, rollout_id: int) -> list[ActRow]:
    """What was done, newest first."""
    query = (
        select(RolloutAct, User.display_name)
        .outerjoin(User, User.id == RolloutAct.user_id)
        .where(RolloutAct.rollout_id == rollout_id)
        .order_by(RolloutAct.id.desc())
    )
    return [ActRow(act.verb, act.reason, act.share, name or "", act.at) for act, name in work.session.execute(query)]


def list_cases(
    work: Work, rollout_id: int, arm: Arm, *, day: str = "", limit: int = 200
) -> list[tuple[int, str | None, datetime, datetime | None]]:
    """Cases of an arm, newest first: (id, business key, began, ended)."""
    query = (
        select(
            RolloutCase.instance_id, ProcessInstance.business_key, ProcessInstance.started_at, ProcessInstance.ended_at
        )
        .join(ProcessInstance, ProcessInstance.id == RolloutCase.instance_id)
        .where(RolloutCase.rollout_id == rollout_id, RolloutCase.arm == arm)
        .order_by(RolloutCase.instance_id.desc())
        .limit(limit)
    )
    if day:
        query = query.where(func.date(RolloutCase.at) == day)
    return [(row[0], row[1], row[2], row[3]) for row in work.session.execute(query)]


def arm_of_case(work: Work, instance_id: int) -> tuple[RolloutRow, Arm] | None:
    """The rollout that a case was counted in, and its arm; None for most."""
    if not was_ever(work):
        return None
    kept = select(RolloutCase.rollout_id, RolloutCase.arm).where(RolloutCase.instance_id == instance_id)
    found = work.session.execute(kept).first()
    return None if found is None else (get_rollout(work, found.rollout_id), found.arm)


def count_unknown(work: Work, rollout_id: int) -> int:
    """Cases whose customer nobody knew as they began."""
    query = select(func.count()).select_from(RolloutCase)
    unknown = query.where(RolloutCase.rollout_id == rollout_id, RolloutCase.customer_id.is_(None))
    return work.session.scalar(unknown) or 0


def starts_per_week(work: Work, key: str, *, weeks: int = 8) -> float:
    """Cases of the process that began a week, over the last weeks (of those since its first one)."""
    since = work.now() - timedelta(weeks=weeks)
    query = (
        select(func.count(), func.min(ProcessInstance.started_at))
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == key, ProcessInstance.started_at >= since)
    )
    n, first = work.session.execute(query).one()
    if not n:
        return 0.0
    return float(n / max(1.0, min(weeks, (work.now() - first) / timedelta(weeks=1))))
