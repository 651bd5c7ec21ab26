"""Whether all voices are answered alike, as a page."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request

from bpm.audit import Thing
from bpm.identity import Permission
from bpm.processes.reports.equity import FALSE_OF_FLAGS, Group, answered_alike
from bpm.statistics.alike import Comparison
from web.core.on_record.reads import note_read
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.measures.periods import Period, asked_period, choices
from web.reports.blueprint import blueprint
from web.ui.formats import duration


@dataclass(frozen=True)
class Line:
    """A group in words."""

    group: Group
    rate_beside: str
    median: str
    time_beside: str


@dataclass(frozen=True)
class EquityPage:
    """What reports/equity.html shows."""

    period: Period
    periods: tuple[Choice, ...]
    lines: tuple[Line, ...]
    segment: str
    flagged: int
    false_of_flags: float


@blueprint.get("/equity")
@needs(Permission.INSIGHTS)
def equity() -> str:
    period, segment = asked_period(work().now()), request.args.get("segment", "")[:80]
    groups = answered_alike(work(), since=period.since, until=period.until, segment=segment)
    note_read("report.equity", Thing("report", "equity", "equity"), asked=segment)
    return render(
        "reports/equity.html",
        EquityPage(
            period, choices(period), tuple(_line(each) for each in groups), segment,
            sum(bool(each.flagged) for each in groups), FALSE_OF_FLAGS,
        ),
    )  # fmt: skip


def _line(group: Group) -> Line:
    median = duration(timedelta(seconds=group.median)) if group.median is not None else ""
    return Line(group, _difference(group.rate_beside), str(median), _ratio(group.time_beside))


def _difference(found: Comparison | None) -> str:
    if found is None:
        return ""
    value, low, high = (f"{each * 100:+.0f}" for each in (found.value, found.low, found.high))
    return f"{value} points ({low} to {high}), p = {_p(found.p)}"


def _ratio(found: Comparison | None) -> str:
    if found is None:
        return ""
    return f"{found.value:.2f} times ({found.low:.2f} to {found.high:.2f}), p = {_p(found.p)}"


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "under 0.001"
