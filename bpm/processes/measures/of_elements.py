"""What the drawing of a version shows at each of its elements: what was lived through there, waiting, work. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bpm.processes.attribution import LIVED
from bpm.processes.measures.asking import Row
from bpm.processes.measures.observed import INSTANT
from bpm.processes.status import LinkKind
from bpm.statistics import SHOWN_FROM, Durations, Share, share
from bpm.statistics.estimates.shrinkage import Rate, shrunk

OF_ELEMENTS = ("negative_share", "waiting", "work", "complaints_per_100", "listening_ratio")
"""The measures of the catalogue that its figures are made of."""
NOT_VISITED = ("sequenceFlow", "lane", "laneSet", "participant", "process", "collaboration", "messageFlow")
"""Elements that nothing passes through as a visit."""
NO_RATE = Rate(0, 0, 0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class ElementMeasures:
    """Figures of one element. Waiting: opened until claimed (else closed); work: claimed until closed.

    `items` and the negative share are of what was lived through there; all other kinds of links stand apart.
    """

    element: str
    name: str
    type: str
    lane: str
    visits: int
    open: int
    items: int
    kinds: Mapping[LinkKind, int]
    """Items by kind of link, each under the first of its kinds, those that no figure counts among them."""
    rate: Rate
    """Items per pass, as counted and shrunk; suggested ones widen its interval."""
    negative: Share
    timed: bool
    """Whether time passes there at all: at events that come and go, and at gateways, none does."""
    waiting: Durations
    work: Durations

    @property
    def items_per_100(self) -> float | None:
        """Items per 100 visits, as counted; None while there are fewer than ten visits."""
        return 100 * self.items / self.visits if self.visits >= SHOWN_FROM else None

    @property
    def opened(self) -> int:
        """Items that opened cases here."""
        return self.kinds.get(LinkKind.OPENED_BY, 0)

    @property
    def by_hand(self) -> int:
        """Items that a person placed here."""
        return self.kinds.get(LinkKind.BY_HAND, 0)

    @property
    def recorded(self) -> int:
        """Items that the run itself placed here."""
        return self.items - self.by_hand

    @property
    def seen(self) -> bool:
        return bool(self.visits or self.items or self.kinds)


def measure_elements(
    elements: Iterable[Mapping[str, object]], figures: Mapping[str, Mapping[str, Row]]
) -> list[ElementMeasures]:
    """One for each drawn flow element, in the order drawn; `figures`: {measure: {element: its figure}}. Pure."""
    drawn = {str(element["id"]): element for element in elements if element["type"] not in NOT_VISITED}
    kinds = {key: kinds_of(figures["listening_ratio"].get(key)) for key in drawn}
    lived = {key: sum(kinds[key].get(kind, 0) for kind in LIVED) for key in drawn}
    passed = {key: figures["complaints_per_100"][key].n if key in figures["complaints_per_100"] else 0 for key in drawn}
    # Places at which nobody ever stands would draw all others towards nothing.
    compared = [key for key in drawn if lived[key] or (passed[key] and drawn[key]["type"] not in INSTANT)]
    maybe = [kinds[key].get(LinkKind.SUGGESTED, 0) for key in compared]
    rates = dict(zip(compared, shrunk([(lived[key], passed[key]) for key in compared], maybe=maybe), strict=True))
    found = []
    for key, element in drawn.items():
        waiting, work = figures["waiting"].get(key), figures["work"].get(key)
        found.append(
            ElementMeasures(
                element=key, name=str(element["name"] or key), type=str(element["type"]),
                lane=str(element.get("lane") or ""), visits=passed[key],
                open=(waiting.running if waiting else 0) + (work.running if work else 0), items=lived[key],
                kinds=kinds[key], rate=rates.get(key, NO_RATE), negative=share_of(figures["negative_share"].get(key)),
                timed=element["type"] not in INSTANT, waiting=durations_of(waiting), work=durations_of(work),
            )
        )  # fmt: skip
    return found


def kinds_of(row: Row | None) -> Counter[LinkKind]:
    """Items by kind of link; none where a kind has none."""
    return Counter({LinkKind(kind): count for kind, count in row.kinds.items()} if row else {})


def share_of(row: Row | None) -> Share:
    """A share of the catalogue with its hits."""
    return share(row.hits or 0, row.n) if row else share(0, 0)


def durations_of(row: Row | None) -> Durations:
    """Times of the catalogue: shown from as many on as there."""
    if row is None:
        return Durations(0, None, None, fewest=SHOWN_FROM)
    median, p90 = (None if each is None else timedelta(seconds=round(each)) for each in (row.value, row.p90))
    return Durations(row.n, median, p90, row.running, fewest=SHOWN_FROM)
