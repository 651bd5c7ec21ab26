"""One look at the outcomes: by plan or as a follow-up, once, kept as it was read, with a hash of what was read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.arms import ArmCase, arm_cases, mature, split_of
from bpm.processes.verdicts.comparing import DAY, as_cases, compared, known_threats, statistics_plan
from bpm.processes.verdicts.gathering import Gathered, gather
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES, CaseMeasure, PerCase
from bpm.processes.verdicts.status import LookKind, PlanDesign, Said

if TYPE_CHECKING:
    from bpm.statistics.verdicts import Cases, Verdict
    from bpm.statistics.verdicts.effects import Effect
    from bpm.statistics.verdicts.threats import Threats

FOLLOW_UPS = (30, 90, 180)
"""Days after the start at which it is looked whether an effect lasts."""
MOVED = 2.5758293035489004
"""A negative control has moved from this |z| on: once in a hundred by chance."""
FEWEST = 10


def take_planned(work: Work, row: VerdictPlan, number: int) -> VerdictLook:
    """Look at all cases that were watched for the window, as look `number`; nothing is kept yet."""
    from bpm.statistics.verdicts import verdict

    now, window = work.now(), row.window_days * DAY
    everybody = arm_cases(work, row, until=now)
    ripe = mature(everybody, window, at=now)
    found = gather(work, ripe, (row.measure, *row.controls))
    given = compared(found, ripe, row.measure, window, row.element)
    threats = known_threats(work, row, found, given, at=now)
    for each in row.controls:
        _control(row, found, ripe, each, threats)
    if len(everybody) > len(ripe):
        threats.others.append(
            _("late outcomes: %(n)s cases are younger than %(days)g days and are left out.")
            % {"n": len(everybody) - len(ripe), "days": row.window_days}
        )
    cases = as_cases(row, found, given, both_arms=True)
    said = verdict(cases, statistics_plan(row, look=number, ratio=split_of(work, row, ripe)), known=threats)
    n_old, n_new = (said.n[arm] for arm in cases.arms)
    facts = {
        **said.facts, "customers": len(set(given.customers)), "left_out": len(everybody) - len(ripe),
        "needs": said.needs, "source_mix": _mix(found, ripe), "models": sorted(set().union(*found.models.values())),
    }  # fmt: skip
    interval = said.interval or (None, None)
    return VerdictLook(
        plan_id=row.id, kind=LookKind.PLANNED, number=number, at=now, verdict=Said(said.word.value),
        stage=str(said.stage), sentence=sentence_of(MEASURES[row.measure], row, said), estimate=said.estimate,
        low=interval[0], high=interval[1], old_level=said.old_level, n_old=n_old, n_new=n_new, power=said.power,
        threats=list(said.threats), facts=facts, inputs=_inputs(ripe), inputs_hash=given.hash,
    )  # fmt: skip


def _inputs(cases: Sequence[ArmCase]) -> dict[str, Any]:
    return {
        "old": [each.instance_id for each in cases if not each.new],
        "new": [each.instance_id for each in cases if each.new],
    }


def _mix(found: Gathered, cases: Sequence[ArmCase]) -> dict[str, int]:
    return dict(Counter(found.channels.get(each.instance_id, "") or "none" for each in cases))


def _control(row: VerdictPlan, found: Gathered, cases: Sequence[ArmCase], measure: str, threats: "Threats") -> None:
    """What the change cannot move has moved: then something else did, and the result is withheld."""
    from bpm.statistics.verdicts.threats import Stage

    effect = effect_of(row, found, cases, measure)
    if effect is None or effect.estimate == 0 or abs(effect.estimate) < MOVED * effect.error:
        return
    known = MEASURES[measure]
    threats.stop(
        Stage.WITHHELD,
        _("negative control: “%(measure)s” moved by %(by)s, which the change cannot do.")
        % {"measure": known.title, "by": amount(known, effect.estimate, sign=True)},
    )


def effect_of(row: VerdictPlan, found: Gathered, cases: Sequence[ArmCase], measure: str) -> "Effect | None":
    """New minus old of any measure, by the arms; None with fewer than ten cases in one."""
    from bpm.statistics.verdicts.randomised import FEW_CUSTOMERS, compare, worth_customers
    from bpm.statistics.verdicts.unsure import widened

    given = compared(found, cases, measure, row.window_days * DAY, row.element if measure == row.measure else "")
    table = as_cases(row, found, given)
    worth = (worth_customers(table.customer, table.arm == side) for side in (0, 1))
    if min(table.n) < FEWEST or min(worth) < FEW_CUSTOMERS:
        return None
    shares = MEASURES[measure].per_case is PerCase.SHARE

    def again(cases: "Cases") -> "Effect":
        return compare(cases.outcome, cases.arm, cases.customer, shares=shares)

    return widened(again(table), table, again)


@dataclass(frozen=True)
class _Later:
    """The cases of a follow-up; `weak`: no old ones began beside the new ones."""

    cases: list[ArmCase]
    weak: bool


def take_follow_up(work: Work, row: VerdictPlan, days: int) -> VerdictLook:
    """Whether the effect lasts: of cases begun since the follow-up before.

    Against old cases of the same time where there are ten, else against all old ones from before: then other things
    that changed are in it, it is called weak, and never says *improved*.
    """
    now, window = work.now(), row.window_days * DAY
    later = _later(row, mature(arm_cases(work, row, until=now), window, at=now), days)
    found = gather(work, later.cases, (row.measure,))
    given = compared(found, later.cases, row.measure, window, row.element)
    effect = effect_of(row, found, later.cases, row.measure)
    news = sum(each.new for each in later.cases)
    counted = {"n_old": len(later.cases) - news, "n_new": news}
    said = Said.NOT_SHOWN if effect is None else _word(row, effect.interval, weak=later.weak)
    interval = effect.interval if effect is not None else (None, None)
    threats = (
        [_("no old cases beside the new ones any more: what else changed is in this figure.")] if later.weak else []
    )
    return VerdictLook(
        plan_id=row.id, kind=LookKind.FOLLOW_UP, number=days, at=now, verdict=said,
        stage="no data" if effect is None else "said", sentence=_follow_up_sentence(row, days, effect, said),
        estimate=effect.estimate if effect else None, low=interval[0], high=interval[1],
        old_level=effect.old if effect else None, power=None, threats=threats,
        facts={"weak": later.weak, "customers": len(set(given.customers)), "source_mix": _mix(found, later.cases)},
        inputs=_inputs(later.cases), inputs_hash=given.hash, **counted,
    )  # fmt: skip


def _later(row: VerdictPlan, cases: Sequence[ArmCase], days: int) -> _Later:
    before = max((each for each in (0, *FOLLOW_UPS) if each < days), default=0)
    since, until = row.starts_at + before * DAY, row.starts_at + days * DAY
    span = [each for each in cases if since <= each.started_at < until]
    new, old = [each for each in span if each.new], [each for each in span if not each.new]
    if len(old) >= FEWEST:
        return _Later([*old, *new], weak=False)
    return _Later([each for each in cases if not each.new and each.started_at < until] + new, weak=True)


def _word(row: VerdictPlan, interval: tuple[float, float], *, weak: bool) -> Said:
    low, high = interval
    if -row.smallest < low and high < row.smallest:
        return Said.NOT_SHOWN if weak else Said.NO_DIFFERENCE
    if low <= 0 <= high:
        return Said.NOT_SHOWN
    better = (high < 0) == (row.direction == "lower")
    if better:
        return Said.NOT_SHOWN if weak else Said.IMPROVED
    return Said.WORSE


def _follow_up_sentence(row: VerdictPlan, days: int, effect: "Effect | None", said: Said) -> str:
    if effect is None:
        return _("After %(days)s days: fewer than ten cases of a version; no figure.") % {"days": days}
    known = MEASURES[row.measure]
    low, high = effect.interval
    return _("After %(days)s days: %(word)s, %(estimate)s (%(low)s to %(high)s).") % {
        "days": days, "word": _words(said), "estimate": amount(known, effect.estimate, sign=True),
        "low": amount(known, low, sign=True), "high": amount(known, high, sign=True),
    }  # fmt: skip


def _words(said: Said) -> str:
    return {
        Said.IMPROVED: _("improved"),
        Said.WORSE: _("worse"),
        Said.NO_DIFFERENCE: _("no difference beyond what matters"),
        Said.NOT_SHOWN: _("not shown"),
    }[said]


def sentence_of(measure: CaseMeasure, row: VerdictPlan, said: "Verdict") -> str:
    """The verdict in the unit of its measure, as a person reads it."""
    if said.estimate is None or said.interval is None or str(said.stage) != "said":
        return said.sentence
    low, high = said.interval
    figures = {
        "measure": measure.title, "estimate": amount(measure, said.estimate, sign=True),
        "low": amount(measure, low, sign=True), "high": amount(measure, high, sign=True),
        "smallest": amount(measure, row.smallest),
    }  # fmt: skip
    told = {
        "improved": _("Improved: %(measure)s by %(estimate)s (95 %% interval %(low)s to %(high)s)."),
        "worse": _("Worse: %(measure)s by %(estimate)s (95 %% interval %(low)s to %(high)s)."),
        "no difference": _("No difference beyond %(smallest)s: %(measure)s by %(estimate)s (%(low)s to %(high)s)."),
        "not shown": _("Not shown: %(measure)s by %(estimate)s, but the interval goes from %(low)s to %(high)s."),
    }
    if row.design is PlanDesign.BEFORE_AFTER and said.word.value == "not shown":
        return (
            _("Not shown: %(measure)s by %(estimate)s (%(low)s to %(high)s), but before and after shows no cause.")
            % figures
        )
    return told[said.word.value] % figures


def amount(measure: CaseMeasure, value: float, *, sign: bool = False) -> str:
    """An effect in the unit of its measure: shares in points."""
    unit = _("points") if measure.unit == "%" else measure.unit
    return f"{value * measure.scale:{'+' if sign else ''}.3g} {unit}"
