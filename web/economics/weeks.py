"""Places of a group's weeks for server-drawn SVG: load as bars, staffed hours as steps, forecasts hollow. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.processes.capacity import WeekLoad

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 56, 12, 22, 30


@dataclass(frozen=True)
class WeekBar:
    """One week; `whisker` is (y of the most, y of the least) of a forecast."""

    x: float
    y: float
    width: float
    height: float
    label: str
    title: str
    kind: str
    over: str
    """Points of the triangle that says that it is over; empty where it is not."""
    whisker: tuple[float, float] | None

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Weeks:
    bars: tuple[WeekBar, ...]
    staffed: str
    ticks: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM
    right: int = WIDTH - RIGHT


def drawn(weeks: Sequence[WeekLoad], *, hours_each: float | None) -> Weeks | None:
    """None where nobody can say how long a task takes."""
    if hours_each is None or not weeks:
        return None
    most = max(max(w.staffed, w.load or 0.0, (w.high or 0.0) * hours_each) for w in weeks) or 1.0
    step = (WIDTH - LEFT - RIGHT) / len(weeks)

    def y(hours: float) -> float:
        return round(HEIGHT - BOTTOM - hours / most * (HEIGHT - TOP - BOTTOM), 1)

    bars = []
    for place, week in enumerate(weeks):
        x, load = round(LEFT + step * place + 4, 1), week.load or 0.0
        middle, top = x + (step - 8) / 2, y(max(load, week.staffed)) - 4
        whisker = None if week.high is None else (y(week.high * hours_each), y((week.low or 0.0) * hours_each))
        over = f"{middle - 6:.1f},{top} {middle + 6:.1f},{top} {middle:.1f},{top - 10}" if week.is_over else ""
        title = f"{week.since:%Y-%m-%d}: {load:.1f} h, {week.staffed:.1f} h"
        bars.append(
            WeekBar(x, y(load), round(step - 8, 1), round(HEIGHT - BOTTOM - y(load), 1), f"{week.since:%d.%m.}", title,
                    "hollow" if week.is_forecast else "solid", over, whisker)
        )  # fmt: skip
    edges = [
        f"{LEFT + step * (place + side):.1f},{y(week.staffed)}" for place, week in enumerate(weeks) for side in (0, 1)
    ]
    ticks = tuple((y(most * part / 2), f"{most * part / 2:.0f} h") for part in (0, 1, 2))
    return Weeks(tuple(bars), " ".join(edges), ticks)
