"""Intervals cover the truth as often as they say, and *improved* is seldom said of nothing; over simulated changes."""

from collections.abc import Callable

import numpy as np
import pytest

from bpm.statistics.verdicts import Cases, Design, Direction, Outcome, Plan, Word, verdict
from bpm.statistics.verdicts.simulated import World, made, randomised, series, staged
from tests.thoroughness import TIMES

RUNS = 100 * TIMES
ALONE, TOGETHER = World(0.3, 0.3), World(0.3, 0.2, cases_each=3, leaning=0.2)
Draw = np.random.Generator


def _plan(design: Design, outcome: Outcome = Outcome.SHARE, smallest: float = 0.05) -> Plan:
    return Plan(outcome, Direction.LOWER, smallest, design)


def _series(periods: int, alike: float, jump: float = 0.0) -> Callable[[Draw], Cases]:
    return lambda draw: series(jump, periods, draw, alike=alike)


DESIGNS: list[tuple[str, Plan, float, Callable[[Draw], Cases]]] = [
    ("randomised, nothing", _plan(Design.RANDOMISED), 0.0, lambda draw: randomised(ALONE, 300, draw)),
    ("randomised, customers alike", _plan(Design.RANDOMISED), -0.1, lambda draw: randomised(TOGETHER, 300, draw)),
    ("randomised, few", _plan(Design.RANDOMISED), 0.0, lambda draw: randomised(World(0.05, 0.05), 60, draw)),
    ("staged, nothing", _plan(Design.STAGED), 0.0, lambda draw: staged(ALONE, 25, draw)),
    ("staged, customers alike", _plan(Design.STAGED), -0.1, lambda draw: staged(TOGETHER, 25, draw)),
    ("series of 52, alike .3", _plan(Design.SERIES, Outcome.MEAN, 0.5), 0.0, _series(52, 0.3)),
    ("series of 52, independent", _plan(Design.SERIES, Outcome.MEAN, 0.5), -2.0, _series(52, 0.0, -2.0)),
    ("series of 104, alike .3", _plan(Design.SERIES, Outcome.MEAN, 0.5), 0.0, _series(104, 0.3)),
]


@pytest.mark.proof(examples=RUNS)
@pytest.mark.parametrize(("name", "plan", "truth", "make"), DESIGNS, ids=[each[0] for each in DESIGNS])
def test_an_interval_covers_the_truth(name: str, plan: Plan, truth: float, make: Callable[[Draw], Cases]) -> None:
    draw = np.random.default_rng(len(name))
    found = [verdict(make(draw), plan) for _run in range(RUNS)]
    covers = [each.interval[0] <= truth <= each.interval[1] for each in found if each.interval]
    assert len(covers) == RUNS
    assert np.mean(covers) >= 0.93 - 2 * (0.05 * 0.95 / RUNS) ** 0.5 * (TIMES == 1)
    if truth == 0:
        false = np.mean([each.word is Word.IMPROVED for each in found])
        assert false <= 0.025 + 3 * (0.025 * 0.975 / RUNS) ** 0.5


@pytest.mark.proof(examples=3 * RUNS)
def test_a_shorter_or_more_alike_series_and_before_and_after_never_say_improved() -> None:
    draw = np.random.default_rng(5)
    words = set()
    for _run in range(RUNS):
        words |= {verdict(series(-5, 40, draw), _plan(Design.SERIES, Outcome.MEAN, 0.5)).word}
        words |= {verdict(randomised(World(0.4, 0.1), 200, draw), _plan(Design.BEFORE_AFTER)).word}
        found = verdict(series(-5, 52, draw, alike=0.8), _plan(Design.SERIES, Outcome.MEAN, 0.5))
        if found.facts["lag1"] > 0.3:
            words |= {found.word}
    assert words == {Word.NOT_SHOWN}


def _late(draw: Draw, *, share: float, delay: float, ended: bool = False) -> Cases:
    """The new version started later, and both are looked at until day 90: its late outcomes have not come yet.

    `ended`: a case is looked at until its outcome comes.
    """
    size = 500
    arm = np.repeat([0, 1], size).astype(np.intp)
    started = np.r_[draw.uniform(0, 60, size), draw.uniform(30, 88, size)]
    comes = started + draw.exponential(delay, 2 * size)
    outcome = ((draw.random(2 * size) < share) & (comes <= 90)).astype(float)
    return made(arm, outcome, np.arange(2 * size), started, until=np.where(ended & (outcome > 0), comes, 90.0))


@pytest.mark.proof(examples=2 * RUNS)
@pytest.mark.parametrize("ended", [False, True])
def test_outcomes_that_come_late_do_not_make_the_newer_version_better(ended: bool) -> None:
    draw = np.random.default_rng(11)
    plan = _plan(Design.RANDOMISED)
    false, naive = 0, 0
    for _run in range(RUNS):
        cases = _late(draw, share=0.3, delay=12.0, ended=ended)
        false += verdict(cases, plan).word is Word.IMPROVED
        whole = made(cases.arm, cases.outcome, cases.customer, cases.started)
        naive += verdict(whole, plan).word is Word.IMPROVED
    assert naive / RUNS > 0.25
    assert false / RUNS <= 0.025 + 3 * (0.025 * 0.975 / RUNS) ** 0.5


@pytest.mark.proof(examples=RUNS)
def test_five_looks_by_the_plan_say_improved_of_nothing_no_more_often_than_one() -> None:
    draw, false = np.random.default_rng(3), 0
    plan = Plan(Outcome.SHARE, Direction.LOWER, 0.1, Design.RANDOMISED, looks=5)
    for _run in range(RUNS):
        cases = randomised(ALONE, 300, draw)
        order = np.argsort(cases.started)
        words = []
        for part in (60, 120, 180, 240, 300):
            seen = np.zeros(len(cases), dtype=bool)
            seen[order[: 2 * part]] = True
            words.append(verdict(cases.only(seen), plan).word)
        false += Word.IMPROVED in words
    assert false / RUNS <= 0.025 + 2 * (0.025 * 0.975 / RUNS) ** 0.5
