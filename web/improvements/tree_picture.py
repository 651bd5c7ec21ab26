"""Places of a tree for a server-drawn SVG: needs, drivers, and leaves with how well they are met. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.processes.improvements.ctq import LeafFigure, Node

BOX, HEIGHT, ROW, GAP = 220, 72, 88, 60
_LINE, _LINES = 28, 2


@dataclass(frozen=True)
class Box:
    """A part of the tree with its lines of words; `told` is what a leaf is held against and comes to."""

    x: int
    y: int
    kind: str
    lines: tuple[str, ...]
    told: str


@dataclass(frozen=True)
class DrawnTree:
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    """Points of the polylines between them."""
    width: int
    height: int
    box: int = BOX
    box_height: int = HEIGHT


def drawn(tree: Sequence[Node], figures: Mapping[int, LeafFigure]) -> DrawnTree:
    """The tree on its canvas; `figures` are those of the newest version."""
    boxes: list[Box] = []
    lines: list[str] = []
    rows = 0
    for root in tree:
        _y, rows = _place(root, 0, rows, (boxes, lines), figures)
    return DrawnTree(tuple(boxes), tuple(lines), 3 * BOX + 2 * GAP + 8, max(1, rows) * ROW)


def _place(
    node: Node, depth: int, row: int, onto: tuple[list[Box], list[str]], figures: Mapping[int, LeafFigure]
) -> tuple[int, int]:
    """Draw a part and what stands below it from `row` on; its middle, and the next free row."""
    boxes, lines = onto
    middles, following = [], row
    for each in node.children:
        middle, following = _place(each, depth + 1, following, onto, figures)
        middles.append(middle)
    if not middles:
        following = row + 1
    here = sum(middles) // len(middles) if middles else row * ROW + ROW // 2
    x = 4 + depth * (BOX + GAP)
    boxes.append(Box(x, here - HEIGHT // 2, node.kind, _wrapped(node.words), _told(node, figures.get(node.id))))
    turn = x + BOX + GAP // 2
    lines += [f"{x + BOX},{here} {turn},{here} {turn},{middle} {x + BOX + GAP},{middle}" for middle in middles]
    return here, following


def _wrapped(words: str) -> tuple[str, ...]:
    lines = textwrap.wrap(words, _LINE)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1][: _LINE - 1] + "…"]
    return tuple(lines)


def _told(node: Node, figure: LeafFigure | None) -> str:
    if node.kind != "ctq":
        return ""
    if figure is None or not figure.shown or figure.met.value is None:
        return _("%(limits)s: not shown") % {"limits": node.limits}
    return _("%(limits)s: %(met)s %% met") % {"limits": node.limits, "met": f"{figure.met.value * 100:.0f}"}
