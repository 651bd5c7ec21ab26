"""Verdicts as other rooms and pages read them: the newest of an improvement, lists, one plan, badges of a diagram."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.verdicts.models import (
    ChangePattern,
    VerdictAmendment,
    VerdictDecision,
    VerdictGuard,
    VerdictLook,
    VerdictPlan,
)
from bpm.processes.verdicts.plans import get_plan_row, last_day, still_as_registered
from bpm.processes.verdicts.status import LookKind, PlanState, Said

MOST = 200


@dataclass(frozen=True)
class VerdictRead:
    """The newest planned look at a change; figures in the unit of the measure per case."""

    plan_id: int
    look_id: int
    verdict: str
    """improved, worse, no difference or not shown."""
    sentence: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    n_old: int
    n_new: int
    at: datetime

    @property
    def shown(self) -> bool:
        """Whether an effect may be claimed."""
        return self.verdict != Said.NOT_SHOWN


@dataclass(frozen=True)
class PlanRow:
    """A question in a list; `latest` None before its first look."""

    plan: VerdictPlan
    process_name: str
    old_number: int
    new_number: int
    pattern: str
    registered_by: str
    latest: VerdictRead | None


@dataclass(frozen=True)
class Badge:
    """What stands at an activity of a diagram: the newest verdict on a change there."""

    element: str
    plan_id: int
    verdict: str
    sentence: str
    version: int


@dataclass(frozen=True)
class PlanDetail:
    """A question with everything that happened to it."""

    row: PlanRow
    element_name: str
    looks: tuple[VerdictLook, ...]
    follow_ups: tuple[VerdictLook, ...]
    guards: tuple[VerdictGuard, ...]
    amendments: tuple[tuple[VerdictAmendment, str], ...]
    """Each with who made it."""
    decisions: tuple[tuple[VerdictDecision, str, str], ...]
    """Each with who made it and who signed it second."""
    last_day: date
    genuine: bool
    """Whether the row still says what was registered."""


def latest_of_improvement(work: Work, improvement_id: int) -> VerdictRead | None:
    """The newest planned look of any plan of the improvement; None before the first."""
    found = work.session.execute(
        select(VerdictPlan.measure, VerdictLook)
        .join(VerdictPlan, VerdictPlan.id == VerdictLook.plan_id)
        .where(VerdictPlan.improvement_id == improvement_id, VerdictLook.kind == LookKind.PLANNED)
        .order_by(VerdictLook.id.desc())
        .limit(1)
    ).first()
    return None if found is None else _read(*found)


def _read(measure: str, look: VerdictLook) -> VerdictRead:
    return VerdictRead(
        look.plan_id, look.id, str(look.verdict), look.sentence, measure, look.estimate, look.low, look.high,
        look.n_old, look.n_new, look.at,
    )  # fmt: skip


def list_plans(work: Work, *, key: str = "", improvement_id: int | None = None) -> list[PlanRow]:
    """Questions of a process, of an improvement, or all, newest first."""
    query = _plans().order_by(VerdictPlan.id.desc()).limit(MOST)
    if key:
        query = query.where(VerdictPlan.definition_key == key)
    if improvement_id is not None:
        query = query.where(VerdictPlan.improvement_id == improvement_id)
    rows = work.session.execute(query).all()
    latest = _latest(work, [row[0].id for row in rows]) if rows else {}
    return [_plan_row(row, latest.get(row[0].id)) for row in rows]


def _plan_row(found: Row[VerdictPlan, str, int, int, str, str], latest: VerdictRead | None) -> PlanRow:
    plan, process_name, old, new, pattern, by = found
    return PlanRow(plan, process_name, old, new, pattern, by, latest)


def _plans() -> Select[VerdictPlan, str, int, int, str, str]:
    old, new = aliased(ProcessVersion), aliased(ProcessVersion)
    return (
        select(
            VerdictPlan, func.coalesce(ProcessDefinition.name, VerdictPlan.definition_key), old.number, new.number,
            func.coalesce(ChangePattern.name, ""), func.coalesce(User.display_name, ""),
        )
        .join(old, old.id == VerdictPlan.old_version_id)
        .join(new, new.id == VerdictPlan.new_version_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == VerdictPlan.definition_key)
        .outerjoin(ChangePattern, ChangePattern.id == VerdictPlan.pattern_id)
        .outerjoin(User, User.id == VerdictPlan.registered_by)
    )  # fmt: skip


def _latest(work: Work, plan_ids: Iterable[int]) -> dict[int, VerdictRead]:
    rows = work.session.execute(
        select(VerdictPlan.measure, VerdictLook)
        .join(VerdictPlan, VerdictPlan.id == VerdictLook.plan_id)
        .where(VerdictLook.plan_id.in_(list(plan_ids)), VerdictLook.kind == LookKind.PLANNED)
        .order_by(VerdictLook.number)
    )
    return {look.plan_id: _read(measure, look) for measure, look in rows}


def get_plan(work: Work, plan_id: int) -> PlanDetail:
    """NotFoundError where there is none."""
    plan = get_plan_row(work, plan_id)
    found = work.session.execute(_plans().where(VerdictPlan.id == plan_id)).one()
    row = _plan_row(found, _latest(work, [plan_id]).get(plan_id))
    looks = work.session.scalars(
        select(VerdictLook).where(VerdictLook.plan_id == plan_id).order_by(VerdictLook.number)
    ).all()
    guards = work.session.scalars(select(VerdictGuard).where(VerdictGuard.plan_id == plan_id).order_by(VerdictGuard.id))
    return PlanDetail(
        row=row, element_name=element_name(work, plan.new_version_id, plan.element),
        looks=tuple(each for each in looks if each.kind is LookKind.PLANNED),
        follow_ups=tuple(each for each in looks if each.kind is LookKind.FOLLOW_UP), guards=tuple(guards),
        amendments=_amendments(work, plan_id), decisions=_decisions(work, plan_id), last_day=last_day(work, plan),
        genuine=still_as_registered(plan),
    )  # fmt: skip


def _amendments(work: Work, plan_id: int) -> tuple[tuple[VerdictAmendment, str], ...]:
    rows = work.session.execute(
        select(VerdictAmendment, func.coalesce(User.display_name, ""))
        .outerjoin(User, User.id == VerdictAmendment.user_id)
        .where(VerdictAmendment.plan_id == plan_id)
        .order_by(VerdictAmendment.id)
    )
    return tuple((row[0], row[1]) for row in rows)


def _decisions(work: Work, plan_id: int) -> tuple[tuple[VerdictDecision, str, str], ...]:
    second = aliased(User)
    rows = work.session.execute(
        select(VerdictDecision, func.coalesce(User.display_name, ""), func.coalesce(second.display_name, ""))
        .outerjoin(User, User.id == VerdictDecision.user_id)
        .outerjoin(second, second.id == VerdictDecision.second_id)
        .where(VerdictDecision.plan_id == plan_id)
        .order_by(VerdictDecision.id)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def element_name(work: Work, version_id: int, element: str) -> str:
    """As the version draws it; the id where it has no name."""
    if not element:
        return ""
    elements = work.session.scalar(select(ProcessVersion.elements).where(ProcessVersion.id == version_id)) or []
    return next((str(each["name"] or element) for each in elements if each["id"] == element), element)


def badges(work: Work, key: str) -> list[Badge]:
    """The newest verdict at each activity of a process, of questions whose reading has ended."""
    found: dict[str, Badge] = {}
    for row in list_plans(work, key=key):
        ended = row.plan.state in (PlanState.READ, PlanState.DECIDED)
        if row.latest is not None and ended and row.plan.element not in found:
            found[row.plan.element] = Badge(
                row.plan.element, row.plan.id, row.latest.verdict, row.latest.sentence, row.new_number
            )
    return list(found.values())


def cases_of_look(
    work: Work, plan_id: int, look_id: int, arm: str, *, limit: int = 200
) -> list[tuple[int, str | None, datetime, datetime | None]]:
    """The cases that a look read of one arm, newest first: (id, business key, began, ended)."""
    look = work.session.get(VerdictLook, look_id)
    if look is None or look.plan_id != plan_id or arm not in ("old", "new"):
        raise NotFoundError(_("There is no such look."))
    ids = sorted(look.inputs.get(arm, []), reverse=True)[:limit]
    rows = work.session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.started_at, ProcessInstance.ended_at)
        .where(ProcessInstance.id.in_(ids))
        .order_by(ProcessInstance.id.desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
