"""One layer of the diagram at a time: which figure each element carries, as a discrete colour and a number. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bpm.processes.queries import Durations, ElementMeasures
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


def _level(value: float, limits: tuple[float, float, float, float]) -> int:
    return sum(value >= limit for limit in limits)


def _items(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.items:
        return None
    if m.items_per_100 is None:
        return NO_COLOUR, f"{m.items} item{'s' if m.items != 1 else ''}"
    return _level(m.items_per_100, (5, 10, 20, 50)), f"{m.items_per_100:.0f}"


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


def _certainty(m: ElementMeasures) -> tuple[int, str] | None:
    if not m.items:
        return None
    return _level(m.recorded / m.items, (0.2, 0.4, 0.6, 0.8)), f"{m.recorded} of {m.items}"


LAYERS = (
    Layer(
        "items",
        "Items",
        "Items per 100 passes of the element; with fewer than 10 passes only their number, uncoloured.",
        ("under 5", "5–10", "10–20", "20–50", "50 and more"),
        _items,
    ),
    Layer(
        "negative",
        "Negative share",
        "Share of the items at the element that are negative; not shown under 10 items.",
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
        "certainty",
        "Certainty",
        "Items whose place was recorded by the run itself, of all items there; a person said where the others belong.",
        ("under 20 %", "20–40 %", "40–60 %", "60–80 %", "80 % and more"),
        _certainty,
    ),
)


def layer_of(key: str) -> Layer:
    """The layer of that key; the first one for an unknown key."""
    return next((layer for layer in LAYERS if layer.key == key), LAYERS[0])


def heat_of(layer: Layer, elements: tuple[ElementMeasures, ...], *, url: Callable[[str], str]) -> Mapping[str, Heat]:
    """Element id -> its figure in this layer; `url` gives the address of the rows behind an element's figures."""
    found = ((m, layer.read(m)) for m in elements)
    return {
        m.element: Heat(level=shown[0], label=shown[1], title=title_of(m), url=url(m.element))
        for m, shown in found
        if shown is not None
    }


def title_of(m: ElementMeasures) -> str:
    """Everything known of an element in one line, for hovering."""
    return (
        f"{m.name}: {m.visits} passes, {m.open} open; {m.items} items, negative {m.negative.verdict}; "
        f"waiting {length_of(m.waiting)}; work {length_of(m.work)}"
    )


def length_of(figure: Durations) -> str:
    """`3 h (9 of 10 within 8 h), n = 24`, or why there is no figure."""
    if not figure.shown or figure.median is None:
        return f"not shown (n = {figure.n})"
    return f"{duration(figure.median)} (9 of 10 within {duration(figure.p90)}), n = {figure.n}"
