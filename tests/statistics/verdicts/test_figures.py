"""Verdicts' figures are those of tables, papers and another house's library."""

import numpy as np
import pytest

from bpm.foundation.errors import InvalidInputError
from bpm.statistics.verdicts import Design, Outcome, needed
from bpm.statistics.verdicts.effects import Effect
from bpm.statistics.verdicts.randomised import compare
from bpm.statistics.verdicts.sequential import always_valid, crossing, inflation, obrien_fleming
from bpm.statistics.verdicts.simulated import made
from tests.thoroughness import TIMES

CHANGES = 150 * TIMES


@pytest.mark.parametrize(
    ("start", "end", "cases"),
    [
        (0.30, 0.25, 1249),
        (0.30, 0.20, 293),
        (0.20, 0.15, 904),
        (0.20, 0.10, 199),
        (0.10, 0.07, 1354),
        (0.10, 0.05, 434),
        (0.05, 0.03, 1504),
        (0.20, 0.30, 293),
    ],
)
def test_cases_per_arm_are_those_of_the_tables(start: float, end: float, cases: int) -> None:
    assert needed(start, end).per_arm == cases


def test_other_designs_and_looks_need_more() -> None:
    assert needed(0.3, 0.2, Design.STAGED).per_arm > 3 * 293
    assert needed(0.3, 0.2, looks=5).per_arm == round(293 * 1.028)
    assert needed(4.0, 5.0, outcome=Outcome.MEAN, sd=2.0).per_arm == round((1.96 + 0.84) ** 2 * 8)
    assert "never" in needed(0.3, 0.2, Design.BEFORE_AFTER).note
    for wrong in ((0.3, 0.3), (1.2, 0.3)):
        with pytest.raises(InvalidInputError):
            needed(*wrong)


def test_bounds_of_obrien_and_fleming_are_those_of_jennison_and_turnbull() -> None:
    """Group Sequential Methods (2000), tables 2.3 and 2.4, alpha .05, power .8."""
    printed = {1: 1.960, 2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 10: 2.087}
    assert {looks: round(obrien_fleming(looks)[-1], 3) for looks in printed} == printed
    assert [round(inflation(looks), 3) for looks in (2, 5, 10)] == [1.008, 1.028, 1.040]
    assert obrien_fleming(5)[0] == pytest.approx(2.040 * 5**0.5, abs=2e-3)
    # Peeking five times at 1.96: 14.2 of 100 (Armitage, McPherson, Rowe, 1969).
    assert crossing((1.96,) * 5) == pytest.approx(0.142, abs=5e-4)


def test_looks_at_one_bound_are_those_of_pocock() -> None:
    """Pocock, Biometrika 64 (1977); Jennison and Turnbull, table 2.1: one bound at all looks, 5 of 100."""
    for looks, bound in {2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413}.items():
        assert crossing((bound,) * looks) == pytest.approx(0.05, abs=1e-4)


def _customers(arm: int) -> list[tuple[int, float]]:
    """One to three cases of each of 400 customers, with outcomes by a formula."""
    return [
        (arm * 400 + customer, ((customer * 7 + case * 13 + arm * 5) % (10 + arm * 3)) / (2 + customer % 4))
        for customer in range(400)
        for case in range(1 + customer % 3)
    ]


def test_an_effect_with_its_interval_is_that_of_gbstats_to_five_decimals() -> None:
    """gbstats 0.8.0, TwoSidedTTest, absolute: a RatioStatistic by customer, and a SampleMeanStatistic of their sums.

    It asks for NumPy 1 and pandas 1, so its figures stand here instead of the library.
    """
    rows = _customers(0) + _customers(1)
    customer = np.array([each[0] for each in rows])
    outcome = np.array([each[1] for each in rows])
    arm = (customer >= 400).astype(np.intp)
    ratio = compare(outcome, arm, customer)
    assert ratio.estimate == pytest.approx(0.48681685440133493, abs=1e-9)
    assert ratio.interval == pytest.approx((0.31790179514142264, 0.6557319136612472), abs=5e-6)
    sums = np.bincount(customer, weights=outcome)
    mean = compare(sums, np.repeat([0, 1], 400).astype(np.intp), np.arange(800))
    assert mean.estimate == pytest.approx(0.9724166666666667, abs=1e-9)
    assert mean.interval == pytest.approx((0.5841594514000581, 1.3606738819332753), abs=5e-6)


def test_effects_of_few_and_of_unlike_customers_are_those_of_gbstats() -> None:
    """gbstats 0.8.0 as above: unlike sizes, yes or no, and customers with one to seven cases."""

    def alone(old: list[float], new: list[float]) -> Effect:
        arm = np.repeat([0, 1], [len(old), len(new)]).astype(np.intp)
        return compare(np.array(old + new), arm, np.arange(len(arm)))

    def shared(old: int, new: int, shift: int) -> Effect:
        rows = [
            (side, 1_000 * side + customer, float(case < (customer + side * shift) % 3))
            for side, customers in enumerate((old, new))
            for customer in range(customers)
            for case in range(1 + customer**2 % 7)
        ]
        side, customer, outcome = (np.array(each) for each in zip(*rows, strict=True))
        return compare(outcome, side.astype(np.intp), customer)

    hours = alone([(each * 37 % 101) / 7 for each in range(120)], [(each * 53 % 97) / 8 + 1 for each in range(80)])
    yes = alone([float(each % 10 < 4) for each in range(150)], [float(each % 10 < 3) for each in range(90)])
    printed = (
        (hours, -0.2011904761904768, (-1.2868982262852825, 0.8845172739043339)),
        (yes, -0.1, (-0.22426069181547303, 0.024260691815472954)),
        (shared(200, 170, 1), 0.00430368826413513, (-0.055676700744576216, 0.06428407727284648)),
        (shared(40, 25, 2), 0.013399954576425177, (-0.13721225912292323, 0.16401216827577358)),
    )
    for found, estimate, interval in printed:
        assert found.estimate == pytest.approx(estimate, abs=5e-6)
        assert found.interval == pytest.approx(interval, abs=5e-6)


def test_the_interval_of_small_shares_is_newcombes() -> None:
    """Newcombe, Stat. Med. 17 (1998), table II, method 10."""

    def interval(yes: int, size: int, other: int, others: int) -> tuple[float, float]:
        outcome = np.r_[np.ones(other), np.zeros(others - other), np.ones(yes), np.zeros(size - yes)]
        arm = np.r_[np.zeros(others), np.ones(size)].astype(np.intp)
        return compare(outcome, arm, np.arange(len(arm)), shares=True).interval

    printed = {
        (9, 10, 3, 10): (0.1705, 0.8090),
        (6, 7, 2, 7): (0.0582, 0.8062),
        (5, 56, 0, 29): (-0.0381, 0.1926),
        (0, 10, 0, 20): (-0.1611, 0.2775),
        (0, 10, 0, 10): (-0.2775, 0.2775),
    }
    for counts, ends in printed.items():
        assert interval(*counts) == pytest.approx(ends, abs=5e-5)


def test_a_bound_for_guards_is_tightest_at_the_planned_cases() -> None:
    bounds = [always_valid(cases, 293) for cases in (30, 293, 3000)]
    assert bounds[1] == min(bounds)
    assert bounds[1] > 1.96


@pytest.mark.proof(examples=2 * CHANGES)
def test_looking_at_92_times_is_paid_for() -> None:
    """30 to 20 of 100, 293 cases per arm: peeking at 1.96 fools every third time; both bounds hold, at some power."""
    looks = np.linspace(293 / 92, 293, 92).round().astype(int)
    bounds = {
        "peeking": np.full(92, 1.96),
        "group sequential": np.array(obrien_fleming(92)),
        "always valid": np.array([always_valid(each, 293) for each in looks]),
    }

    def alarms(end: float, seed: int) -> dict[str, float]:
        draw, seen = np.random.default_rng(seed), dict.fromkeys(bounds, 0)
        for _change in range(CHANGES):
            old, new = (np.cumsum(draw.random(293) < share)[looks - 1] / looks for share in (0.3, end))
            both = (old + new) / 2
            z = (old - new) / np.sqrt(np.maximum(2 * both * (1 - both) / looks, 1e-12))
            for name, bound in bounds.items():
                seen[name] += bool((z > bound).any() if name == "always valid" else (np.abs(z) > bound).any())
        return {name: count / CHANGES for name, count in seen.items()}

    false, true = alarms(0.3, 1), alarms(0.2, 2)
    error = 2 * (0.05 * 0.95 / CHANGES) ** 0.5
    assert false["peeking"] > 0.25
    assert false["group sequential"] <= 0.05 + error
    assert false["always valid"] <= 0.05
    assert true["group sequential"] >= 0.70
    assert true["always valid"] >= 0.50


def test_simulated_cases_are_counted_by_arm() -> None:
    cases = made(np.array([0, 1, 1]), np.ones(3), np.arange(3), np.zeros(3))
    assert cases.n == (1, 2)
