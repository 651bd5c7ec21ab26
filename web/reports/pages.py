"""The report page: what is asked, its figures with a picture, what they do not say, and reports that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request, url_for

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes.measures.asking import Row, series
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.reports import ReportRow, Spec, list_reports, read_spec
from bpm.processes.reports.figures import in_words, verdict
from bpm.processes.reports.measured import Measured, measured
from bpm.statistics import SourceMix, source_mix
from web.core.rendering import render
from web.core.request_context import actor, work
from web.core.security import needs
from web.reports.blueprint import blueprint
from web.reports.drawing import Drawing, bars, line
from web.reports.form import KIND_WORDS, fields_of
from web.ui.fields import Field


@dataclass(frozen=True)
class Line:
    """A row of figures in words; `rows_url` opens what is behind it."""

    row: Row
    said: str
    more: str
    kinds: str
    rows_url: str


@dataclass(frozen=True)
class Part:
    """One measure of the report."""

    measure: Measure
    lines: tuple[Line, ...]
    drawing: Drawing | None
    weeks: tuple[tuple[str, str, int, str], ...]
    """(week, value, n, version) of a picture over weeks, the same as a table."""
    mix: SourceMix


@dataclass(frozen=True)
class ReportPage:
    """What reports/report.html shows; without `found` nothing was asked, or `error` says what was wrong."""

    spec: Spec
    fields: Sequence[Field]
    found: Measured | None
    parts: tuple[Part, ...]
    kept: tuple[ReportRow, ...]
    groups: tuple[str, ...]
    query: str
    period: str
    save: Field
    error: str = ""
    remedy: str = ""


@blueprint.get("")
@needs(Permission.INSIGHTS)
def report() -> str | tuple[str, int]:
    spec, error = asked()
    found: Measured | None = None
    parts: tuple[Part, ...] = ()
    if error is None and spec.process:
        try:
            found, parts = _parts(work(), spec)
        except EarshotError as problem:
            error = problem
    page = _page(work(), spec, found, parts, error)
    return render("reports/report.html", page) if error is None else (render("reports/report.html", page), 400)


def asked() -> tuple[Spec, EarshotError | None]:
    """What the address asks for, or the usual report with what is wrong in it."""
    try:
        return read_spec({name: request.args.getlist(name) for name in request.args}), None
    except InvalidInputError as error:
        return Spec(request.args.get("process", ""), ("negative_share",)), error


def _parts(unit: Work, spec: Spec) -> tuple[Measured, tuple[Part, ...]]:
    found = measured(unit, spec.question(spec.measures[0], unit.now()), spec.measures)
    return found, tuple(_part(unit, spec, MEASURES[name], rows) for name, rows in found.rows.items())


def _part(unit: Work, spec: Spec, measure: Measure, rows: list[Row]) -> Part:
    drawing: Drawing | None = None
    weeks: tuple[tuple[str, str, int, str], ...] = ()
    if spec.picture == "bars":
        drawing = bars(rows, measure)
    elif spec.picture == "series":
        periods = series(unit, spec.question(measure.name, unit.now()))
        drawing = line(periods, measure)
        weeks = tuple(
            (f"{each.start:%Y-%m-%d}", in_words(each.value, measure), each.n, str(each.version or ""))
            for each in periods
        )
    counts: dict[str, int] = {}
    for row in rows:
        for channel, count in row.sources.items():
            counts[channel] = counts.get(channel, 0) + count
    return Part(measure, tuple(_line(spec, measure, row) for row in rows), drawing, weeks, source_mix(counts))


def _line(spec: Spec, measure: Measure, row: Row) -> Line:
    more = []
    if row.p90 is not None and row.p95 is not None:
        more.append(f"p90 {in_words(row.p90, measure)}, p95 {in_words(row.p95, measure)}")
    if row.without_errors is not None:
        value, low, high = (in_words(each, measure) for each in row.without_errors)
        more.append(f"without reading errors {value} ({low} to {high})")
    if row.kinds.get("suggested") and "suggested" not in spec.kinds:
        more.append(_("the interval reckons with %(n)s suggested links") % {"n": row.kinds["suggested"]})
    if row.running:
        more.append(f"{row.running} not ended")
    kinds = ", ".join(f"{KIND_WORDS[kind]} {count}" for kind, count in row.kinds.items())
    url = f"{url_for('reports.rows')}?{spec.as_query()}&of={measure.name}"
    return Line(row, verdict(row, measure), "; ".join(more), kinds, url)


def _page(
    unit: Work, spec: Spec, found: Measured | None, parts: tuple[Part, ...], error: EarshotError | None
) -> ReportPage:
    if not spec.process and error is None:
        first = next(iter(engine_queries.list_processes(unit)), None)
        spec = Spec(first.key if first else "", spec.measures)
    since, until = spec.period(unit.now())
    wrong = error.fields if isinstance(error, InvalidInputError) else {}
    fields = [_with_error(field, wrong) for field in fields_of(unit, spec)]
    return ReportPage(
        spec=spec, fields=fields, found=found, parts=parts, kept=list_reports(unit),
        groups=tuple(sorted(actor().groups)), query=spec.as_query(), period=f"{since:%Y-%m-%d} – {until:%Y-%m-%d}",
        save=Field("name", "Name", "text", required=True), error=error.message if error else "",
        remedy=error.remedy if error else "",
    )  # fmt: skip


def _with_error(field: Field, wrong: Mapping[str, str]) -> Field:
    return replace(field, error=wrong[field.name]) if field.name in wrong else field
