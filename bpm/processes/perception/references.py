"""What others found, as reference lines with source and year; never mixed with figures of one's own."""

from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.statistics.ranks import kendall_tau


@dataclass(frozen=True)
class RankReference:
    """Items as two sides order them, the first one first."""

    name: str
    year: int
    source: str
    customers: tuple[str, ...]
    companies: tuple[str, ...]

    @property
    def tau(self) -> float:
        places = [self.companies.index(each) for each in self.customers]
        return kendall_tau(range(len(places)), places)


@dataclass(frozen=True)
class ShareReference:
    """What companies think of themselves beside what customers say, shares from 0 to 1."""

    name: str
    year: int
    source: str
    says: str
    companies: float
    customers: float
    n: int


_DISCOUNT, _PURCHASE = _("get a discount"), _("purchase")
_CONNECTED, _COMMUNITY = _("feel connected"), _("be part of a community")

IBM = RankReference(
    name=_("Why customers follow companies in social media"),
    year=2010,
    source=_(
        "IBM Institute for Business Value, 2010 (survey of consumers and executives), as Mitch Lieberman cites it"
    ),
    customers=(_DISCOUNT, _PURCHASE, _CONNECTED, _COMMUNITY),
    companies=(_CONNECTED, _COMMUNITY, _PURCHASE, _DISCOUNT),
)
"""The order of the four named reasons, as the seed tells it: top and bottom."""

BAIN = ShareReference(
    name=_("Superior experience"),
    year=2005,
    source=_("Bain & Company, Closing the delivery gap, 2005"),
    says=_("“a superior experience”: what companies believe they deliver, and what their customers say"),
    companies=0.80,
    customers=0.08,
    n=362,
)
