"""The sentence about a change: improved, worse, no difference beyond what matters, or not shown, and why."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from bpm.foundation.texts import _, ngettext
from bpm.statistics.verdicts import threats as look
from bpm.statistics.verdicts.cases import Cases
from bpm.statistics.verdicts.effects import TWO_SIDED, Effect, power_of
from bpm.statistics.verdicts.estimating import estimated
from bpm.statistics.verdicts.follow_up import followed_up
from bpm.statistics.verdicts.plan import Design, Direction, Outcome, Plan
from bpm.statistics.verdicts.power import needed
from bpm.statistics.verdicts.sequential import look_of, obrien_fleming
from bpm.statistics.verdicts.threats import Stage, Threats
from bpm.statistics.verdicts.wording import Word, sentence_of

FEWEST = 10
"""Cases per arm without which no figure is shown."""
FEWEST_EVENTS = 10


@dataclass(frozen=True)
class Verdict:
    """What a change did, new minus old per case; None where there is no estimate."""

    word: Word
    estimate: float | None
    interval: tuple[float, float] | None
    n: dict[str, int]
    power: float | None
    """The chance that an effect of the smallest size that matters would have been called one."""
    threats: tuple[str, ...]
    sentence: str
    look: int
    looks: int
    left_out: int = 0
    needs: str = ""
    facts: dict[str, float] = field(default_factory=dict)
    """What only some designs have: slope, lag1, periods, groups, days a case must have been looked at."""
    stage: Stage = Stage.SAID
    """How far the reading went."""
    old_level: float | None = None
    """What the old version is at, where there is an estimate."""


def verdict(cases: Cases, plan: Plan, *, known: Threats | None = None) -> Verdict:
    """The verdict on all cases so far, by the registered plan; `known`: what else is known to speak against it.

    Read in this order: unhealthy (the split does not fit, cases in both arms), no data, no full week, then the interval
    against zero and the smallest effect that matters. Before and after alone never gives *improved*.
    """
    threats, facts = known or Threats(), dict[str, float]()
    kept = _healthy(cases, plan, threats, facts)
    look_now, z = _look(kept, plan)
    n = dict(zip(cases.arms, kept.n, strict=True))
    effect = estimated(kept, plan, z, threats, facts) if _enough(kept, plan, threats) else None
    _others(kept, plan, threats)
    word = Word.NOT_SHOWN if effect is None or threats.stops else _word(effect, plan, threats)
    power = None if effect is None else power_of(plan.smallest, effect.error, z)
    return Verdict(
        word=word,
        estimate=None if effect is None else effect.estimate,
        interval=None if effect is None else effect.interval,
        n=n,
        power=power,
        threats=threats.all,
        sentence=sentence_of(word, effect, plan, threats.stops),
        look=look_now,
        looks=plan.looks,
        left_out=len(cases) - len(kept),
        needs=_needs(kept, effect, plan) if word is Word.NOT_SHOWN and not threats.stops else "",
        facts=facts,
        stage=threats.stage,
        old_level=None if effect is None else effect.old,
    )


def _healthy(cases: Cases, plan: Plan, threats: Threats, facts: dict[str, float]) -> Cases:
    """The cases that can be compared; what is unhealthy about the split goes to `threats`."""
    twice = look.in_both_arms(cases)
    if twice:
        threats.stop(
            Stage.UNHEALTHY,
            _("cases in both arms: %(n)s cases ran on both versions, such as %(id)s.")
            % {"n": len(twice), "id": min(twice)},
        )
        cases = cases.only(np.array([each not in twice for each in cases.ids], dtype=bool))
    if plan.design is Design.RANDOMISED and len(cases):
        mixes = look.mix_shift(cases) if min(cases.n) > 0 else []
        for each in filter(None, (look.sample_ratio(cases, plan), *mixes)):
            threats.stop(Stage.UNHEALTHY, each)
    followed = followed_up(cases, plan) if min(cases.n) > 0 else None
    if followed is None:
        return cases
    if followed.unequal:
        threats.stop(
            Stage.WITHHELD,
            _("late outcomes: the arms were looked at for differently long, and no window_days says what counts."),
        )
    if followed.outcome is not None:
        threats.others.append(
            _("late outcomes: cases end when their outcome comes; the shares within %(days).0f days are compared.")
            % {"days": math.ceil(followed.days)}
        )
        cases = replace(cases, outcome=followed.outcome)
    if not followed.keep.all():
        young = int((~followed.keep).sum())
        threats.others.append(
            _("late outcomes: %(n)s cases were looked at for less than %(days).0f days and are left out.")
            % {"n": young, "days": math.ceil(followed.days)}
        )
        cases = cases.only(followed.keep)
    if followed.days:
        facts["watched_days"] = followed.days
    fresh = look.of_new_sources(cases)
    if plan.design is not Design.RANDOMISED and fresh.any() and fresh.sum() < len(cases):
        threats.others.append(
            _("new source: %(n)s cases of the new version came by a channel that the old one did not have; left out.")
            % {"n": int(fresh.sum())}
        )
        cases = cases.only(~fresh)
    return cases


def _enough(cases: Cases, plan: Plan, threats: Threats) -> bool:
    for arm, n in zip(cases.arms, cases.n, strict=True):
        if n < FEWEST:
            threats.stop(
                Stage.NO_DATA,
                ngettext(
                    "no data: %(n)s case of %(arm)s; below %(fewest)s no figure is shown.",
                    "no data: %(n)s cases of %(arm)s; below %(fewest)s no figure is shown.",
                    n,
                )
                % {"n": n, "arm": arm, "fewest": FEWEST},
            )
    if threats.stops and min(cases.n) < FEWEST:
        return False
    if plan.design is not Design.SERIES:
        early = look.week_not_over(cases)
        if early:
            threats.stop(Stage.EARLY, early)
    if plan.outcome is Outcome.RATE and cases.outcome.sum() < FEWEST_EVENTS:
        threats.stop(
            Stage.NO_DATA,
            _("no data: %(n).0f events in all; below %(fewest)s no rate is compared.")
            % {"n": cases.outcome.sum(), "fewest": FEWEST_EVENTS},
        )
    return True


def _look(cases: Cases, plan: Plan) -> tuple[int, float]:
    """Which look this is, and the bound of z at it (O'Brien and Fleming for more than one)."""
    if plan.looks == 1:
        return 1, TWO_SIDED
    number = plan.look or look_of(min(cases.n) / _planned(cases, plan), plan.looks)
    return number, obrien_fleming(plan.looks)[number - 1]


def _planned(cases: Cases, plan: Plan) -> float:
    """Cases per arm at the last look: as planned, or as many as 80 % power for the smallest effect needs."""
    if plan.planned:
        return plan.planned
    old = cases.outcome[cases.arm == 0]
    level = float(old.mean()) if len(old) else 0.0
    step = plan.smallest if plan.direction is Direction.HIGHER else -plan.smallest
    end = level + step
    if (plan.outcome is Outcome.SHARE and not 0 <= end <= 1) or (plan.outcome is Outcome.RATE and end < 0):
        end = level - step
    if plan.outcome is Outcome.SHARE:
        end = min(1.0, max(0.0, end))
    spread = float(cases.outcome.std()) or 1.0
    if math.isclose(level, end):
        return float(max(cases.n))
    return needed(level, end, plan.design, outcome=plan.outcome, sd=spread, looks=plan.looks).per_arm


def _others(cases: Cases, plan: Plan, threats: Threats) -> None:
    if min(cases.n) == 0:
        return
    if plan.design is not Design.RANDOMISED:
        threats.others += look.mix_shift(cases)
    found = [look.season(cases, plan.design), look.regression_to_the_mean(cases, plan)]
    if plan.design is Design.RANDOMISED:
        found.append(look.shared_customers(cases))
    if plan.design is Design.BEFORE_AFTER:
        found.append(_("weak design: before and after alone cannot show that the change did it."))
    threats.others += [each for each in found if each]


def _word(effect: Effect, plan: Plan, threats: Threats) -> Word:
    """By the interval: within what matters, on one side of zero, or neither."""
    low, high = effect.interval
    word = Word.NOT_SHOWN
    if -plan.smallest < low and high < plan.smallest:
        word = Word.NO_DIFFERENCE
    elif high < 0 or low > 0:
        better = (high < 0) == (plan.direction is Direction.LOWER)
        word = Word.IMPROVED if better else Word.WORSE
    if plan.design is Design.BEFORE_AFTER and word in (Word.IMPROVED, Word.NO_DIFFERENCE):
        return Word.NOT_SHOWN
    return word


def _needs(cases: Cases, effect: Effect | None, plan: Plan) -> str:
    """About how many cases and days are left until the planned number is there."""
    if effect is None or plan.design is Design.BEFORE_AFTER:
        return ""
    left = math.ceil(_planned(cases, plan) - min(cases.n))
    if left <= 0:
        return _("The planned cases are there: what matters would likely have been seen.")
    days = max(1.0, float(np.ptp(cases.started)))
    pace = min(cases.n) / days
    return _("About %(cases)s cases more per arm, %(days)s days at this pace.") % {
        "cases": left,
        "days": math.ceil(left / pace),
    }
