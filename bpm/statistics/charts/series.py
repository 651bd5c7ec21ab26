"""One measure over time, as a control chart takes it: a value for each period, and n where it is a share or rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bpm.statistics.periods import Periods, periods_of


class Kind(StrEnum):
    """Which chart for which figures."""

    XMR = "xmr"
    """Individual values with their moving range: rates per period, durations."""
    P = "p"
    """Laney's p': `value` of `n`."""
    U = "u"
    """Laney's u': `value` counts in `n` units of exposure."""
    G = "g"
    """Cases between two rare events."""
    T = "t"
    """Time between two rare events."""
    EWMA = "ewma"
    CUSUM = "cusum"


COUNTS = (Kind.P, Kind.U)
"""Charts of counts that need their n."""
BETWEEN_EVENTS = (Kind.G, Kind.T)


@dataclass(frozen=True)
class Series:
    """Oldest first; `sizes` are the n of counts, `phases` name what was in force (a version), all of one length."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    sizes: tuple[float, ...] | None = None
    phases: tuple[str, ...] | None = None

    @property
    def periods(self) -> Periods:
        return periods_of(self.names)

    def stretches(self) -> tuple[tuple[str, int, int], ...]:
        """(phase, first, one past last) of each stretch in which the phase is the same."""
        if self.phases is None:
            return (("", 0, len(self.values)),)
        starts = [i for i, name in enumerate(self.phases) if i == 0 or name != self.phases[i - 1]]
        ends = [*starts[1:], len(self.phases)]
        return tuple((self.phases[start], start, end) for start, end in zip(starts, ends, strict=True))


def series(values: Sequence[float], sizes: Sequence[float] | None = None) -> Series:
    """A series whose periods are numbered from 1."""
    names = tuple(str(number) for number in range(1, len(values) + 1))
    return Series(names, tuple(values), None if sizes is None else tuple(sizes))
