"""Places of bars for server-drawn SVG: causes with their running sum, and channels with three bars each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.processes.economics import VITAL, Cause, ChannelDemand

WIDTH, LEFT, RIGHT, TOP, ROW, HIGH = 830, 300, 120, 34, 30, 18
MOST = 15
"""Causes that are drawn one by one; the table has all."""
LONGEST_NAME = 38


@dataclass(frozen=True)
class Bar:
    """A bar from `x`; `label` stands behind it, `title` says all of it."""

    x: float
    y: float
    width: float
    height: float
    name: str
    label: str
    title: str
    kind: str
    """Class of its look: solid, hatched, hollow."""
    url: str = ""
    behind: float = 0.0
    """Where an interval ends that the label must not lie on."""


@dataclass(frozen=True)
class Pareto:
    """Causes from the top; `line` is the running sum, `dots` its points, `vital` where 80 % is."""

    bars: tuple[Bar, ...]
    line: str
    dots: tuple[tuple[float, float, str], ...]
    vital: float
    ticks: tuple[tuple[float, str], ...]
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP


def pareto(causes: Sequence[Cause], urls: Sequence[str]) -> Pareto:
    """One row a cause; those beyond the fifteenth as one, before what is linked to nothing."""
    rows = [_row(each, url) for each, url in zip(causes, urls, strict=True)]
    listed = [row for row in rows if row[4] == "solid"]
    last = [row for row in rows if row[4] != "solid"]
    if len(listed) > MOST:
        rest = listed[MOST:]
        part = sum(row[1] for row in rest)
        name = _("%(n)s others") % {"n": len(rest)}
        listed = [*listed[:MOST], (name, part, rest[-1][2], sum(row[3] for row in rest), "hollow", "")]
    drawn = [*listed, *last]
    bars = tuple(
        Bar(LEFT, TOP + place * ROW, round(_wide(part), 1), HIGH, _short(name), _tenths(part),
            f"{name}: {_tenths(part)}, n = {n}", kind, url)
        for place, (name, part, _so_far, n, kind, url) in enumerate(drawn)
    )  # fmt: skip
    dots = tuple(
        (round(LEFT + _wide(so_far), 1), TOP + place * ROW + HIGH / 2, _tenths(so_far))
        for place, (_name, _part, so_far, _n, _kind, _url) in enumerate(drawn)
    )
    return Pareto(
        bars=bars,
        line=" ".join(f"{x},{y}" for x, y, _said in dots),
        dots=dots,
        vital=round(LEFT + _wide(int(VITAL * 1000)), 1),
        ticks=_TICKS,
        height=TOP + len(drawn) * ROW + 10,
    )


def _row(cause: Cause, url: str) -> tuple[str, int, int, int, str, str]:
    return cause.name, cause.permille, cause.so_far, cause.n, "solid" if cause.key else "hatched", url


@dataclass(frozen=True)
class Channels:
    """Three bars a channel: demand, hours, money; `marks` are what others found, as diamonds."""

    bars: tuple[Bar, ...]
    names: tuple[tuple[float, str], ...]
    intervals: tuple[tuple[float, float, float], ...]
    """(from x, to x, y) of demand's."""
    marks: tuple[tuple[str, str], ...]
    """(points of a polygon, title)"""
    ticks: tuple[tuple[float, str], ...]
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP


def channels(rows: Sequence[ChannelDemand], *, others: dict[str, float], source: str) -> Channels:
    """Channels from the top, without those where nothing was asked, done or spent."""
    seen = [row for row in rows if row.service or row.seconds or row.money]
    bars: list[Bar] = []
    names, intervals, marks = [], [], []
    for place, row in enumerate(seen):
        y = TOP + place * (3 * HIGH + 14)
        names.append((y + 1.7 * HIGH, row.channel or _("by no channel")))
        parts = (
            (row.demand.value if row.demand.shown and row.channel else None, "solid", _("demand")),
            (row.hours_share, "hatched", _("hours")),
            (row.money_share, "hollow", _("money")),
        )
        for number, (part, kind, word) in enumerate(parts):
            if part is not None:
                said = f"{part * 100:.0f} % {word}"
                bars.append(
                    Bar(
                        x=LEFT,
                        y=y + number * HIGH,
                        width=round(part * _PLOT, 1),
                        height=HIGH - 4,
                        name="",
                        label=said,
                        title=f"{row.channel}: {said}",
                        kind=kind,
                        behind=round(LEFT + row.demand.high * _PLOT, 1) if number == 0 else 0.0,
                    )
                )
        if row.demand.shown and row.channel:
            intervals.append((LEFT + row.demand.low * _PLOT, LEFT + row.demand.high * _PLOT, y + (HIGH - 4) / 2))
        if row.channel in others:
            x, middle = LEFT + others[row.channel] * _PLOT, y + (HIGH - 4) / 2
            points = f"{x:.1f},{middle - 6} {x + 6:.1f},{middle} {x:.1f},{middle + 6} {x - 6:.1f},{middle}"
            marks.append((points, f"{others[row.channel] * 100:.0f} %: {source}"))
    return Channels(
        tuple(bars), tuple(names), tuple(intervals), tuple(marks), _TICKS,
        TOP + len(seen) * (3 * HIGH + 14) + 4,
    )  # fmt: skip


_PLOT = WIDTH - LEFT - RIGHT
_TICKS = tuple((round(LEFT + _PLOT * part / 100, 1), f"{part} %") for part in (0, 20, 40, 60, 80, 100))


def _wide(permille: int) -> float:
    return _PLOT * permille / 1000


def _tenths(permille: int) -> str:
    return f"{permille / 10:.1f} %"


def _short(name: str) -> str:
    """Both ends of it: causes of several processes begin alike, and end with the process."""
    half = LONGEST_NAME // 2
    return name if len(name) <= LONGEST_NAME else f"{name[: half - 1]}…{name[-half:]}"
