"""One layer of the diagram at a time: which figure each element carries, as a discrete colour and a number. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bpm.foundation.texts import _
from bpm.processes.queries import SHOWN_FROM, Durations, ElementMeasures
from bpm.processes.status import LinkKind
from web.ui.diagrams import Heat
from web.ui.formats import duration

NO_COLOUR = -1
"""There is something, but too little to say how much."""


@dataclass(frozen=True)
class Layer:
    """A way to look at the diagram: its five classes and what each element shows."""

    key: str
    label: str
    explains: str
    classes: tuple[str, str, str, str, str]
    """What the colours 0 to 4 stand for, in words."""
    read: Callable[[ElementMeasures], tuple[int, str] | None]
    """(level, label) of an element; None: nothing to show there."""
    opens: str = ""
    """Kind of link that its figures open the rows of; empty: those that figures count."""


def _level(value: float, limits: tuple[float, float, float, float]) -> int:
    return sum(value >= limit for limit in limits)


def _lived(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.items:
        return None
    if not m.rate.shown:
        return NO_COLOUR, f"{m.items} item{'s' if m.items != 1 else ''}"
    value = 100 * m.rate.value
    return _level(value, (5, 10, 20, 50)), f"{value:.0f}"


def _opened(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.opened:
        return None
    if m.visits < SHOWN_FROM:
        return NO_COLOUR, f"{m.opened}"
    return _level(m.opened / m.visits, (0.2, 0.4, 0.6, 0.8)), f"{m.opened} of {m.visits}"


def _negative(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.items:
        return None
    if not m.negative.shown:
        return NO_COLOUR, f"n = {m.negative.n}"
    share = m.negative.hits / m.negative.n
    return _level(share, (0.1, 0.25, 0.5, 0.75)), f"{share * 100:.0f} %"


def _length(figure: Durations, limits: tuple[float, float, float, float]) -> tuple[int, str] | None:
    if not figure.n and not figure.running:
        return None
    if not figure.shown or figure.median is None:
        return NO_COLOUR, f"n = {figure.n}"
    return _level(figure.median / timedelta(minutes=1), limits), duration(figure.median)


def _waiting(m: ElementMeasures) -> tuple[int, str] | None:
    return None if not m.timed else _length(m.waiting, (60, 480, 1440, 4320))


def _work(m: ElementMeasures) -> tuple[int, str] | None:
    return _length(m.work, (5, 15, 60, 240))


def _linked(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.items:
        return None
    parts = [m.kinds.get(kind, 0) for kind in (LinkKind.SAID_DURING, LinkKind.SAID_AFTER)]
    label = "+".join(str(n) for n in (*parts, m.items - sum(parts)))
    return _level(m.recorded / m.items, (0.2, 0.4, 0.6, 0.8)), label


LAYERS = (
    Layer(
        "lived",
        _("Said during and after"),
        _(
            "What customers said while a case ran and after it, about an artefact, or placed by hand: items per 100 "
            "passes of the element, drawn towards what all elements have in common, so that the worst is not luck. "
            "With fewer than 10 passes only their number, uncoloured. What opened a case stands in a layer of its own."
        ),
        ("under 5", "5–10", "10–20", "20–50", "50 and more"),
        _lived,
    ),
    Layer(
        "negative",
        "Negative share",
        "Share of what was said there during and after that is negative; not shown under 10 items.",
        ("under 10 %", "10–25 %", "25–50 %", "50–75 %", "75 % and more"),
        _negative,
    ),
    Layer(
        "waiting",
        "Waiting time",
        "Median from opened to claimed (to closed, where nobody claims); not shown under 5 visits.",
        ("under 1 h", "1–8 h", "8–24 h", "1–3 d", "3 d and more"),
        _waiting,
    ),
    Layer(
        "work",
        "Work time",
        "Median from claimed to closed; not shown under 5 visits.",
        ("under 5 min", "5–15 min", "15–60 min", "1–4 h", "4 h and more"),
        _work,
    ),
    Layer(
        "opened",
        _("Opened by"),
        _("What opened cases, on the element where they begin: of its passes, so many. In no other layer."),
        ("under 20 %", "20–40 %", "40–60 %", "60–80 %", "80 % and more"),
        _opened,
        opens=LinkKind.OPENED_BY,
    ),
    Layer(
        "linked",
        _("How linked"),
        _(
            "Items said while a case ran + after it + about an artefact or placed by hand. The colour says how much "
            "of it the run itself recorded; what is suggested is not counted until a person confirms it."
        ),
        ("under 20 %", "20–40 %", "40–60 %", "60–80 %", "80 % and more"),
        _linked,
    ),
)


def layer_of(key: str) -> Layer:
    """The layer of that key; the first one for an unknown key."""
    return next((layer for layer in LAYERS if layer.key == key), LAYERS[0])


def heat_of(
    layer: Layer, elements: tuple[ElementMeasures, ...], *, url: Callable[[str, str], str]
) -> Mapping[str, Heat]:
    """Element id -> its figure in this layer; `url` gives the address of the rows of an element and a kind."""
    found = ((m, layer.read(m)) for m in elements)
    return {
        m.element: Heat(level=shown[0], label=shown[1], title=title_of(m), url=url(m.element, layer.opens))
        for m, shown in found
        if shown is not None
    }


def title_of(m: ElementMeasures) -> str:
    """Everything known of an element in one line, for hovering."""
    return (
        f"{m.name}: {m.visits} passes, {m.open} open; {m.items} items, {m.rate.verdict}; "
        f"negative {m.negative.verdict}; "
        f"waiting {length_of(m.waiting)}; work {length_of(m.work)}"
    )


def length_of(figure: Durations) -> str:
    """`3 h (9 of 10 within 8 h), n = 24`, or why there is no figure."""
    if not figure.shown or figure.median is None:
        return f"not shown (n = {figure.n})"
    return f"{duration(figure.median)} (9 of 10 within {duration(figure.p90)}), n = {figure.n}"
