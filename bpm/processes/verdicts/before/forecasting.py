"""What is shown before a question is registered: where the measure stands, how many cases it takes, and until when."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.arms import history, mature
from bpm.processes.verdicts.comparing import DAY, compared
from bpm.processes.verdicts.gathering import Gathered, gather
from bpm.processes.verdicts.outcomes import MEASURES, PerCase
from bpm.processes.verdicts.status import PlanDesign

if TYPE_CHECKING:
    from bpm.statistics.verdicts import Needed

LOOKED_BACK = timedelta(days=182)
FEWEST = 10


@dataclass(frozen=True)
class Wish:
    """What is asked, before it is a plan."""

    definition_key: str
    version_id: int
    """The old version."""
    measure: str
    direction: str
    smallest: float
    window_days: float
    design: str
    looks: int = 1
    element: str = ""
    share: float = 0.5
    """Of new cases that get the new version, where chance decides."""


@dataclass(frozen=True)
class Foreseen:
    """`level` is what a case of the old version gives; None below ten cases, and with it all that rests on it."""

    n: int
    level: float | None
    starts_per_week: float
    per_arm: int | None
    """Cases on each version at the last look, for 80 % power."""
    weeks: float | None
    """Until that many were watched, at the pace of late."""
    late: float | None
    """Of what came within twice the window, the share that came within it: what comes later does not count."""
    note: str
    why_not: str = ""

    @property
    def slow(self) -> bool:
        """Whether it takes more than half a year."""
        return self.weeks is None or self.weeks > 26

    def on_record(self) -> dict[str, Any]:
        """What was shown, as it goes on record with the plan."""
        return {
            "level": self.level, "n": self.n, "per_arm": self.per_arm,
            "starts_per_week": round(self.starts_per_week, 2),
            "weeks": None if self.weeks is None else round(self.weeks, 1), "late": self.late,
        }  # fmt: skip


def foresee(work: Work, wish: Wish) -> Foreseen:
    """What the last half year of the old version says. Loads NumPy and SciPy."""
    now, window = work.now(), wish.window_days * DAY
    cases = history(work, wish.version_id, since=now - LOOKED_BACK - window, until=now)
    ripe = mature(cases, window, at=now)
    found = gather(work, ripe, (wish.measure,))
    given = compared(found, ripe, wish.measure, window, wish.element)
    pace = _per_week([each.started_at for each in cases], now)
    if len(ripe) < FEWEST:
        why = _("%(n)s cases of the old version were watched for %(days)g days; from ten on it can be told.")
        return Foreseen(len(ripe), None, pace, None, None, None, "", why % {"n": len(ripe), "days": wish.window_days})
    level = sum(given.outcomes) / len(ripe)
    spread = math.sqrt(sum((each - level) ** 2 for each in given.outcomes) / len(ripe))
    try:
        needed = _needed(wish, level, spread)
    except InvalidInputError as error:
        return Foreseen(len(ripe), level, pace, None, None, None, "", error.message)
    return Foreseen(
        n=len(ripe), level=level, starts_per_week=pace, per_arm=needed.per_arm,
        weeks=_weeks(wish, needed.per_arm, pace), late=_late(found, wish, now), note=needed.note,
    )  # fmt: skip


def _needed(wish: Wish, level: float, spread: float) -> "Needed":
    from bpm.statistics.verdicts import Design, Outcome, needed

    outcome = Outcome(MEASURES[wish.measure].per_case.value)
    step = wish.smallest if wish.direction == "higher" else -wish.smallest
    end = level + step
    if end < 0 and outcome is not Outcome.MEAN:
        raise InvalidInputError(
            _("It stands at %(level).3g per case: it cannot become better by %(by).3g.")
            % {"level": level, "by": wish.smallest}
        )
    if outcome is Outcome.MEAN and spread == 0:
        raise InvalidInputError(_("All cases so far are alike: there is nothing to compare."))
    return needed(level, end, Design(wish.design), outcome=outcome, sd=spread or None, looks=wish.looks)


def _weeks(wish: Wish, per_arm: int, pace: float) -> float | None:
    """Of a design in which all change at once the old cases are there already."""
    if pace <= 0:
        return None
    small = min(wish.share, 1 - wish.share) if wish.design == PlanDesign.RANDOMISED else 1.0
    if small <= 0:
        return None
    return per_arm / (pace * small) + wish.window_days / 7


def _per_week(starts: list[datetime], now: datetime) -> float:
    """Starts a week of the last eight weeks, or since the first."""
    since = now - timedelta(weeks=8)
    lately = [each for each in starts if each >= since]
    if not lately:
        return 0.0
    weeks = max(1.0, min(8.0, (now - min(starts)) / timedelta(weeks=1)))
    return len(lately) / weeks


def _late(found: Gathered, wish: Wish, now: datetime) -> float | None:
    if MEASURES[wish.measure].per_case is PerCase.MEAN:
        return None
    window = wish.window_days * DAY
    old = mature(found.cases, 2 * window, at=now)
    within = sum(compared(found, old, wish.measure, window, wish.element).outcomes)
    in_all = sum(compared(found, old, wish.measure, 2 * window, wish.element).outcomes)
    return within / in_all if in_all >= FEWEST else None


def power_with(wish: Wish, level: float, per_arm: int) -> float:
    """The chance to see the smallest effect that matters with so many cases on each version, by halving `needed`."""
    from bpm.statistics.verdicts import Outcome, needed

    outcome = Outcome(MEASURES[wish.measure].per_case.value)
    if outcome is Outcome.MEAN:
        return float("nan")
    step = wish.smallest if wish.direction == "higher" else -wish.smallest
    low, high = 0.01, 0.999
    for _halving in range(20):
        middle = (low + high) / 2
        enough = needed(level, max(0.0, level + step), outcome=outcome, looks=wish.looks, power=middle).per_arm
        low, high = (middle, high) if enough < per_arm else (low, middle)
    return (low + high) / 2
