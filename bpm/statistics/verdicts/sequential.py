"""Looking more than once without fooling oneself: group sequential bounds for the verdict, always-valid for guards."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bpm.statistics.verdicts.distributions import normal_quantile

Floats = NDArray[np.float64]

ALPHA = 0.05
POWER = 0.8
_STEPS = 241
"""Points of the grid: up to a hundred looks they lie a sixth of a step's spread apart or less."""
_HALVINGS = 26


@lru_cache(maxsize=256)
def obrien_fleming(looks: int, alpha: float = ALPHA) -> tuple[float, ...]:
    """Two-sided bounds of z at each of `looks` equally spaced looks: C sqrt(K/k).

    Source: O'Brien and Fleming, Biometrics 35 (1979); C as in Jennison and Turnbull, Group Sequential Methods (2000),
    table 2.3, from the recursion of Armitage, McPherson, Rowe (1969).
    """
    low, high = normal_quantile(1 - alpha / 2) * 0.99, 5.0
    for _halving in range(_HALVINGS):
        constant = (low + high) / 2
        if crossing(_bounds(constant, looks)) > alpha:
            low = constant
        else:
            high = constant
    return _bounds((low + high) / 2, looks)


def _bounds(constant: float, looks: int) -> tuple[float, ...]:
    return tuple(constant * math.sqrt(looks / look) for look in range(1, looks + 1))


def crossing(bounds: tuple[float, ...], drift: float = 0.0) -> float:
    """The chance that |z| crosses at some look; `drift` is the mean of z at the last look.

    Sums of independent steps of variance one stay inside bounds sqrt(k); their density is carried from look to look.
    """
    looks = len(bounds)
    move = drift / math.sqrt(looks)
    points: Floats = np.zeros(1)
    density: Floats = np.ones(1)
    weights: Floats = np.ones(1)
    kernel: Floats | None = None
    for look, bound in enumerate(bounds, 1):
        edge = bound * math.sqrt(look)
        ahead = np.linspace(-edge, edge, _STEPS)
        if kernel is None or len(points) == 1 or not math.isclose(edge, points[-1]):
            kernel = np.exp(-0.5 * (ahead[:, None] - points[None, :] - move) ** 2) / math.sqrt(2 * math.pi)
        density = kernel @ (density * weights)
        if len(points) == 1:
            kernel = None
        points, weights = ahead, _simpson(ahead)
    return float(1 - density @ weights)


def _simpson(points: Floats) -> Floats:
    """Weights of Simpson's rule."""
    weights = np.full(len(points), 2.0)
    weights[1::2] = 4.0
    weights[0] = weights[-1] = 1.0
    scaled: Floats = weights * (points[1] - points[0]) / 3
    return scaled


@lru_cache(maxsize=256)
def inflation(looks: int, alpha: float = ALPHA, power: float = POWER) -> float:
    """How many more cases the last of `looks` looks needs than a single one (Jennison and Turnbull, table 2.4)."""
    if looks == 1:
        return 1.0
    bounds, once = obrien_fleming(looks, alpha), normal_quantile(1 - alpha / 2) + normal_quantile(power)
    low, high = once, once * 1.3
    for _halving in range(_HALVINGS):
        drift = (low + high) / 2
        low, high = (drift, high) if crossing(bounds, drift) < power else (low, drift)
    return (drift / once) ** 2


def look_of(done: float, looks: int) -> int:
    """Which look it is when the share `done` of the planned cases is there, rounded down: never too early."""
    return min(looks, max(1, math.floor(done * looks + 1e-9)))


def always_valid(cases: float, planned: float, alpha: float = ALPHA) -> float:
    """The bound of a one-sided z that may be looked at after every case, tuned to be tightest at `planned` cases.

    Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, Time-uniform central limit theory (Ann. Statist. 52, 2024),
    one-sided boundary of the normal mixture.
    """
    return _mixture(cases * _tuned(alpha) / planned, alpha)


def _mixture(scaled: float, alpha: float) -> float:
    return math.sqrt(2 * (scaled + 1) / scaled * math.log(1 + math.sqrt(scaled + 1) / (2 * alpha)))


@lru_cache(maxsize=32)
def _tuned(alpha: float) -> float:
    """n rho² at which the bound is smallest, by search."""
    grid = np.exp(np.linspace(math.log(0.1), math.log(1000), 2000))
    return float(min(grid, key=lambda scaled: _mixture(float(scaled), alpha)))
