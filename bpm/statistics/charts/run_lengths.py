"""How long a stable chart goes without an alarm, exactly: the average run length, and alarms within so many points.

The rules are looked at as a Markov chain whose states are what they remember (Champ and Woodall, Technometrics 29,
1987), for independent normal values and known limits; estimated limits alarm more often (see `docs/statistics.md`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_ZONES = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
"""Between these, in sigma, lie the zones that rules look at."""


@dataclass(frozen=True)
class Rules:
    """Which rules alarm: beyond 3 sigma always; so many in a row on one side; 2 of 3 beyond 2 and 4 of 5 beyond 1."""

    in_a_row: int = 0
    """0: no such rule."""
    warning_zones: bool = False
    """Rules 2 and 3 of Western Electric, Statistical Quality Control Handbook (1956)."""


def average_run_length(rules: Rules, shift: float = 0.0) -> float:
    """Points until an alarm on average, when the mean has moved by `shift` sigma."""
    stay = _chain(rules, shift)
    return float(np.linalg.solve(np.eye(len(stay)) - stay, np.ones(len(stay)))[0])


def alarm_within(points: int, rules: Rules, shift: float = 0.0) -> float:
    """The chance of at least one alarm among the first `points`."""
    stay = _chain(rules, shift)
    left = np.zeros(len(stay))
    left[0] = 1.0
    for _point in range(points):
        left = left @ stay
    return float(1 - left.sum())


def _chain(rules: Rules, shift: float) -> NDArray[np.float64]:
    """Chances to go from one quiet state to another; the first state has seen nothing."""
    inner = [NormalDist(shift).cdf(edge) for edge in _ZONES]
    chances = [later - earlier for earlier, later in pairwise(inner)]
    step = _step(rules)
    places: dict[Hashable, int] = {((), 0): 0}
    queue: list[tuple[tuple[int, ...], int]] = [((), 0)]
    moves: list[tuple[int, int, float]] = []
    for state in queue:
        for zone, chance in zip((-3, -2, -1, 1, 2, 3), chances, strict=True):
            after = step(state, zone)
            if after is None:
                continue
            if after not in places:
                places[after] = len(places)
                queue.append(after)
            moves.append((places[state], places[after], chance))
    matrix = np.zeros((len(places), len(places)))
    for start, end, chance in moves:
        matrix[start, end] += chance
    return matrix


def _step(rules: Rules) -> Callable[[tuple[tuple[int, ...], int], int], tuple[tuple[int, ...], int] | None]:
    """What is remembered after one more point in a zone (1 to 3 sigma, with its side), or None for an alarm.

    A state is the zones of the last four points, as far as a rule asks for them, and the length of the run with its
    side.
    """

    def after(state: tuple[tuple[int, ...], int], zone: int) -> tuple[tuple[int, ...], int] | None:
        recent, run = state
        side = 1 if zone > 0 else -1
        run = run + side if run * side > 0 else side
        if rules.in_a_row and abs(run) >= rules.in_a_row:
            return None
        run = run if rules.in_a_row else 0
        if not rules.warning_zones:
            return (), run
        last = (*recent, zone if abs(zone) > 1 else 0)[-5:]
        if abs(zone) > 1 and _many(last, side):
            return None
        return last[-4:], run

    return after


def _many(last: tuple[int, ...], side: int) -> bool:
    beyond_two = sum(zone * side >= 3 for zone in last[-3:])
    beyond_one = sum(zone * side >= 2 for zone in last)
    return (last[-1] * side >= 3 and beyond_two >= 2) or beyond_one >= 4
