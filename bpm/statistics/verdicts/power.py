"""How many cases a verdict needs, said before the change."""

import math
from dataclasses import dataclass

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.verdicts.distributions import normal_quantile
from bpm.statistics.verdicts.plan import Design, Outcome
from bpm.statistics.verdicts.sequential import inflation

ALPHA, POWER = 0.05, 0.8
_TIMES = {Design.RANDOMISED: 1, Design.STAGED: 4, Design.SERIES: 4, Design.BEFORE_AFTER: 1}
"""Difference in differences has four means for two, each of half an arm; two fitted lines meet at their ends."""


@dataclass(frozen=True)
class Needed:
    per_arm: int
    note: str


def needed(
    start: float,
    end: float,
    design: Design = Design.RANDOMISED,
    *,
    outcome: Outcome = Outcome.SHARE,
    sd: float | None = None,
    looks: int = 1,
    alpha: float = ALPHA,
    power: float = POWER,
) -> Needed:
    """Cases per arm so that a change from `start` to `end` is called one with chance `power`, two-sided `alpha`.

    Source: Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions (3rd ed.), (4.14), without the
    correction for continuity, with z to two digits as its tables have them (1.96, 0.84), rounded to whole cases.
    Rates as counts with variance equal to their mean; means need `sd`. InvalidInputError where nothing changes.
    """
    _look_at(start, end, outcome, sd)
    z_alpha, z_power = round(normal_quantile(1 - alpha / 2), 2), round(normal_quantile(power), 2)
    middle = (start + end) / 2
    if outcome is Outcome.SHARE:
        null, apart = 2 * middle * (1 - middle), start * (1 - start) + end * (1 - end)
    elif outcome is Outcome.RATE:
        null = apart = start + end
    else:
        null = apart = 2 * (sd or 0.0) ** 2
    once = (z_alpha * math.sqrt(null) + z_power * math.sqrt(apart)) ** 2 / (start - end) ** 2
    return Needed(max(2, round(once * _TIMES[design] * inflation(looks, alpha, power))), _note(design))


def _look_at(start: float, end: float, outcome: Outcome, sd: float | None) -> None:
    if not (math.isfinite(start) and math.isfinite(end)) or start == end:
        raise InvalidInputError(_("from and to are the same."), remedy=_("Write where it is and where it should be."))
    if outcome is Outcome.SHARE and not (0 <= start <= 1 and 0 <= end <= 1):
        raise InvalidInputError(
            _("from and to are shares from 0 to 1."), remedy=_("Write 0.3 for thirty of a hundred cases.")
        )
    if outcome is Outcome.RATE and min(start, end) < 0:
        raise InvalidInputError(_("A rate is not negative."), remedy=_("Write how many per case, from 0."))
    if outcome is Outcome.MEAN and not sd:
        raise InvalidInputError(_("A mean needs its spread."), remedy=_('Write "sd": how far cases differ.'))


def _note(design: Design) -> str:
    if design is Design.STAGED:
        return _("Half of them before the change; four times as many as at random, for four means are compared.")
    if design is Design.SERIES:
        return _("Over at least 52 periods, half of them before, with neighbours that are not alike.")
    if design is Design.BEFORE_AFTER:
        return _("Before and after alone never shows an improvement, however many cases there are.")
    return _("Chance decides for each case or customer.")
