"""Boxes and lines on a plane, in pixels: x to the right, y down, as in BPMN DI (OMG BPMN 2.0.2, clause 12)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """The bounds of a shape."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> "Box":
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass
class Plan:
    """Shapes and lines by the id of their element."""

    boxes: dict[str, Box] = field(default_factory=dict)
    ways: dict[str, tuple[Point, ...]] = field(default_factory=dict)

    def move(self, dx: float, dy: float) -> None:
        """Shift everything."""
        self.boxes = {key: box.moved(dx, dy) for key, box in self.boxes.items()}
        self.ways = {key: moved(way, dx, dy) for key, way in self.ways.items()}


def moved(way: Iterable[Point], dx: float, dy: float) -> tuple[Point, ...]:
    return tuple((x + dx, y + dy) for x, y in way)


def around(plan: Plan) -> Box:
    """The smallest box with everything of the plan in it; a box of no size for an empty one."""
    xs = [x for box in plan.boxes.values() for x in (box.x, box.right)]
    ys = [y for box in plan.boxes.values() for y in (box.y, box.bottom)]
    xs += [x for way in plan.ways.values() for x, _ in way]
    ys += [y for way in plan.ways.values() for _, y in way]
    if not xs:
        return Box(0, 0, 0, 0)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def connect(source: Box, target: Box) -> tuple[Point, ...]:
    """A line in right angles: out to the right and into the left side, or, going back, over top and bottom."""
    (from_x, from_y), (to_x, to_y) = source.middle, target.middle
    if target.x > source.right:
        if from_y == to_y:
            return (source.right, from_y), (target.x, to_y)
        bend = target.x - min(25, (target.x - source.right) / 2)
        return (source.right, from_y), (bend, from_y), (bend, to_y), (target.x, to_y)
    if target.y >= source.bottom or target.bottom <= source.y:
        return hang(source, target)
    under = max(source.bottom, target.bottom) + 20
    return (from_x, source.bottom), (from_x, under), (to_x, under), (to_x, target.bottom)


def hang(source: Box, target: Box) -> tuple[Point, ...]:
    """A line down (or up) from one box to another that lies beyond it; straight where the boxes face each other."""
    (from_x, _), (to_x, _) = source.middle, target.middle
    down = target.y >= source.bottom
    start, end = (source.bottom, target.y) if down else (source.y, target.bottom)
    if target.x <= from_x <= target.right and target.width > source.width:
        return (from_x, start), (from_x, end)
    if source.x <= to_x <= source.right and source.width > target.width:
        return (to_x, start), (to_x, end)
    half = (start + end) / 2
    return (from_x, start), (from_x, half), (to_x, half), (to_x, end)
