"""The control chart of a process's negative share, and what n would do: a verdict asked of simulated cases."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission
from bpm.processes import queries
from bpm.processes.queries import NegativeByWeek, NegativeWeek
from bpm.statistics.charts import ControlChart, Kind, Series, Signal, control_chart
from web.charts.what_n import Answer, answer, fields_of, question_of
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.insights.rows import ROWS, RowsPage
from web.ui.control_charts import DrawnChart, drawn
from web.ui.days import day_of_address
from web.ui.fields import Field

blueprint = Blueprint("charts", __name__, url_prefix="/insights")

WEEKS = (26, 52, 104)
FEWEST = 3
"""Weeks with an item, for limits at all."""


@dataclass(frozen=True)
class Line:
    """A week of the table; `low` to `high` are its limits, None in a week without a point."""

    week: NegativeWeek
    share: float | None
    low: float | None
    high: float | None
    signal: str
    rows_url: str


@dataclass(frozen=True)
class ProcessChartPage:
    """What charts/process.html shows."""

    head: Head
    key: str
    found: NegativeByWeek
    chart: ControlChart | None
    drawn: DrawnChart | None
    why_not: str
    """Why there is no chart."""
    lines: tuple[Line, ...]
    spans: tuple[Choice, ...]
    about: str
    signals: tuple[str, ...]


@blueprint.get("/processes/<key>/chart")
@needs(Permission.INSIGHTS)
def process(key: str) -> str:
    """Negative share by week on Laney's p' chart, a phase for each version."""
    weeks = next((n for n in WEEKS if request.args.get("weeks") == str(n)), WEEKS[1])
    found = queries.negative_by_week(work(), key, weeks=weeks)
    spoken = [week for week in found.weeks if week.n]
    chart, why_not = _chart_of(spoken)
    names = [f"{week.since.day} {week.since:%b}" for week in spoken]
    return render(
        "charts/process.html",
        ProcessChartPage(
            head=head_of(key, engine_queries.list_versions(work(), key)),
            key=key,
            found=found,
            chart=chart,
            drawn=drawn(chart, names=names, percent=True) if chart else None,
            why_not=why_not,
            lines=tuple(_lines(found, spoken, chart, key)),
            spans=tuple(Choice(_("%(n)s weeks") % {"n": n}, here(weeks=n), n == weeks) for n in WEEKS),
            about=_about(found, spoken, chart) if chart else "",
            signals=tuple(_signals(chart, names)) if chart else (),
        ),
    )


@blueprint.get("/processes/<key>/chart/<since>")
@needs(Permission.INSIGHTS)
def rows(key: str, since: str) -> str:
    """The items of one week of the chart."""
    first = day_of_address(since)
    found = queries.items_of_week(work(), key, first, limit=ROWS + 1)
    return render(
        "insights/rows.html",
        RowsPage(
            title=_("What customers said in the week from %(day)s") % {"day": since},
            explains=_("%(key)s, all versions, newest first.") % {"key": key},
            rows=tuple(found[:ROWS]),
            empty=_("No item is linked here in this week."),
            back_url=url_for("charts.process", key=key),
            back_label=_("Control chart"),
            cut=len(found) > ROWS,
        ),
    )


def _chart_of(weeks: list[NegativeWeek]) -> tuple[ControlChart | None, str]:
    if len(weeks) < FEWEST:
        return None, _("There are items of %(n)s weeks; a chart begins with three.") % {"n": len(weeks)}
    given = Series(
        names=tuple(f"{week.since:%Y-%m-%d}" for week in weeks),
        values=tuple(float(week.negative) for week in weeks),
        sizes=tuple(float(week.n) for week in weeks),
        phases=tuple(_("version %(n)s") % {"n": week.version} for week in weeks),
    )
    try:
        return control_chart(given, Kind.P), ""
    except InvalidInputError:
        return None, _("Of all weeks of the baseline the share is the same, 0 or 100 %: there is nothing to limit.")


def _about(found: NegativeByWeek, spoken: list[NegativeWeek], chart: ControlChart) -> str:
    """What must be known to read the chart, in one caption."""
    newest = chart.phases[-1]
    parts = [
        _("Laney p' chart: negative share per week, n = %(n)s items.") % {"n": found.mix.n},
        _("Limits: 3 sigma from the first %(n)s weeks of the version, frozen.") % {"n": newest.baseline}
        if newest.baseline
        else _("Limits: those of the version before."),
        _("A process without a change gives a signal every 153 weeks or so, sooner while limits are provisional."),
    ]
    if chart.sigma_z is not None:
        parts.append(_("Weeks vary %(z).1f times as much as chance alone.") % {"z": chart.sigma_z})
    silent = len(found.weeks) - len(spoken)
    if silent:
        parts.append(ngettext("%(num)s week had no item.", "%(num)s weeks had no item.", silent) % {"num": silent})
    return " ".join(parts)


def _signals(chart: ControlChart, names: list[str]) -> list[str]:
    """In words; weeks in a row that break the same rule the same way are one sentence."""
    rules = {"3 sigma": _("beyond the limits"), "8 in a row": _("the eighth in a row on one side of the middle")}
    stretches: list[list[Signal]] = []
    for each in sorted(chart.signals, key=lambda signal: (signal.rule, signal.index)):
        last = stretches[-1][-1] if stretches else None
        if last and (last.rule, last.above, last.index + 1) == (each.rule, each.above, each.index):
            stretches[-1].append(each)
        else:
            stretches.append([each])
    return [_in_words(some, names, rules) for some in stretches]


def _in_words(some: list[Signal], names: list[str], rules: dict[str, str]) -> str:
    several = _("Weeks from %(first)s to %(last)s: %(side)s, %(rule)s.")
    return (several if len(some) > 1 else _("Week from %(first)s: %(side)s, %(rule)s.")) % {
        "first": names[some[0].index],
        "last": names[some[-1].index],
        "side": _("more negative") if some[0].above else _("less negative"),
        "rule": rules.get(some[0].rule, some[0].rule),
    }


def _lines(found: NegativeByWeek, spoken: list[NegativeWeek], chart: ControlChart | None, key: str) -> list[Line]:
    """Newest first, weeks without an item too."""
    places = {week.since: place for place, week in enumerate(spoken)}
    signals = {each.index: each.rule for each in chart.signals} if chart else {}
    rows = []
    for week in reversed(found.weeks):
        place = places.get(week.since)
        low, high = chart.limits[place] if chart and place is not None else (None, None)
        rows.append(
            Line(
                week,
                week.negative / week.n if week.n else None,
                low,
                high,
                signals.get(place, "") if place is not None else "",
                url_for("charts.rows", key=key, since=f"{week.since:%Y-%m-%d}"),
            )
        )
    return rows


@dataclass(frozen=True)
class WhatNPage:
    """What charts/what_n.html shows."""

    fields: tuple[Field, ...]
    answer: Answer | None
    problem: str


@blueprint.get("/what-n")
@needs(Permission.INSIGHTS)
def what_n() -> str:
    """How likely each verdict is with so many cases, before anything is changed."""
    try:
        question = question_of(request.args)
    except InvalidInputError as error:
        return render("charts/what_n.html", WhatNPage(fields_of(request.args, error.fields), None, error.message))
    page = WhatNPage(fields_of(request.args, {}), answer(question) if request.args else None, "")
    return render("charts/what_n.html", page)
