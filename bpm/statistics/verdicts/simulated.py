"""Cases that never were, with a truth that is known: to see what n would do, and to prove that intervals cover it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpm.statistics.verdicts.cases import Cases, Floats, Places
from bpm.statistics.verdicts.plan import Design, Direction, Outcome, Plan
from bpm.statistics.verdicts.verdict import verdict
from bpm.statistics.verdicts.wording import Word


@dataclass(frozen=True)
class World:
    """A share of cases with an outcome, `start` before and `end` after the change.

    Each customer has `cases_each` cases on average, and a leaning of its own: `leaning` is the intraclass correlation
    of its cases. Groups differ and time moves as `staged` allows.
    """

    start: float
    end: float
    cases_each: float = 1.0
    leaning: float = 0.0


def randomised(world: World, per_arm: int, draw: np.random.Generator, *, days: float = 60.0) -> Cases:
    """Chance decides by customer: about `per_arm` cases in each arm."""
    customers = max(2, round(per_arm / world.cases_each))
    sizes = [draw.poisson(world.cases_each - 1, customers) + 1 for _arm in range(2)]
    arm = np.repeat([0, 1], [int(each.sum()) for each in sizes])
    customer = np.repeat(np.arange(2 * customers), np.concatenate(sizes))
    level = np.where(np.repeat([0, 1], customers) == 0, world.start, world.end)
    own = _leaning(level, world.leaning, draw)[customer]
    outcome = (draw.random(len(arm)) < own).astype(np.float64)
    return made(arm, outcome, customer, draw.uniform(0, days, len(arm)))


def staged(
    world: World, per_cell: int, draw: np.random.Generator, *, groups: int = 12, periods: int = 8, drift: float = 0.05
) -> Cases:
    """Half of the groups change half-way; groups differ, and all move together by up to `drift`."""
    group = np.repeat(np.arange(groups), periods * per_cell)
    period = np.tile(np.repeat(np.arange(periods), per_cell), groups)
    arm = ((group % 2 == 1) & (period >= periods // 2)).astype(np.intp)
    level = world.start + draw.uniform(-0.05, 0.05, groups)[group] + drift * period / periods
    level = np.clip(level + arm * (world.end - world.start), 0, 1)
    customers = max(1, round(per_cell * periods / world.cases_each))
    customer = group * customers + draw.integers(0, customers, len(group))
    own = _leaning(np.full(groups * customers, 0.5), world.leaning, draw)[customer] - 0.5
    outcome = (draw.random(len(group)) < np.clip(level + own, 0, 1)).astype(np.float64)
    return made(
        arm,
        outcome,
        customer,
        period * 7.0 + draw.uniform(0, 7, len(group)),
        group=group,
        period=period,
    )


def series(
    jump: float, periods: int, draw: np.random.Generator, *, alike: float = 0.0, slope: float = 0.0, noise: float = 1.0
) -> Cases:
    """One figure per week with an AR(1) noise, and a jump half-way."""
    shocks = draw.normal(0, noise * (1 - alike**2) ** 0.5, periods)
    level = np.empty(periods)
    level[0] = draw.normal(0, noise)
    for week in range(1, periods):
        level[week] = alike * level[week - 1] + shocks[week]
    time = np.arange(periods)
    arm = (time >= periods // 2).astype(np.intp)
    outcome = 10 + slope * time + jump * arm + level
    # Three cases a week around its figure, so that a case is a case.
    spread = np.tile([-0.5, 0.0, 0.5], periods)
    place = np.repeat(time, 3)
    return made(np.repeat(arm, 3), np.repeat(outcome, 3) + spread, np.arange(3 * periods), place * 7.0, period=place)


def made(
    arm: Places,
    outcome: Floats,
    customer: Places,
    started: NDArray[Any],
    *,
    group: Places | None = None,
    period: Places | None = None,
    until: Floats | None = None,
) -> Cases:
    """Cases of plain arrays, arms named old and new."""
    weeks = (started // 7).astype(np.intp) if period is None else period.astype(np.intp)
    return Cases(
        arms=("old", "new"),
        ids=[str(place) for place in range(len(arm))],
        arm=arm.astype(np.intp),
        started=started.astype(np.float64),
        outcome=outcome,
        customer=customer.astype(np.intp),
        until=until,
        group=None if group is None else group.astype(np.intp),
        groups=() if group is None else tuple(str(each) for each in range(int(group.max()) + 1)),
        period=weeks,
        periods=tuple(str(each) for each in range(int(weeks.max()) + 1)),
        mixes={},
        whole_days=False,
    )


def _leaning(level: Floats, intraclass: float, draw: np.random.Generator) -> Floats:
    """Shares of customers from a beta distribution around `level` with this intraclass correlation."""
    if intraclass <= 0:
        return level
    both = 1 / intraclass - 1
    return draw.beta(np.clip(level, 1e-6, 1 - 1e-6) * both, (1 - np.clip(level, 1e-6, 1 - 1e-6)) * both)


@dataclass(frozen=True)
class Tries:
    """How often each word was said, and the first sentence."""

    counts: dict[Word, int]
    example: str


def what_n_would_do(world: World, per_arm: int, smallest: float, *, rounds: int = 200, seed: int = 1) -> Tries:
    """The verdicts on `rounds` simulated changes of `per_arm` random cases per arm."""
    draw = np.random.default_rng(seed)
    direction = Direction.LOWER if world.end <= world.start else Direction.HIGHER
    plan = Plan(Outcome.SHARE, direction, smallest, Design.RANDOMISED)
    found = [verdict(randomised(world, per_arm, draw), plan) for _round in range(rounds)]
    counts = {word: sum(each.word is word for each in found) for word in Word}
    return Tries(counts, found[0].sentence)
