"""Which cases are compared: those of a rollout by their arm, else those that began on the old and the new version.

A case belongs to the arm that it was drawn for, or to the version that it began on, whatever became of it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from bpm.engine.models import ProcessInstance
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.rollouts import Arm, Rollout, RolloutCase, Unit, Way
from bpm.processes.verdicts.models import VerdictPlan
from bpm.processes.verdicts.status import PlanDesign

MOST_MOVED = 10_000


@dataclass(frozen=True)
class ArmCase:
    """A case and the version that it began on."""

    instance_id: int
    new: bool
    group: str
    started_at: datetime
    ended_at: datetime | None
    moved: bool
    """Whether it was moved to another version since."""
    cluster: str = ""
    """What was drawn as one, such as a customer or a day; empty: its customer is told from what they said."""


def arm_cases(work: Work, row: VerdictPlan, *, until: datetime) -> list[ArmCase]:
    """The cases that the plan compares, begun before `until`, by the version that they began on."""
    if row.design is PlanDesign.RANDOMISED or row.rollout_id is not None:
        return _of_rollout(work, row, until) if row.rollout_id is not None else []
    found: list[ArmCase] = []
    for version_id, since, end in _spans(row, until):
        new = version_id == row.new_version_id
        cases = _began_on(work, version_id, since, end, group_by=row.group_by)
        found += [_case(columns, new=new, group=columns.group or "") for columns in cases]
    return sorted(found, key=lambda each: each.instance_id)


def count_cases(work: Work, row: VerdictPlan, *, until: datetime) -> tuple[int, int]:
    """(old, new) cases that began before `until`; of versions counted by the database."""
    if row.design is PlanDesign.RANDOMISED or row.rollout_id is not None:
        cases = arm_cases(work, row, until=until)
        new = sum(each.new for each in cases)
        return len(cases) - new, new
    old, new = (
        sum(work.session.scalar(select(func.count()).where(*where)) or 0 for where in _where(version_id, since, end))
        for version_id, since, end in _spans(row, until)
    )
    return old, new


def _spans(row: VerdictPlan, until: datetime) -> tuple[tuple[int, datetime, datetime], ...]:
    """(version, from, until) of the old and of the new version.

    Where everybody changes at once, what began on the old version after that is of neither time.
    """
    end = until if row.design is PlanDesign.STAGED else min(until, row.starts_at)
    return (row.old_version_id, row.baseline_from, end), (row.new_version_id, row.starts_at, until)


def history(work: Work, version_id: int, *, since: datetime, until: datetime) -> list[ArmCase]:
    """Cases that began on one version, all as of the old arm."""
    return [_case(each, new=False, group="") for each in _began_on(work, version_id, since, until)]


def _of_rollout(work: Work, row: VerdictPlan, until: datetime) -> list[ArmCase]:
    """As drawn, whatever became of the case later; of a share that grew the step with most cases of both arms."""
    rollout = rollouts.get_rollout(work, row.rollout_id or 0).rollout
    steps = _steps(work, rollout) if rollout.way == Way.SHARE else {}
    step = _fullest(steps.values())
    moved = {each.instance_id for each in rollouts.in_both_arms(work, rollout, limit=MOST_MOVED)}
    together = rollout.unit != Unit.CASE
    return [
        ArmCase(
            each.instance_id, each.arm == Arm.CANDIDATE, each.group, each.started_at, each.ended_at,
            each.instance_id in moved, each.unit if together else f"customer {each.customer_id or each.unit}",
        )
        for each in rollouts.arms(work, rollout.id)
        if row.starts_at <= each.started_at < until
        and (not steps or steps.get(each.instance_id, (step, 0))[0] == step)
    ]  # fmt: skip


def left_out_by_ramp(work: Work, row: VerdictPlan) -> int:
    """Cases of steps with another share than the one that is compared: time and share would be told as one."""
    if row.rollout_id is None:
        return 0
    rollout = rollouts.get_rollout(work, row.rollout_id).rollout
    steps = _steps(work, rollout) if rollout.way == Way.SHARE else {}
    step = _fullest(steps.values())
    return sum(each != step for each, _arm in steps.values())


def split_of(work: Work, row: VerdictPlan, cases: Sequence[ArmCase]) -> tuple[float, float]:
    """How the lot should have split these cases (old, new); as they are where no lot was drawn for each."""
    new = sum(each.new for each in cases)
    there = (float(len(cases) - new), float(new))
    if row.rollout_id is None:
        return there
    rollout = rollouts.get_rollout(work, row.rollout_id).rollout
    if rollout.way != Way.SHARE or rollout.unit == Unit.TEAM:
        return there
    share = float(rollout.steps[_fullest(_steps(work, rollout).values())])
    return (1 - share, share) if 0 < share < 1 else there


def _steps(work: Work, rollout: Rollout) -> dict[int, tuple[int, int]]:
    """Case -> (step, arm as 0 or 1)."""
    rows = work.session.execute(
        select(RolloutCase.instance_id, RolloutCase.step, RolloutCase.arm).where(RolloutCase.rollout_id == rollout.id)
    )
    return {row.instance_id: (row.step, int(row.arm == Arm.CANDIDATE)) for row in rows}


def _fullest(steps: Iterable[tuple[int, int]]) -> int:
    """The step whose smaller arm is the largest."""
    counts = Counter(steps)
    return max({step for step, _arm in counts}, key=lambda step: min(counts[step, 0], counts[step, 1]), default=0)


def _began_on(work: Work, version_id: int, since: datetime, until: datetime, *, group_by: str = "") -> list[Any]:
    group: Any = literal("")
    if group_by:
        group = ProcessInstance.variables[group_by].as_string()
    query = select(
        ProcessInstance.id, ProcessInstance.started_at, ProcessInstance.ended_at, ProcessInstance.version_id,
        ProcessInstance.began_version_id, group.label("group"),
    )  # fmt: skip
    return [row for where in _where(version_id, since, until) for row in work.session.execute(query.where(*where))]


def _where(version_id: int, since: datetime, until: datetime) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """Began there and still (or last) there, and began there but moved since: two index look-ups, never one with OR."""
    span = (ProcessInstance.started_at >= since, ProcessInstance.started_at < until)
    stayed = (ProcessInstance.version_id == version_id, ProcessInstance.began_version_id.is_(None))
    return (*stayed, *span), (ProcessInstance.began_version_id == version_id, *span)


def _case(columns: Any, *, new: bool, group: str) -> ArmCase:
    moved = columns.began_version_id is not None and columns.began_version_id != columns.version_id
    return ArmCase(columns.id, new, group, columns.started_at, columns.ended_at, moved)


def mature(cases: Iterable[ArmCase], window: timedelta, *, at: datetime) -> list[ArmCase]:
    """Those that were watched for the whole window: younger ones have had less time to bring their outcome."""
    return [each for each in cases if each.started_at + window <= at]
