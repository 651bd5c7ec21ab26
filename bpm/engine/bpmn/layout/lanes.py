"""Lanes: the nodes of a laid-out process sorted into bands, one below the other, and the lines drawn anew between them.

1. A node belongs to its innermost lane; what stands in no lane gets a band of its own at the end.
2. Inside a band the rows of the layout are kept in their order and moved together where nothing of the lane stands.
3. A line between nodes that moved alike moves with them; any other one is drawn anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpm.engine.bpmn.layout.geometry import Box, Plan, connect, moved

HEADER = 30
_MARGIN = 25
_LEAST_HEIGHT = 120


@dataclass(frozen=True)
class Lane:
    """A lane with the nodes that are in none of its own lanes."""

    id: str
    nodes: tuple[str, ...]
    lanes: tuple["Lane", ...] = ()

    def depth(self) -> int:
        """How many headers stand beside each other."""
        return 1 + max((each.depth() for each in self.lanes), default=0)


@dataclass(frozen=True)
class Inside:
    """Who moves with whom: what lies in a node or on its border moves with it."""

    mover: Mapping[str, str]
    """Id of any node -> id of the node of the process itself that it moves with."""
    ends: Mapping[str, tuple[str, str]]
    """Id of a flow -> ids of its source and target."""


def sort_into_lanes(plan: Plan, lanes: Sequence[Lane], inside: Inside) -> None:
    """Move the plan's nodes into bands and add the lanes' boxes, all from (0, 0) on."""
    left = HEADER * max(lane.depth() for lane in lanes)
    first = min((box.x for box in plan.boxes.values()), default=0)
    plan.move(left + _MARGIN - first, 0)
    width = max((box.right for box in plan.boxes.values()), default=left) + 2 * _MARGIN
    bands = _Bands(plan, inside, width)
    y = 0.0
    for lane in lanes:
        y = bands.place_lane(lane, 0, y)
    rest = sorted(set(inside.mover.values()) - set(bands.shift))
    if rest:
        bands.place_nodes(rest, y)
    _shift(plan, bands, inside)


class _Bands:
    def __init__(self, plan: Plan, inside: Inside, width: float) -> None:
        self.plan, self.width = plan, width
        self.shift: dict[str, float] = {}
        """Node of the process itself -> how far down it goes."""
        self.boxes: dict[str, Box] = {}
        self._members: dict[str, list[str]] = {}
        for node, mover in inside.mover.items():
            self._members.setdefault(mover, []).append(node)

    def place_lane(self, lane: Lane, x: float, y: float) -> float:
        """Give the lane its box at (x, y) and its nodes their rows; the y below it."""
        bottom = y
        for each in lane.lanes:
            bottom = self.place_lane(each, x + HEADER, bottom)
        nodes = [node for node in lane.nodes if node in self._members and node not in self.shift]
        if nodes or not lane.lanes:
            bottom = self.place_nodes(nodes, bottom)
        self.boxes[lane.id] = Box(x, y, self.width - x, bottom - y)
        return bottom

    def place_nodes(self, nodes: Sequence[str], y: float) -> float:
        """Put the rows of these nodes one below the other from y on; the y below them."""
        at = y
        for row in self._rows(nodes):
            top, bottom = min(self._top(node) for node in row), max(self._bottom(node) for node in row)
            for node in row:
                self.shift[node] = at - top
            at += bottom - top
        return max(at, y + _LEAST_HEIGHT)

    def _rows(self, nodes: Sequence[str]) -> list[list[str]]:
        """Nodes whose heights overlap stand in one row."""
        rows: list[list[str]] = []
        bottom = float("-inf")
        for node in sorted(nodes, key=self._top):
            if self._top(node) < bottom:
                rows[-1].append(node)
            else:
                rows.append([node])
            bottom = max(bottom, self._bottom(node))
        return rows

    def _top(self, node: str) -> float:
        return min(self.plan.boxes[each].y for each in self._members[node]) - _MARGIN

    def _bottom(self, node: str) -> float:
        return max(self.plan.boxes[each].bottom for each in self._members[node]) + _MARGIN


def _shift(plan: Plan, bands: _Bands, inside: Inside) -> None:
    down = {node: bands.shift[mover] for node, mover in inside.mover.items()}
    plan.boxes = {node: box.moved(0, down[node]) for node, box in plan.boxes.items()}
    for flow, way in plan.ways.items():
        source, target = inside.ends[flow]
        alike = down[source] == down[target]
        plan.ways[flow] = moved(way, 0, down[source]) if alike else connect(plan.boxes[source], plan.boxes[target])
    plan.boxes.update(bands.boxes)
