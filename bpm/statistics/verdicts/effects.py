"""What an estimate of an effect says: new minus old, its standard error and interval."""

from dataclasses import dataclass

from bpm.statistics.distributions import critical, normal_below

TWO_SIDED = 1.959963984540054
"""Of a 95 % interval that is looked at once."""


@dataclass(frozen=True)
class Effect:
    """New minus old; `df` degrees of freedom of `error`. `ends` where the interval is not symmetric."""

    estimate: float
    error: float
    df: float
    old: float
    """The level of the old version that it is compared to."""
    ends: tuple[float, float] | None = None
    z: float = TWO_SIDED

    @property
    def interval(self) -> tuple[float, float]:
        if self.ends is not None:
            return self.ends
        half = critical(self.z, self.df) * self.error
        return self.estimate - half, self.estimate + half


def power_of(smallest: float, error: float, z: float = TWO_SIDED) -> float:
    """The chance that an effect of `smallest` would be called one, with this standard error."""
    if error <= 0:
        return 1.0
    return normal_below(smallest / error - z)
