"""The flows of a log as a picture: activities one below the other as cases come to them, an arc for each flow. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bpm.processes.outside import OutsideActivity, OutsideFlow

MOST = 20
"""Activities that are drawn; the table below has all."""
ROW, BOX, HIGH, MIDDLE, WIDE = 56, 260, 34, 400, 800


@dataclass(frozen=True)
class Box:
    """One activity: `y` is its upper edge."""

    y: int
    name: str
    visits: int


@dataclass(frozen=True)
class Arc:
    """One flow, as a path of SVG; `x`, `y` are where its number stands."""

    path: str
    width: float
    times: int
    x: float
    y: float
    title: str
    back: bool
    """Whether it goes upwards: cases come again."""


@dataclass(frozen=True)
class Picture:
    """What elsewhere/process.html draws."""

    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    height: int
    left_out: int
    """Activities that are not drawn."""
    box_x: int = MIDDLE - BOX // 2
    box_width: int = BOX
    box_height: int = HIGH
    width: int = WIDE


def picture_of(order: Sequence[str], activities: Sequence[OutsideActivity], flows: Sequence[OutsideFlow]) -> Picture:
    """The most visited activities and the flows between them, those that are too rare to be seen left out."""
    visits = {each.activity: each.visits for each in activities}
    chosen = set(sorted(visits, key=lambda name: -visits[name])[:MOST])
    names = [name for name in order if name in chosen]
    at = {name: number for number, name in enumerate(names)}
    shown = [flow for flow in flows if flow.before in at and flow.after in at]
    most = max((flow.times for flow in shown), default=1)
    arcs = tuple(_arc(flow, at, most) for flow in shown if flow.times * 50 >= most)
    boxes = tuple(Box(_top(number), name, visits[name]) for name, number in at.items())
    return Picture(boxes, arcs, _top(len(names)) + 10, len(visits) - len(names))


def _top(number: int) -> int:
    return 20 + number * ROW


def _arc(flow: OutsideFlow, at: dict[str, int], most: int) -> Arc:
    first, last = at[flow.before], at[flow.after]
    width = round(1 + 5 * math.sqrt(flow.times / most), 1)
    title = f"{flow.before} → {flow.after}: {flow.times}"
    if last == first + 1:
        y = _top(first) + HIGH
        path = f"M{MIDDLE} {y}V{_top(last) - 3}"
        return Arc(path, width, flow.times, MIDDLE + 8, y + (ROW - HIGH) / 2 + 4, title, back=False)
    side = 1 if last > first else -1
    edge = MIDDLE + side * BOX // 2
    reach = edge + side * min(230, 40 + 26 * abs(last - first))
    begin, end = _top(first) + HIGH * 0.65, _top(last) + HIGH * 0.35
    if first == last:
        begin, end = _top(first) + HIGH * 0.85, _top(first) + HIGH * 0.15
    path = f"M{edge} {begin:.0f}C{reach} {begin:.0f} {reach} {end:.0f} {edge + side * 3} {end:.0f}"
    middle = edge + (reach - edge) * 0.75
    return Arc(path, width, flow.times, middle + side * 4, (begin + end) / 2 + 4, title, back=last <= first)
