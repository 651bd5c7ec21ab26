"""Pools one below the other, as wide as the widest, and the message flows between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpm.engine.bpmn.layout.geometry import Box, Plan, around, hang
from bpm.engine.bpmn.layout.lanes import HEADER

_PADDING = 30
_GAP = 60
_BLACK_BOX_HEIGHT = 60
_LEAST_WIDTH = 400


@dataclass(frozen=True)
class Pool:
    """A participant with the plan of its process; without one it is a black box."""

    participant: str
    plan: Plan | None


def stack(pools: Sequence[Pool], flows: Mapping[str, tuple[str, str]]) -> Plan:
    """Everything on one plane; `flows` are message flows with the ids of their ends, drawn where both ends are."""
    width = max([_LEAST_WIDTH, *(_width(pool) for pool in pools)])
    whole, y = Plan(), 0.0
    for pool in pools:
        y = _place(whole, pool, y, width) + _GAP
    for flow, (source, target) in flows.items():
        if source in whole.boxes and target in whole.boxes:
            whole.ways[flow] = hang(whole.boxes[source], whole.boxes[target])
    return whole


def _has_lanes(plan: Plan) -> bool:
    """Lanes begin at the very corner; a process without them keeps its distance from the border."""
    box = around(plan)
    return any((each.x, each.y) == (0, 0) and each.width >= box.width for each in plan.boxes.values())


def _width(pool: Pool) -> float:
    if pool.plan is None:
        return 0
    return around(pool.plan).width + HEADER + (0 if _has_lanes(pool.plan) else 2 * _PADDING)


def _place(whole: Plan, pool: Pool, y: float, width: float) -> float:
    """Add one pool at that height; the y of its lower border."""
    if pool.plan is None:
        whole.boxes[pool.participant] = Box(0, y, width, _BLACK_BOX_HEIGHT)
        return y + _BLACK_BOX_HEIGHT
    box, lanes = around(pool.plan), _has_lanes(pool.plan)
    padding = 0 if lanes else _PADDING
    if lanes:
        _widen(pool.plan, box, width - HEADER)
    pool.plan.move(HEADER + padding - box.x, y + padding - box.y)
    height = box.height + 2 * padding
    whole.boxes[pool.participant] = Box(0, y, width, height)
    whole.boxes.update(pool.plan.boxes)
    whole.ways.update(pool.plan.ways)
    return y + height


def _widen(plan: Plan, box: Box, width: float) -> None:
    """Lanes end where the pool ends."""
    for key, each in plan.boxes.items():
        if each.right == box.right:
            plan.boxes[key] = Box(each.x, each.y, width - each.x, each.height)
