"""Many series looked at once: which of them alarm, so that most alarms are true, and how many are expected to be false.

One p per series and look: the chance, if nothing changed, of a value as far out as the newest one. Run rules of a chart
annotate and spend nothing of this budget.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.foundation.texts import _, ngettext

FALSE_AMONG_ALARMS = 0.1
"""At most this share of a look's alarms is false on average."""


@dataclass(frozen=True)
class Look:
    """The newest point of one series: `p` of it, and the series it is a part of (an activity's process), if any."""

    series: str
    p: float
    part_of: str = ""


@dataclass(frozen=True)
class Alarms:
    """Which series alarm at one look, of how many, and how many of the alarms are expected to be false."""

    series: tuple[str, ...]
    looked_at: int
    expected_false: float
    """At most, on average, among those of `series`."""

    @property
    def words(self) -> str:
        if not self.series:
            return _("No alarm among %(n)s series.") % {"n": self.looked_at}
        told = ngettext(
            "%(alarms)s of %(n)s series alarms; on average at most %(false).1f of these is false.",
            "%(alarms)s of %(n)s series alarm; on average at most %(false).1f of these is false.",
            len(self.series),
        )
        return told % {
            "alarms": len(self.series),
            "n": self.looked_at,
            "false": self.expected_false,
        }


def benjamini_hochberg(ps: Sequence[float], q: float = FALSE_AMONG_ALARMS) -> tuple[int, ...]:
    """Places of those p that are rejected so that on average at most the share `q` of them is false.

    Source: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), procedure (1): the largest k with
    p(k) <= k q / m, and all up to it. It holds for independent p and for those that rise together (Benjamini and
    Yekutieli 2001). ValueError for a p outside 0 to 1.
    """
    if not all(0 <= p <= 1 for p in ps):
        raise ValueError(_("p lies between 0 and 1"))
    order = sorted(range(len(ps)), key=lambda place: ps[place])
    most = max((rank for rank, place in enumerate(order, 1) if ps[place] <= rank * q / len(ps)), default=0)
    return tuple(sorted(order[:most]))


def alarms(looks: Sequence[Look], q: float = FALSE_AMONG_ALARMS) -> Alarms:
    """The alarms of one look over all series: whole ones first, then the parts of those that alarm, each at `q`.

    Parts (activities) of a whole (process) that is quiet stay quiet; a part whose whole is not looked at counts as
    whole. Source: the hierarchical procedure of Yekutieli, J. Am. Statist. Assoc. 103 (2008).
    """
    wholes = {look.series for look in looks if not look.part_of}
    first = [look for look in looks if look.part_of not in wholes]
    found = [first[place].series for place in benjamini_hochberg([look.p for look in first], q)]
    for whole in [name for name in found if name in wholes]:
        parts = [look for look in looks if look.part_of == whole]
        found += [parts[place].series for place in benjamini_hochberg([look.p for look in parts], q)]
    return Alarms(tuple(found), len(looks), q * len(found))
