"""A small picture of numbers over time: one line, its last point marked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 96, 24, 3


@dataclass(frozen=True)
class Sparkline:
    """What a template draws: the points of the line, where it ends, and the numbers in words."""

    points: str
    x: float
    y: float
    words: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(numbers: Sequence[int]) -> Sparkline:
    """The numbers from left to right on a scale from nothing to the largest."""
    most = max([*numbers, 1])
    step = (WIDTH - 2 * EDGE) / max(1, len(numbers) - 1)
    places = [
        (EDGE + step * place, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * number / most)
        for place, number in enumerate(numbers)
    ]
    x, y = places[-1] if places else (EDGE, HEIGHT - EDGE)
    return Sparkline(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), x, y, ", ".join(map(str, numbers)))
