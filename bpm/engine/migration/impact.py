"""What a newer version means for the instances that run: by a few queries on open visits, without loading a state.

Three verdicts, for an element and for an instance (whose worst element decides)
- unaffected: nothing that a token there may still pass differs; it finishes on its version as it would on the new one.
- can change: something ahead of it differs, and a token can stand on the counterpart of its element.
- cannot change: its element has no counterpart on which a token can stand; it finishes on its own version.
What the rows do not show (half full joins, what could be undone, jobs in hand) the dry run finds in each state.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from sqlalchemy import Select, Table, case, func, select

from bpm.engine.bpmn.model import Prepared
from bpm.engine.migration.plans import MigrationPlan, find_runnable, side, sides
from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.engine.spiff.migration import versions
from bpm.engine.spiff.migration.versions import Fit, Side
from bpm.engine.status import RUNNING, ActivityStatus
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
ACTIVITY = cast("Table", ActivityInstance.__table__)

Verdict = Literal["unaffected", "can", "cannot"]
_WORST: tuple[Verdict, ...] = ("unaffected", "can", "cannot")


@dataclass(frozen=True)
class ElementImpact:
    """An element at which running instances stand."""

    element: str
    name: str
    type: str
    process: str
    instances: int
    verdict: Verdict
    reason: str
    """Why a token cannot change over; empty when it can."""
    ahead: tuple[str, ...]
    """Names of what it may still pass and that differs."""


@dataclass(frozen=True)
class Impact:
    """Running instances of one version against a newer one."""

    from_version_id: int
    elements: tuple[ElementImpact, ...]
    """Those at which somebody stands, in the order drawn."""
    unaffected: int
    can: int
    cannot: int
    elsewhere: int
    """Instances without an open visit: they failed where they began; the dry run looks at them."""

    @property
    def running(self) -> int:
        return self.unaffected + self.can + self.cannot + self.elsewhere


def impact_of(work: Work, plan: MigrationPlan) -> Impact:
    """What the plan means for the running instances of its version now."""
    old, new = sides(work, plan.from_version_id, plan.to_version_id)
    return _impact(work, plan.from_version_id, old, new, mapping=plan.mapping)


def impact_of_upload(work: Work, version_id: int, prepared: Prepared, forms: Mapping[str, Any]) -> Impact | None:
    """What a file that is not deployed yet would mean for the running instances of a version; None if it cannot run."""
    if prepared.compiled is None:
        return None
    old = side(work, find_runnable(work, version_id))
    own = frozenset(process.id for process in prepared.processes)
    same = old.compiled.primary if old.compiled.primary in own else prepared.primary
    new = Side(replace(prepared.compiled, primary=same), own, {**prepared.extra.get("forms", {}), **forms})
    return _impact(work, version_id, old, new, mapping=versions.proposed(old, new))


def count_running(work: Work, version_ids: Collection[int]) -> dict[int, int]:
    """{version id: its instances that go on}."""
    query = (
        select(INSTANCE.c.version_id, func.count())
        .where(INSTANCE.c.version_id.in_(version_ids), INSTANCE.c.status.in_(RUNNING))
        .group_by(INSTANCE.c.version_id)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def _impact(work: Work, version_id: int, old: Side, new: Side, *, mapping: Mapping[str, str]) -> Impact:
    standing = _standing(work, version_id)
    fits = {fit.element: fit for fit in versions.fits(old, new, mapping)}
    at = [(fits[element].process, element) for element in standing if element in fits]
    ahead = versions.changed_ahead(old, new, mapping, at=at)
    elements = [
        _element(fits[element], standing[element], ahead[place]) for place in at if (element := place[1]) in fits
    ]
    order = {element: number for number, element in enumerate(fits)}
    counts = _instances(work, version_id, {each.element: each.verdict for each in elements})
    running = count_running(work, [version_id]).get(version_id, 0)
    return Impact(
        from_version_id=version_id,
        elements=tuple(sorted(elements, key=lambda each: order[each.element])),
        **{verdict: counts.get(verdict, 0) for verdict in _WORST},
        elsewhere=running - sum(counts.values()),
    )


def _element(fit: Fit, instances: int, ahead: Sequence[str]) -> ElementImpact:
    verdict: Verdict = "unaffected" if not ahead else "can" if fit.reason is None else "cannot"
    return ElementImpact(
        element=fit.element,
        name=fit.name,
        type=fit.type,
        process=fit.process,
        instances=instances,
        verdict=verdict,
        reason=(fit.reason or "") if ahead else "",
        ahead=tuple(ahead),
    )


def _open_visits(version_id: int) -> tuple[Any, ...]:
    """Open visits of elements of the version's own drawing, from the instances' side: closed ones are many."""
    return (
        INSTANCE.c.version_id == version_id,
        INSTANCE.c.status.in_(RUNNING),
        ACTIVITY.c.instance_id == INSTANCE.c.id,
        ACTIVITY.c.status == ActivityStatus.OPEN,
        ACTIVITY.c.version_id == version_id,
    )


def _standing(work: Work, version_id: int) -> dict[str, int]:
    """Element -> instances that stand there."""
    query = (
        select(ACTIVITY.c.element, func.count(ACTIVITY.c.instance_id.distinct()))
        .where(*_open_visits(version_id))
        .group_by(ACTIVITY.c.element)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def _instances(work: Work, version_id: int, verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    """Verdict -> instances, each by its worst element."""
    by_verdict = {verdict: [e for e, v in verdicts.items() if v == verdict] for verdict in ("cannot", "can")}
    rank = case(
        (ACTIVITY.c.element.in_(by_verdict["cannot"]), 2), (ACTIVITY.c.element.in_(by_verdict["can"]), 1), else_=0
    )
    worst = (
        select(ACTIVITY.c.instance_id, func.max(rank).label("worst"))
        .where(*_open_visits(version_id))
        .group_by(ACTIVITY.c.instance_id)
        .subquery()
    )
    query = select(worst.c.worst, func.count()).group_by(worst.c.worst)
    return {_WORST[row[0]]: row[1] for row in work.session.execute(query)}


def running_on(version_id: int) -> Select[int]:
    """The query for the ids of the instances that go on with a version: targets of a bulk act."""
    return select(INSTANCE.c.id).where(INSTANCE.c.version_id == version_id, INSTANCE.c.status.in_(RUNNING))
