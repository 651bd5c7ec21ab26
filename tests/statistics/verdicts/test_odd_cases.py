"""What a verdict says of odd inputs: the first thing that forbids it, in the order in which a person reads it."""

from dataclasses import replace

import numpy as np
import pytest

from bpm.statistics.verdicts import Design, Direction, Outcome, Plan, Verdict, verdict
from bpm.statistics.verdicts.cases import Cases
from bpm.statistics.verdicts.randomised import compare

SHARE = Plan(Outcome.SHARE, Direction.LOWER, 0.05, Design.RANDOMISED)
BEFORE_AFTER = replace(SHARE, design=Design.BEFORE_AFTER)
HOURS = replace(SHARE, outcome=Outcome.MEAN)


def cases(old: list[float], new: list[float], *, customer: list[int] | None = None, days: float = 60) -> Cases:
    """Cases of two arms begun evenly over so many days, each of its own customer unless said."""
    n = len(old) + len(new)
    arm = np.repeat([0, 1], [len(old), len(new)]).astype(np.intp)
    return Cases(
        arms=("old", "new"), ids=[str(number) for number in range(n)], arm=arm,
        started=np.r_[np.linspace(0, days, len(old)), np.linspace(0, days, len(new))],
        outcome=np.array([*old, *new], dtype=np.float64),
        customer=np.array(customer if customer is not None else range(n), dtype=np.intp), until=None, group=None,
        groups=(), period=np.zeros(n, dtype=np.intp), periods=("0",), mixes={}, whole_days=False,
    )  # fmt: skip


ONE = [*range(300), *[300] * 300]
"""One customer has all 300 cases of the new version."""
MOSTLY_ONE = [*range(310), *[310] * 300, *range(311, 321)]
"""One has 300 of 310: their squares of residuals alone would call it an effect, and a small one at that."""


def yes(hits: int, n: int) -> list[float]:
    return [1.0] * hits + [0.0] * (n - hits)


@pytest.mark.parametrize(
    ("given", "plan", "stage", "says"),
    [
        (cases([], []), SHARE, "no data", "0 cases of old"),
        (cases(yes(1, 4), yes(1, 3)), SHARE, "no data", "4 cases of old"),
        # All cases in one arm: a split of 300 to none is no lot, and that is said before how few there are.
        (cases(yes(90, 300), []), SHARE, "unhealthy", "sample ratio: 300 and 0"),
        (cases(yes(90, 300), yes(20, 200)), SHARE, "unhealthy", "sample ratio: 300 and 200"),
        (cases(yes(90, 300), yes(20, 200), days=3), SHARE, "unhealthy", "sample ratio"),
        (cases(yes(90, 300), yes(60, 300), days=3), SHARE, "early", "one week is not over"),
        (cases([5.0] * 40, [5.0] * 40), HOURS, "no data", "same outcome"),
        (cases([5.0] * 40, [5.0] * 40, days=3), HOURS, "no data", "same outcome"),
        (cases(yes(90, 300), yes(60, 300), customer=ONE), BEFORE_AFTER, "no data", "worth 1.0 customers"),
        (cases(yes(30, 310), yes(300, 310), customer=MOSTLY_ONE), BEFORE_AFTER, "no data", "few customers have most"),
    ],
)  # fmt: skip
def test_the_first_thing_that_forbids_a_verdict_is_said(given: Cases, plan: Plan, stage: str, says: str) -> None:
    found = verdict(given, plan)
    assert (found.word, str(found.stage)) == ("not shown", stage), found
    assert says in found.sentence
    assert found.interval is None or all(np.isfinite(found.interval))


def test_what_is_only_suggested_widens_the_interval_and_may_take_the_verdict_away() -> None:
    given = cases(yes(120, 400), yes(80, 400))
    assert verdict(given, SHARE).word == "improved"
    # Thirty cases of the new version would turn bad, if what is suggested were confirmed.
    maybe = given.outcome.copy()
    maybe[400 + 80 : 400 + 110] = 1.0
    unsure = verdict(replace(given, maybe=maybe), SHARE)
    sure = _interval(verdict(given, SHARE))
    low, high = _interval(unsure)
    assert unsure.word == "not shown"
    assert low == pytest.approx(sure[0])
    assert high > 0 > sure[1]
    assert verdict(replace(given, maybe=given.outcome), SHARE).interval == sure


def _interval(found: Verdict) -> tuple[float, float]:
    assert found.interval is not None
    return found.interval


def test_a_customer_with_a_fifth_of_an_arm_is_one_voice() -> None:
    """Means without each customer in turn; the squares of residuals alone told a third of that error."""
    customer = np.r_[np.arange(100), np.repeat(100, 25), np.arange(101, 201)]
    outcome = np.r_[np.tile([0.0, 1.0], 50), np.ones(25), np.tile([0.0, 1.0], 50)]
    arm = np.r_[np.zeros(100), np.ones(125)].astype(np.intp)
    found = compare(outcome, arm, customer)
    means = [outcome[(arm == 1) & (customer != each)].mean() for each in np.unique(customer[arm == 1])]
    by_hand = 100 / 101 * sum((each - 0.6) ** 2 for each in means)
    old = 0.25 / 99
    assert found.error == pytest.approx((by_hand + old) ** 0.5)
