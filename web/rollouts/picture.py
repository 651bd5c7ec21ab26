"""Cases of each arm by day as places of a server-drawn SVG: two bars side by side for every day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 34
MOST_DAYS = 60
"""The newest are drawn; the table has all."""
_LABELS = 8


@dataclass(frozen=True)
class DayBar:
    day: str
    old: int
    new: int
    x: float
    width: float
    old_y: float
    new_y: float
    label: str


@dataclass(frozen=True)
class DaysPicture:
    bars: tuple[DayBar, ...]
    ticks: tuple[tuple[float, int], ...]
    bottom: int = HEIGHT - BOTTOM
    left: int = LEFT
    right: int = WIDTH - RIGHT
    width: int = WIDTH
    height: int = HEIGHT


def picture_of(days: Mapping[str, tuple[int, int]]) -> DaysPicture | None:
    """From the first to the last day, days without a case among them; None where no case began."""
    if not days:
        return None
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)][-MOST_DAYS:]
    most = max(max(pair) for pair in days.values())
    step = (WIDTH - LEFT - RIGHT) / len(every)

    def y(n: int) -> float:
        return round(TOP + (1 - n / most) * (HEIGHT - TOP - BOTTOM), 1)

    named = -(-len(every) // _LABELS)
    bars = []
    for place, day in enumerate(every):
        old, new = days.get(day.isoformat(), (0, 0))
        label = f"{day.day} {day:%b}" if place % named == 0 else ""
        left, wide = round(LEFT + place * step + step * 0.12, 1), round(min(step * 0.36, 24), 1)
        bars.append(DayBar(day.isoformat(), old, new, left, wide, y(old), y(new), label))
    middle = most // 2
    return DaysPicture(tuple(bars), tuple((y(n), n) for n in dict.fromkeys((0, middle, most))))
