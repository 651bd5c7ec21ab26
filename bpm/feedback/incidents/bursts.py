"""What the incident room feeds the detector of bursts with, and when a burst is over. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bpm.foundation.texts import _
from bpm.statistics.bursts import Burst, Report

KINDS = ("complaint", "outage_report")
"""Kinds of items that report something bad."""
ALL = "*"
"""The theme of an incident whose reports have no topic in common."""
HALF_AN_HOUR = timedelta(minutes=30)
THANKS_OF = 3
"""So many people who praise within an hour are a hint that it is over."""


class Detector(Protocol):
    """Reports go in, in the order of time; bursts come out (see `bpm.statistics.bursts.Detector`)."""

    def feed(self, report: Report, /) -> Sequence[Burst]: ...


def calmer(times: Sequence[datetime], thanks: int, *, now: datetime) -> str:
    """What speaks for its being over, in words; empty: nothing does. `thanks`: people who praised in the last hour.

    Reports have fallen off when the last half hour brought a fifth of the worst one or less.
    """
    if thanks >= THANKS_OF:
        return _("%(n)s people wrote praise in the last hour") % {"n": thanks}
    ordered = sorted(times)
    if not ordered or now - ordered[0] < 2 * HALF_AN_HOUR:
        return ""
    worst = max(_within(ordered, each, each + HALF_AN_HOUR) for each in ordered)
    lately = _within(ordered, now - HALF_AN_HOUR, now + timedelta(seconds=1))
    if worst >= 5 and lately * 5 <= worst:
        return _("%(lately)s reports in the last half hour, %(worst)s in the worst") % {
            "lately": lately,
            "worst": worst,
        }
    return ""


def _within(ordered: Sequence[datetime], start: datetime, end: datetime) -> int:
    return bisect_left(ordered, end) - bisect_left(ordered, start)
