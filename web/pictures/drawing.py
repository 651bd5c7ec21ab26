"""Places of variants, shares of ways and a funnel for server-drawn SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.processes.paths import Stage
from bpm.statistics import Share

WIDTH, LEFT = 760, 130
STEP, HIGH, ROW = 34, 22, 30
MOST_STEPS, MOST_ROWS = 17, 15
LONGEST = 30


@dataclass(frozen=True)
class Chevron:
    """One place of a variant: an arrow with the number of the legend in it."""

    points: str
    x: float
    y: float
    number: str
    title: str


@dataclass(frozen=True)
class ChevronRow:
    """`bar` is the width of its share, `label` says it."""

    y: float
    bar: float
    label: str
    chevrons: tuple[Chevron, ...]


@dataclass(frozen=True)
class Chevrons:
    rows: tuple[ChevronRow, ...]
    legend: tuple[tuple[int, str], ...]
    height: int
    left: int = LEFT
    width: int = WIDTH


def chevrons(variants: Sequence[tuple[Sequence[tuple[str, str]], Share, int]]) -> Chevrons:
    """The first fifteen variants, seventeen places of each; numbers in the order in which places are met."""
    numbers: dict[str, int] = {}
    names: dict[str, str] = {}
    rows = []
    for place, (steps, part, cases) in enumerate(variants[:MOST_ROWS]):
        y = 6 + place * ROW
        drawn = []
        for at, (element, name) in enumerate(steps[:MOST_STEPS]):
            number = numbers.setdefault(element, len(numbers) + 1)
            names[element] = name
            drawn.append(_chevron(LEFT + 12 + at * STEP, y, str(number), name))
        if len(steps) > MOST_STEPS:
            drawn.append(_chevron(LEFT + 12 + MOST_STEPS * STEP, y, "…", ""))
        value = part.value or 0.0
        label = f"{value * 100:.0f} %" if part.shown else f"n = {cases}"
        rows.append(ChevronRow(y, round(value * 70, 1), label, tuple(drawn)))
    legend = tuple((number, names[element]) for element, number in numbers.items())
    return Chevrons(tuple(rows), legend, 12 + len(rows) * ROW)


def _chevron(x: float, y: float, number: str, title: str) -> Chevron:
    right, middle = x + STEP - 3, y + HIGH / 2
    points = f"{x},{y} {right - 7},{y} {right},{middle} {right - 7},{y + HIGH} {x},{y + HIGH} {x + 7},{middle}"
    return Chevron(points, x + STEP / 2, y + HIGH - 6, number, title)


@dataclass(frozen=True)
class ShareBar:
    """One way; `low` and `high` are the ends of its interval."""

    y: float
    width: float
    low: float
    high: float
    name: str
    label: str
    title: str
    shown: bool


@dataclass(frozen=True)
class Shares:
    titles: tuple[tuple[float, str], ...]
    bars: tuple[ShareBar, ...]
    ticks: tuple[tuple[float, str], ...]
    height: int
    left: int = 250
    width: int = WIDTH


def shares(found: Sequence[tuple[str, Sequence[tuple[str, Share]]]]) -> Shares:
    """Ways below the name of their branch, on a scale from 0 to 100 %."""
    plot, y = WIDTH - 250 - 90, 26.0
    titles, bars = [], []
    for title, some in found:
        titles.append((y + 14, _short(title)))
        y += 24
        for label, part in some:
            value = part.value or 0.0
            said = f"{value * 100:.0f} %, n = {part.n}" if part.shown else f"n = {part.n}"
            bars.append(
                ShareBar(y, round(value * plot, 1) if part.shown else 0.0, round(250 + part.low * plot, 1),
                         round(250 + part.high * plot, 1), _short(label), said, f"{label}: {part.verdict}", part.shown)
            )  # fmt: skip
            y += HIGH
        y += 12
    ticks = tuple((round(250 + plot * part / 100, 1), f"{part} %") for part in (0, 25, 50, 75, 100))
    return Shares(tuple(titles), tuple(bars), ticks, int(y))


@dataclass(frozen=True)
class FunnelBar:
    x: float
    y: float
    width: float
    height: float
    label: str
    said: str


@dataclass(frozen=True)
class Funnel:
    bars: tuple[FunnelBar, ...]
    height: int
    width: int = WIDTH


def funnel(stages: Sequence[Stage]) -> Funnel:
    """Bars about one middle, as wide as the share of cases that come so far."""
    plot, middle, high = 420.0, 480.0, 30
    bars = []
    for place, stage in enumerate(stages):
        width = max(2.0, (stage.part.value or 0.0) * plot)
        said = f"{stage.part.hits} ({stage.part.value or 0:.0%})".replace("%", " %")
        label = ", ".join(f"{group} {n}" for group, n in stage.arrived[:2])
        bars.append(
            FunnelBar(round(middle - width / 2, 1), 6 + place * (high + 6), round(width, 1), high, _short(label), said)
        )
    return Funnel(tuple(bars), 12 + len(bars) * (high + 6))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
