"""Whether the arms are as large as the lot makes them, and which units or cases were in both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select

from bpm.engine.models import ProcessInstance
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.rollouts.models import Rollout, RolloutCase
from bpm.processes.rollouts.words import Arm, Unit, Way
from bpm.statistics.lots import SURE, Drawn, splits_p

SHOWN = 20
ALWAYS = timedelta(days=365)


@dataclass(frozen=True)
class SampleRatio:
    """The split by steps, the chance of one as far off as this (exact binomial), and what follows."""

    steps: tuple[Drawn, ...]
    p: float | None
    """None: the arms are not drawn unit by unit, so no ratio is expected."""
    words: str

    @property
    def alarm(self) -> bool:
        return self.p is not None and self.p < SURE


@dataclass(frozen=True)
class InBothArms:
    """A case that did not keep to its arm: it runs, or ended, on the version of the other one."""

    instance_id: int
    business_key: str | None
    arm: Arm
    version_id: int


def sample_ratio(work: Work, row: Rollout) -> SampleRatio:
    """Each unit counts once, in the step in which it was drawn first: cases of one customer are one draw."""
    return ratios_of(work, [row])[row.id]


def ratios_of(work: Work, rows: Sequence[Rollout]) -> dict[int, SampleRatio]:
    """The split of each of these rollouts, in one statement; none where none of them draws units."""
    drawn = [row.id for row in rows if _is_drawn(row)]
    counts: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    if drawn:
        # Within a step a unit keeps its arm, so the least of these numbers tells its first step and its arm there.
        code = (2 * RolloutCase.step + case((RolloutCase.arm == Arm.CANDIDATE, 1), else_=0)).label("code")
        first = (
            select(RolloutCase.rollout_id, func.min(code).label("code"))
            .where(RolloutCase.rollout_id.in_(drawn))
            .group_by(RolloutCase.rollout_id, RolloutCase.unit)
            .subquery()
        )
        columns = (first.c.rollout_id, first.c.code)
        for rollout_id, number, units in work.session.execute(select(*columns, func.count()).group_by(*columns)):
            counts[rollout_id][number // 2][number % 2] = units
    return {row.id: _ratio(row, counts[row.id]) for row in rows}


def _is_drawn(row: Rollout) -> bool:
    return row.way is Way.SHARE and row.unit is not Unit.TEAM


def _ratio(row: Rollout, counts: Mapping[int, Mapping[int, int]]) -> SampleRatio:
    """`counts`: step -> arm (0 or 1) -> units."""
    if not _is_drawn(row):
        return SampleRatio((), None, _not_drawn(row))
    steps = tuple(
        Drawn(each.get(1, 0), sum(each.values()), float(row.steps[step])) for step, each in sorted(counts.items())
    )
    p = splits_p(steps)
    return SampleRatio(steps, p, _in_words(row, steps, p))


def _not_drawn(row: Rollout) -> str:
    if row.unit is Unit.TEAM:
        return _("Teams are drawn, not cases: how many cases each arm has follows from the teams.")
    return _("The arms follow from dates, not from a lot for each case: no ratio is expected.")


def _in_words(row: Rollout, steps: tuple[Drawn, ...], p: float) -> str:
    n, hits = sum(each.n for each in steps), sum(each.hits for each in steps)
    if not n:
        return _("No case has begun yet.")
    said = {
        "hits": hits,
        "n": n,
        "what": _("customers") if row.unit is Unit.CUSTOMER else _("cases"),
        "expected": round(sum(each.expected for each in steps)),
        "p": f"{p:.2g}",
    }
    if p < SURE:
        return (
            _("The split does not fit: %(hits)s of %(n)s %(what)s have the candidate, %(expected)s were to be expected")
            % said
            + _(" (p = %(p)s). No verdict of this rollout can be believed.") % said
        )
    return (
        _("The split fits: %(hits)s of %(n)s %(what)s have the candidate, %(expected)s were to be expected") % said
        + _(" (p = %(p)s).") % said
    )


def in_both_arms(work: Work, row: Rollout, *, limit: int = 100) -> list[InBothArms]:
    """Cases whose version is not their arm's: they were moved while, or after, they were counted; newest first."""
    return astray_of(work, [row.id], limit=limit)[row.id]


def astray_of(work: Work, rollout_ids: Sequence[int], *, limit: int = 100) -> dict[int, list[InBothArms]]:
    """The same of each of these rollouts, in one statement; none of one that compares a version with itself."""
    wanted = case((RolloutCase.arm == Arm.CANDIDATE, Rollout.candidate_version_id), else_=Rollout.control_version_id)
    place = func.row_number().over(partition_by=RolloutCase.rollout_id, order_by=RolloutCase.instance_id.desc())
    rows = (
        select(
            RolloutCase.rollout_id, RolloutCase.instance_id, ProcessInstance.business_key, RolloutCase.arm,
            ProcessInstance.version_id, place.label("place"),
        )
        .join(Rollout, Rollout.id == RolloutCase.rollout_id)
        .join(ProcessInstance, ProcessInstance.id == RolloutCase.instance_id)
        .where(RolloutCase.rollout_id.in_(rollout_ids), ProcessInstance.version_id != wanted)
        .where(Rollout.candidate_version_id != Rollout.control_version_id)
        .subquery()
    )  # fmt: skip
    found: dict[int, list[InBothArms]] = {each: [] for each in rollout_ids}
    query = select(rows).where(rows.c.place <= limit).order_by(rows.c.rollout_id, rows.c.place)
    for row in work.session.execute(query) if rollout_ids else ():
        found[row.rollout_id].append(InBothArms(row.instance_id, row.business_key, row.arm, row.version_id))
    return found


def what_is_broken(work: Work) -> list[str]:
    """What must never be, in words: a case of a candidate without its arm, or one that began on another version."""
    began = func.coalesce(ProcessInstance.began_version_id, ProcessInstance.version_id)
    compares = Rollout.candidate_version_id != Rollout.control_version_id
    alone = (
        select(ProcessInstance.id)
        .join(Rollout, Rollout.candidate_version_id == began)
        .outerjoin(RolloutCase, RolloutCase.instance_id == ProcessInstance.id)
        .where(compares, RolloutCase.id.is_(None), ProcessInstance.restarted_from.is_(None))
        .where(ProcessInstance.started_at >= Rollout.started_at)
        .where(ProcessInstance.started_at < func.coalesce(Rollout.ended_at, work.now() + ALWAYS))
    )
    wanted = case((RolloutCase.arm == Arm.CANDIDATE, Rollout.candidate_version_id), else_=Rollout.control_version_id)
    astray = (
        select(ProcessInstance.id)
        .join(RolloutCase, RolloutCase.instance_id == ProcessInstance.id)
        .join(Rollout, Rollout.id == RolloutCase.rollout_id)
        .where(began != wanted)
    )
    return [
        *(f"Case {each} runs a version on trial, but has no arm." for each in work.session.scalars(alone.limit(SHOWN))),
        *(f"Case {each} did not begin on its arm's version." for each in work.session.scalars(astray.limit(SHOWN))),
    ]


def units_in_both(work: Work, row: Rollout) -> int:
    """Units with cases in both arms: it happens as a share grows, and a verdict has to count them apart."""
    if row.way is not Way.SHARE:
        return 0
    both = (
        select(RolloutCase.unit)
        .where(RolloutCase.rollout_id == row.id)
        .group_by(RolloutCase.unit)
        .having(func.count(RolloutCase.arm.distinct()) > 1)
        .subquery()
    )
    return work.session.scalar(select(func.count()).select_from(both)) or 0
