"""What can be asked of a case: measures by name, as one number per case within a window after its start. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bpm.foundation.texts import _
from bpm.processes.verdicts.status import Better

RECONTACT = timedelta(days=7)


class PerCase(StrEnum):
    """What one case gives."""

    SHARE = "share"
    """Yes or no."""
    RATE = "rate"
    """How many."""
    MEAN = "mean"
    """A number."""


@dataclass(frozen=True)
class CaseMeasure:
    """A measure as a verdict reads it; figures are shown times `scale`, in `unit`."""

    name: str
    title: str
    per_case: PerCase
    better: Better
    unit: str
    scale: float
    means: str
    """How a case is counted, in one sentence."""
    spoken: bool = True
    """Whether it rests on what customers said, and so on the classifier."""


@dataclass(frozen=True)
class Words:
    """One thing that a customer said while living through the case, or after."""

    at: datetime
    negative: bool
    complaint: bool


@dataclass(frozen=True)
class Visited:
    """One visit of an activity; hours until it was taken, and until it was done."""

    element: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Lived:
    """All that is known of one case."""

    started_at: datetime
    ended_at: datetime | None
    words: tuple[Words, ...] = ()
    contacts: tuple[datetime, ...] = ()
    """When its customer said anything at all, linked or not."""
    visits: tuple[Visited, ...] = ()
    escapes: tuple[datetime, ...] = ()


MEASURES: Mapping[str, CaseMeasure] = {
    each.name: each
    for each in (
        CaseMeasure(
            "negative_share", _("Cases with negative words"), PerCase.SHARE, Better.LOWER, "%", 100,
            _("A case counts when its customer said something negative during it or after it."),
        ),
        CaseMeasure(
            "complaints_per_100", _("Complaints per 100 cases"), PerCase.RATE, Better.LOWER, _("per 100 cases"), 100,
            _("Complaints said during a case or after it are counted; the one that opened it is not."),
        ),
        CaseMeasure(
            "waiting", _("Waiting time"), PerCase.MEAN, Better.LOWER, _("hours per case"), 1,
            _("Hours for which tasks of the case waited until somebody took them, as far as the window goes."),
            spoken=False,
        ),
        CaseMeasure(
            "work", _("Working time"), PerCase.MEAN, Better.LOWER, _("hours per case"), 1,
            _("Hours from taking a task to completing it, as far as the window goes."),
            spoken=False,
        ),
        CaseMeasure(
            "recontact_7d", _("Contact again within 7 days"), PerCase.SHARE, Better.LOWER, "%", 100,
            _("A case counts when its customer said something within 7 days after it ended."),
            spoken=False,
        ),
        CaseMeasure(
            "rework", _("Rework"), PerCase.SHARE, Better.LOWER, "%", 100,
            _("A case counts when it passed one activity more than once."),
            spoken=False,
        ),
        CaseMeasure(
            "escapes", _("Escapes to the public"), PerCase.SHARE, Better.LOWER, "%", 100,
            _("A case counts when its customer spoke up in public while it was waiting."),
            spoken=False,
        ),
    )
}  # fmt: skip
"""By the names that measures have everywhere."""


def outcome(measure: str, case: Lived, window: timedelta, *, element: str = "") -> float:
    """What the case gives within the window after its start; `element` narrows times and rework to one activity."""
    until = case.started_at + window
    if measure == "negative_share":
        return float(any(each.negative and each.at < until for each in case.words))
    if measure == "complaints_per_100":
        return float(sum(each.complaint and each.at < until for each in case.words))
    if measure == "recontact_7d":
        return float(_again(case, until))
    if measure == "escapes":
        return float(any(at < until for at in case.escapes))
    visits = [each for each in case.visits if each.opened_at < until and element in ("", each.element)]
    if measure == "rework":
        places = [each.element for each in visits]
        return float(len(set(places)) < len(places))
    if measure == "work":
        return sum(_hours(each.claimed_at, each.closed_at, until) for each in visits if each.claimed_at)
    return sum(_hours(each.opened_at, each.claimed_at or each.closed_at, until) for each in visits)


def _hours(start: datetime, end: datetime | None, until: datetime) -> float:
    return max(0.0, (min(end or until, until) - start).total_seconds() / 3600)


def _again(case: Lived, until: datetime) -> bool:
    end = case.ended_at
    return end is not None and any(end < at <= end + RECONTACT and at < until for at in case.contacts)
