"""How a version does at each element of its drawing: what was lived through there, waiting, work. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bpm.processes.attribution import LIVED
from bpm.processes.status import AttributionMethod, LinkKind
from bpm.statistics import SHOWN_FROM, Durations, Share, durations, share
from bpm.statistics.estimates.shrinkage import Rate, shrunk

NEGATIVE = -0.25
"""An item counts as negative from this sentiment down (scale -1 to 1); the band around 0 is neutral."""


@dataclass(frozen=True)
class AttributedItem:
    """An item at an element, as the figures see it; `sentiment` None: not classified, or the classifier abstained."""

    item_id: int
    element: str
    kind: LinkKind
    method: str
    channel: str
    said_at: datetime | None
    """None: nobody knows; it is counted apart."""
    sentiment: float | None


@dataclass(frozen=True)
class Visit:
    """One visit of an element; `claimed_at` only where a person took it, `closed_at` None while it is open."""

    element: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    status: str


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
    """Links by kind, those that no figure counts among them."""
    recorded: int
    by_hand: int
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
    def certainty(self) -> Share:
        """How much of the attribution was recorded by the run itself; the rest was said by a person."""
        return share(self.recorded, self.items)

    @property
    def seen(self) -> bool:
        return bool(self.visits or self.items or self.kinds)


def measure_elements(
    elements: Iterable[Mapping[str, object]], *, items: Sequence[AttributedItem], visits: Sequence[Visit]
) -> list[ElementMeasures]:
    """One row for each drawn flow element, in the order drawn. Pure."""
    items_at: dict[str, list[AttributedItem]] = defaultdict(list)
    visits_at: dict[str, list[Visit]] = defaultdict(list)
    for item in items:
        items_at[item.element].append(item)
    for visit in visits:
        visits_at[visit.element].append(visit)
    drawn = {str(element["id"]): element for element in elements if element["type"] not in NOT_VISITED}
    lived = {key: [item for item in items_at[key] if item.kind in LIVED] for key in drawn}
    # Places at which nobody ever stands would draw all others towards nothing.
    compared = [key for key in drawn if lived[key] or (visits_at[key] and drawn[key]["type"] not in INSTANT)]
    maybe = [sum(item.kind == LinkKind.SUGGESTED for item in items_at[key]) for key in compared]
    found = shrunk([(len(lived[key]), len(visits_at[key])) for key in compared], maybe=maybe)
    rates = dict(zip(compared, found, strict=True))
    return [
        _measure(element, items=items_at[key], lived=lived[key], visits=visits_at[key], rate=rates.get(key, NO_RATE))
        for key, element in drawn.items()
    ]


NOT_VISITED = ("sequenceFlow", "lane", "laneSet", "participant", "process", "collaboration", "messageFlow")
"""Elements that nothing passes through as a visit."""
NO_RATE = Rate(0, 0, 0, 0.0, 0.0, 0.0)
INSTANT = (
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateThrowEvent",
    "exclusiveGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
)
"""Elements at which no time passes. At a parallel gateway branches wait for each other; behind an event-based one it
is its events that wait."""


def _measure(
    element: Mapping[str, object],
    *,
    items: Sequence[AttributedItem],
    lived: Sequence[AttributedItem],
    visits: Sequence[Visit],
    rate: Rate,
) -> ElementMeasures:
    timed = element["type"] not in INSTANT
    ended = [visit for visit in visits if visit.closed_at is not None]
    waited = [end - v.opened_at for v in visits if timed and (end := v.claimed_at or v.closed_at) is not None]
    worked = [v.closed_at - v.claimed_at for v in ended if v.closed_at and v.claimed_at]
    return ElementMeasures(
        element=str(element["id"]),
        name=str(element["name"] or element["id"]),
        type=str(element["type"]),
        lane=str(element.get("lane") or ""),
        visits=len(visits),
        open=len(visits) - len(ended),
        items=len(lived),
        kinds=Counter(item.kind for item in items),
        recorded=sum(item.method == AttributionMethod.RECORDED for item in lived),
        by_hand=sum(item.method == AttributionMethod.HUMAN for item in lived),
        rate=rate,
        negative=negative_of(lived),
        timed=timed,
        waiting=durations(waited, running=len(visits) - len(waited) if timed else 0),
        work=durations(worked, running=sum(v.claimed_at is not None and v.closed_at is None for v in visits)),
    )


def negative_of(items: Sequence[AttributedItem]) -> Share:
    """How many of those that were read are negative."""
    read = [item.sentiment for item in items if item.sentiment is not None]
    return share(sum(value <= NEGATIVE for value in read), len(read))
