"""Forecasts of counts per day, and what they are worth: shown only where the seasonal naive one is worse. Pure.

Method: additive Holt-Winters without trend (Winters 1960; Hyndman and Athanasopoulos, Forecasting: Principles and
Practice, 3rd ed., 8.3), the season a week of days; its two weights are those of a small grid with the least squared
one-step error on what was known by then. The naive forecast repeats the last season (ibid., 5.2). Back-test: rolling
origin (ibid., 5.10), the mean absolute errors compared (Hyndman and Koehler 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from bpm.foundation.texts import _
from bpm.statistics.figures import percentile

WEEK = 7
LEVELS, SEASONS = (0.02, 0.05, 0.1, 0.2, 0.4), (0.0, 0.05, 0.15)
"""Weights that are tried: of the newest day in the level, of the newest week in the season."""
FIRST = 8 * WEEK
"""Days that must be known before the first back-test."""
FEWEST_ORIGINS = 6
COVERS = 0.8


@dataclass(frozen=True)
class State:
    """`season` stands in the order of the days to come."""

    level: float
    season: tuple[float, ...]


@dataclass(frozen=True)
class BackTest:
    """Errors of whole weeks, over all origins and weeks ahead: of the model, and of repeating the last week."""

    origins: int
    error: float
    naive_error: float
    half_widths: tuple[float, ...]
    """For each week ahead how far 4 of 5 back-tests were off at most."""

    @property
    def is_better(self) -> bool:
        return self.origins >= FEWEST_ORIGINS and self.error < self.naive_error


class Why(StrEnum):
    """Why there is no forecast."""

    TOO_SHORT = "too short"
    NO_BETTER = "no better"
    """Than repeating the last week."""


@dataclass(frozen=True)
class Outlook:
    """Sums of the weeks ahead, the next one first; empty where nothing may be shown: see `why`."""

    weeks: tuple[float, ...]
    back_test: BackTest | None
    why: Why | None

    @property
    def shown(self) -> bool:
        return bool(self.weeks)


def outlook(days: Sequence[float], *, ahead: int = 4) -> Outlook:
    """Forecast `ahead` weeks from counts per day, oldest first; shown only where the back-test beats the naive one."""
    tested = back_test(days, ahead=ahead)
    if tested is None or tested.origins < FEWEST_ORIGINS:
        return Outlook((), tested, Why.TOO_SHORT)
    if not tested.is_better:
        return Outlook((), tested, Why.NO_BETTER)
    return Outlook(tuple(weeks_ahead(smoothed(days), ahead)), tested, None)


def back_test(days: Sequence[float], *, ahead: int = 4) -> BackTest | None:
    """From each week after the first eight on: what would have been said then, against what came. None: too short."""
    errors: list[list[float]] = [[] for _ in range(ahead)]
    naive: list[float] = []
    origins = 0
    start = FIRST + (len(days) - FIRST) % WEEK
    for origin in range(start, len(days) - WEEK + 1, WEEK):
        origins += 1
        said, last = weeks_ahead(smoothed(days[:origin]), ahead), sum(days[origin - WEEK : origin])
        for week in range(ahead):
            begin = origin + week * WEEK
            if begin + WEEK <= len(days):
                came = sum(days[begin : begin + WEEK])
                errors[week].append(abs(said[week] - came))
                naive.append(abs(last - came))
    if not naive:
        return None
    every = [error for week in errors for error in week]
    widths = [percentile(sorted(week), COVERS) if week else 0.0 for week in errors]
    return BackTest(origins, sum(every) / len(every), sum(naive) / len(naive), tuple(widths))


def smoothed(days: Sequence[float]) -> State:
    """The state after the last day, with the best weights of the grid. ValueError for less than two weeks."""
    if len(days) < 2 * WEEK:
        raise ValueError(_("a season of a week needs two weeks"))
    runs = [_run(days, level, season) for level, season in product(LEVELS, SEASONS)]
    return min(runs, key=lambda run: run[1])[0]


def _run(days: Sequence[float], of_level: float, of_season: float) -> tuple[State, float]:
    """The state after the last day and the squared one-step error, the first two weeks left out."""
    level = sum(days[: 2 * WEEK]) / (2 * WEEK)
    season = [(days[place] + days[place + WEEK]) / 2 - level for place in range(WEEK)]
    squares = 0.0
    for place in range(2 * WEEK, len(days)):
        before = season[place % WEEK]
        error = days[place] - level - before
        squares += error * error
        level += of_level * error
        season[place % WEEK] = before + of_season * error
    turn = len(days) % WEEK
    return State(level, tuple(season[turn:] + season[:turn])), squares


def weeks_ahead(state: State, ahead: int) -> list[float]:
    """Sums of whole weeks; nothing is below zero."""
    week = sum(max(0.0, state.level + each) for each in state.season)
    return [week] * ahead
