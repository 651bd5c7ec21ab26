"""A control chart of a series: seasons first, limits frozen on a baseline, phases, and signals with their rule."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.charts.limits import Limits, Settings, limits_of
from bpm.statistics.charts.season import Season, baseline_for, needed_for_seasons, season_of
from bpm.statistics.charts.series import BETWEEN_EVENTS, COUNTS, Kind, Series
from bpm.statistics.charts.signals import Signal, beyond_limits, excursions, runs

BASELINE = 20
"""Limits of so many points hold; of fewer they are provisional."""
PROVISIONAL = 12
"""Of fewer than this, limits are drawn and nothing is called a signal."""
FEWEST = 3
MUCH = 0.3
"""Autocorrelation above this is said: limits are too narrow then."""


@dataclass(frozen=True)
class Phase:
    """A stretch under one version: first and last place, and the baseline that its limits come from."""

    name: str
    first: int
    last: int
    centre: float
    baseline: int
    """Points of it; 0 where the limits of the phase before still hold."""
    provisional: bool


@dataclass(frozen=True)
class ControlChart:
    """`limits` (lower, upper) and `points` of each period; `centre`, `sigma_z`, `provisional` of the newest phase."""

    kind: Kind
    names: tuple[str, ...]
    points: tuple[float, ...]
    centre: float
    limits: tuple[tuple[float, float], ...]
    sigma_z: float | None
    lag1: float | None
    signals: tuple[Signal, ...]
    provisional: bool
    phases: tuple[Phase, ...]
    season: Season | None = None
    sizes: tuple[float, ...] | None = None
    below: tuple[float, ...] = ()
    """The lower sums of a CUSUM."""
    notes: tuple[str, ...] = field(default=())

    @property
    def correlated(self) -> bool:
        return self.lag1 is not None and self.lag1 > MUCH


def control_chart(
    series: Series,
    kind: Kind,
    *,
    baseline: int | None = None,
    settings: Settings | None = None,
    watched: bool = False,
    seasons: bool = True,
) -> ControlChart:
    """The chart. `baseline` points of each phase freeze its limits (20, or as many as a season needs, unless named).

    `watched`: one of many series that are looked at by rule; then only points beyond the limits are signals, because
    eight in a row comes by chance every 153 points (`run_lengths`). InvalidInputError for fewer than three points.
    """
    size = len(series.values)
    if size < FEWEST:
        raise InvalidInputError(
            _("There are %(n)s points; a chart needs three, and twenty for limits that hold.") % {"n": size},
            remedy=_("Wait for more periods, or take shorter ones."),
        )
    settings = settings or Settings()
    values, sizes = _figures(series, kind)
    season = _season(series, kind, values, sizes, baseline) if seasons else None
    frozen = baseline or (baseline_for(season.length) if season else BASELINE)
    parts: list[tuple[Phase, Limits]] = []
    for name, start, end in _stretches(series):
        parts.append(_phase(name, start, end, parts, kind, values, sizes, frozen, settings, season, series))
    return _assembled(series, kind, parts, season, watched=watched)


def autocorrelation(values: Sequence[float]) -> float | None:
    """Lag-1 autocorrelation r1 (Box, Jenkins, Time Series Analysis, 2.1.5); None where nothing varies or n < 4."""
    if len(values) < 4:
        return None
    mean = sum(values) / len(values)
    whole = sum((value - mean) ** 2 for value in values)
    if not math.isfinite(whole) or whole <= 0:
        return None
    return sum((a - mean) * (b - mean) for a, b in pairwise(values)) / whole


def _stretches(series: Series) -> list[tuple[str, int, int]]:
    """The phases; one at the beginning that is too short for limits is drawn with the next."""
    found = list(series.stretches())
    while len(found) > 1 and found[0][2] - found[0][1] < FEWEST:
        found[:2] = [(found[1][0], found[0][1], found[1][2])]
    return found


def _figures(series: Series, kind: Kind) -> tuple[list[float], list[float] | None]:
    """Values and sizes as the kind takes them; values with an n that are drawn as they are become rates."""
    values, sizes = list(series.values), None if series.sizes is None else list(series.sizes)
    if kind in COUNTS:
        return values, sizes or [1.0] * len(values)
    return values, None


def _season(
    series: Series, kind: Kind, values: list[float], sizes: list[float] | None, baseline: int | None
) -> Season | None:
    periods = series.periods
    if kind in BETWEEN_EVENTS or periods.season is None or len(series.stretches()) > 1:
        return None
    within = min(baseline or baseline_for(periods.season), len(values))
    return season_of(periods, values, within, as_factors=kind in COUNTS, sizes=sizes)


def _phase(
    name: str,
    start: int,
    end: int,
    before: list[tuple[Phase, Limits]],
    kind: Kind,
    values: list[float],
    sizes: list[float] | None,
    frozen: int,
    settings: Settings,
    season: Season | None,
    series: Series,
) -> tuple[Phase, Limits]:
    """The limits of a phase from its own first points; while it has fewer than twelve, those of the one before hold."""
    own = values[start:end]
    sizes_own = None if sizes is None else sizes[start:end]
    lent = 0
    if before and len(own) < PROVISIONAL:
        earlier = next(phase for phase, _limits in reversed(before) if phase.baseline)
        since = earlier.first
        lent = start - since
        own, sizes_own = values[since:end], None if sizes is None else sizes[since:end]
        count = earlier.baseline
    else:
        count = min(frozen, len(own))
    factors, widen = None, 1.0
    if season:
        widen = season.widen
        expected = [season.effects[place % season.length] for place in series.periods.places]
        if kind in COUNTS:
            factors = expected
        else:
            own = [value - effect for value, effect in zip(own, expected, strict=True)]
    found = limits_of(kind, own, sizes_own, count, settings, factors=factors, widen=widen)
    if season and kind is Kind.XMR:
        found = _shifted(found, expected)
    known = settings.target is not None and settings.sigma is not None
    provisional = (count < BASELINE or lent > 0) and not known
    phase = Phase(name, start, end - 1, found.centre, 0 if lent else count, provisional)
    return phase, _tail(found, lent)


def _shifted(limits: Limits, effects: Sequence[float]) -> Limits:
    """Points and limits with the season in them again, as people know the figures."""
    points, lower, upper = (
        tuple(each + effect for each, effect in zip(side, effects, strict=True))
        for side in (limits.points, limits.lower, limits.upper)
    )
    return replace(limits, points=points, lower=lower, upper=upper)


def _tail(limits: Limits, start: int) -> Limits:
    return Limits(
        limits.centre,
        limits.points[start:],
        limits.lower[start:],
        limits.upper[start:],
        limits.deviations[start:],
        limits.sigma_z,
        limits.notes,
        limits.other_side[start:],
    )


def _assembled(
    series: Series, kind: Kind, parts: list[tuple[Phase, Limits]], season: Season | None, *, watched: bool
) -> ControlChart:
    newest, last = parts[-1]
    lower = [each for _phase, limits in parts for each in limits.lower]
    upper = [each for _phase, limits in parts for each in limits.upper]
    signals = [each for phase, limits in parts for each in _signals(phase, limits, kind, watched=watched)]
    lag1 = autocorrelation([each for _phase, limits in parts for each in _about_their_mean(limits.deviations)])
    return ControlChart(
        kind=kind,
        names=series.names,
        points=tuple(each for _phase, limits in parts for each in limits.points),
        centre=last.centre,
        limits=tuple(zip(lower, upper, strict=True)),
        sigma_z=last.sigma_z,
        lag1=lag1,
        signals=tuple(sorted(signals, key=lambda signal: (signal.index, signal.rule))),
        provisional=newest.provisional,
        phases=tuple(phase for phase, _limits in parts),
        season=season,
        sizes=series.sizes,
        below=tuple(each for _phase, limits in parts for each in limits.other_side),
        notes=tuple(dict.fromkeys([*last.notes, *_notes(newest, lag1, season, series)])),
    )


def _about_their_mean(deviations: Sequence[float]) -> list[float]:
    """So that a new version on another level makes no neighbours alike."""
    mean = sum(deviations) / len(deviations)
    return [each - mean for each in deviations]


def _signals(phase: Phase, limits: Limits, kind: Kind, *, watched: bool) -> list[Signal]:
    if phase.provisional and 0 < phase.baseline < PROVISIONAL:
        return []
    if kind in (Kind.EWMA, Kind.CUSUM):
        found = excursions(limits.points, limits.lower, limits.upper)
        if limits.other_side:
            found += excursions(limits.other_side, limits.lower, limits.upper)
    else:
        found = beyond_limits(limits.points, limits.lower, limits.upper)
        if not watched:
            found += runs(limits.deviations)
    shift = phase.first
    return [
        Signal(each.index + shift, each.rule, tuple(place + shift for place in each.points), each.above)
        for each in found
    ]


def _notes(newest: Phase, lag1: float | None, season: Season | None, series: Series) -> list[str]:
    notes = []
    if newest.provisional and newest.baseline == 0:
        notes.append(_("The phase has fewer than 12 points: the limits are those of the phase before."))
    elif newest.provisional and newest.baseline < PROVISIONAL:
        notes.append(_("The baseline has %(n)s points, below 12: nothing is called a signal.") % {"n": newest.baseline})
    elif newest.provisional:
        notes.append(
            _("The baseline has %(n)s points; 20 make limits that hold. Until then false alarms are more frequent.")
            % {"n": newest.baseline}
        )
    if lag1 is not None and lag1 > MUCH:
        notes.append(
            _("Neighbours are alike (lag-1 autocorrelation %(r).2f, above 0.3): signals come too often.") % {"r": lag1}
        )
    if season:
        notes.append(_("Seasons of %(n)s periods are taken out of the limits.") % {"n": season.length})
    elif len(series.values) < needed_for_seasons(series.periods):
        notes.append(
            _("Too few periods to tell seasons: %(n)s are needed.") % {"n": needed_for_seasons(series.periods)}
        )
    return notes
