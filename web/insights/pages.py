"""The manager's screens: how the company listens, and what each process and activity does to customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for

from bpm.engine import queries as engine_queries
from bpm.engine.status import VersionStatus
from bpm.feedback import CHANNELS
from bpm.feedback import queries as feedback_queries
from bpm.feedback.queries import ItemRow, SourceCoverage
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import queries, verdicts
from bpm.processes.attribution import LIVED
from bpm.processes.escapes import count_escapes, list_escapes
from bpm.processes.queries import (
    BLACK_HOLE_AFTER,
    PERCENTILES_FROM,
    REFERENCE,
    REFERENCE_SOURCE,
    SHOWN_FROM,
    ChannelCoverage,
    Durations,
    ElementMeasures,
    HeardItem,
    PeriodShare,
    ProcessMeasures,
    SpaceBetween,
)
from bpm.processes.status import LinkKind
from web.core.paging import SIZE, after
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.insights.charts import ShareChart, share_chart
from web.measures.layers import LAYERS, Layer, heat_of, layer_of, length_of
from web.measures.link_kinds import APART, WORDS, asked_kinds, mix_of
from web.measures.periods import Period, asked_period, choices
from web.measures.verdict_pins import verdict_pins
from web.ui.diagrams import Diagram

blueprint = Blueprint("insights", __name__, url_prefix="/insights")

WEEKS = 8


@dataclass(frozen=True)
class ProcessLine:
    """A process with the figures of its live version."""

    key: str
    name: str
    number: int
    measures: ProcessMeasures


@dataclass(frozen=True)
class OverviewPage:
    period: Period
    periods: tuple[Choice, ...]
    follow_up: PeriodShare
    weeks: tuple[PeriodShare, ...]
    chart: ShareChart
    source: str
    black_holes: int
    black_hole_after_days: int
    undated: int
    between: SpaceBetween
    coverage: tuple[ChannelCoverage, ...]
    sources: tuple[SourceCoverage, ...]
    processes: tuple[ProcessLine, ...]


@blueprint.get("")
@needs(Permission.INSIGHTS)
def overview() -> str:
    period = asked_period(work().now())
    weeks = tuple(queries.follow_up_by_week(work(), weeks=WEEKS))
    return render(
        "insights/overview.html",
        OverviewPage(
            period=period,
            periods=choices(period),
            follow_up=queries.follow_up(work(), since=period.since, until=period.until),
            weeks=weeks,
            chart=share_chart(weeks, reference=REFERENCE),
            source=REFERENCE_SOURCE,
            black_holes=queries.count_black_holes(work()),
            black_hole_after_days=BLACK_HOLE_AFTER.days,
            undated=queries.count_undated(work(), since=period.since, until=period.until),
            between=queries.space_between(work(), since=period.since, until=period.until),
            coverage=tuple(queries.coverage(work(), CHANNELS, since=period.since, until=period.until)),
            sources=tuple(feedback_queries.list_source_coverage(work())),
            processes=tuple(_process_lines(period)),
        ),
    )


def _process_lines(period: Period) -> list[ProcessLine]:
    lines = []
    for row in engine_queries.list_processes(work()):
        if row.live_version_id is not None:
            measures = queries.process_measures(
                work(), row.key, version_id=row.live_version_id, since=period.since, until=period.until
            )
            lines.append(ProcessLine(row.key, row.name, measures.number, measures))
    return lines


@dataclass(frozen=True)
class ProcessPage:
    head: Head
    key: str
    measures: ProcessMeasures
    seen: tuple[ElementMeasures, ...]
    unseen: int
    layer: Layer
    layers: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    live: bool
    diagram: Diagram
    between: SpaceBetween
    chosen: ElementMeasures | None
    escapes: dict[str, int]
    """{element that was waiting: public words of customers who waited there}"""
    shown_from: int = SHOWN_FROM
    percentiles_from: int = PERCENTILES_FROM

    def rows_url(self, element: str | None = None, kind: str | None = None) -> str:
        return _rows_url(self.key, self.measures.version_id, days=self.period.days, element=element, kind=kind)

    @property
    def counted(self) -> tuple[tuple[str, str, int], ...]:
        """(kind, its words, items) of those that figures count."""
        return tuple((str(kind), WORDS[kind], self.measures.kinds.get(kind, 0)) for kind in LIVED)

    @property
    def apart(self) -> tuple[tuple[str, str, int], ...]:
        """The same of those that stand in no figure but their own."""
        return tuple((str(kind), WORDS[kind], self.measures.kinds.get(kind, 0)) for kind in APART)

    def linked(self, found: ElementMeasures) -> str:
        return mix_of(found.kinds)

    def escapes_url(self, element: str | None = None) -> str:
        return url_for(
            "insights.escapes",
            key=self.key,
            version_id=self.measures.version_id,
            days=self.period.days,
            element=element,
        )

    @property
    def undated_url(self) -> str:
        of = self.measures
        return url_for("insights.rows", key=self.key, version_id=of.version_id, days=self.period.days, undated=1)

    def length(self, figure: Durations) -> str:
        return length_of(figure)

    @property
    def first_answer(self) -> str:
        return length_of(self.measures.first_answer)


@blueprint.get("/processes/<key>")
@needs(Permission.INSIGHTS)
def process(key: str) -> str:
    period, layer = asked_period(work().now()), layer_of(request.args.get("layer", ""))
    versions = engine_queries.list_versions(work(), key)
    version = _asked_version(key, versions)
    measures = queries.process_measures(work(), key, version_id=version.id, since=period.since, until=period.until)
    seen = tuple(m for m in measures.elements if m.seen)
    chosen = request.args.get("element", "")
    return render(
        "insights/process.html",
        ProcessPage(
            head=head_of(key, versions),
            key=key,
            measures=measures,
            seen=seen,
            unseen=len(measures.elements) - len(seen),
            layer=layer,
            layers=tuple(Choice(each.label, here(layer=each.key), each is layer) for each in LAYERS),
            period=period,
            periods=choices(period),
            versions=tuple(
                Choice(
                    f"Version {v.number}{' (live)' if v.status == VersionStatus.LIVE else ''}",
                    here(version=v.number),
                    v is version,
                )
                for v in versions
            ),
            live=version.status == VersionStatus.LIVE,
            diagram=Diagram(
                source=url_for("designer.drawing", version_id=version.id),
                heat=heat_of(
                    layer,
                    seen,
                    url=lambda element, kind: _rows_url(
                        key, version.id, days=period.days, element=element, kind=kind or None
                    ),
                ),
                pins=verdict_pins(verdicts.badges(work(), key)),
                panel=here(element=None),
                selected=chosen,
            ),
            between=queries.space_between(work(), since=period.since, until=period.until),
            chosen=next((m for m in measures.elements if m.element == chosen), None),
            escapes=count_escapes(work(), version.id, since=period.since, until=period.until),
        ),
    )


def _asked_version(key: str, versions: Sequence[engine_queries.VersionRow]) -> engine_queries.VersionRow:
    """The version of ?version= (its number), else the live one, else the newest."""
    number = request.args.get("version", "")
    if number:
        found = next((v for v in versions if str(v.number) == number), None)
    else:
        found = next(
            (v for v in versions if v.status == VersionStatus.LIVE), max(versions, key=lambda v: v.number, default=None)
        )
    if found is None:
        raise NotFoundError(f"The process “{key}” has no {'version ' + number if number else 'version yet'}.")
    return found


def _rows_url(key: str, version_id: int, *, days: int, element: str | None = None, kind: str | None = None) -> str:
    return url_for("insights.rows", key=key, version_id=version_id, days=days, element=element, kind=kind)


@dataclass(frozen=True)
class RowsPage:
    """The items behind a figure, or a list that must be emptied."""

    title: str
    explains: str
    rows: tuple[HeardItem, ...]
    empty: str
    back_url: str
    back_label: str
    after: int | None = None
    total: int | None = None
    cut: bool = False
    """Whether there are more than are shown."""


ROWS = 200
UNDATED = _(
    "Nobody knows when these were said. They came in during the period, stand in no figure over time, and keep their "
    "place in lists by when they came in."
)


@blueprint.get("/processes/<key>/items")
@needs(Permission.INSIGHTS)
def rows(key: str) -> str:
    period, element = asked_period(work().now()), request.args.get("element")
    version_id = request.args.get("version_id", type=int)
    version = next((v for v in engine_queries.list_versions(work(), key) if v.id == version_id), None)
    if version is None:
        raise NotFoundError(f"The process “{key}” has no such version.")
    undated, kind = "undated" in request.args, request.args.get("kind", "")
    kinds = (*LIVED, LinkKind.OPENED_BY, LinkKind.SAID_BEFORE) if undated else asked_kinds(kind)
    found = queries.items_at(
        work(), key, version.id, since=period.since, until=period.until, element=element, undated=undated,
        kinds=kinds, limit=ROWS + 1,
    )  # fmt: skip
    where = f" at “{_element_name(version.id, element)}”" if element else ""
    where += f": {WORDS[kinds[0]]}" if kind else ""
    return render(
        "insights/rows.html",
        RowsPage(
            title=f"What customers said{where}",
            explains=UNDATED if undated else f"{key}, version {version.number}, {period.label}, newest first.",
            rows=tuple(found[:ROWS]),
            empty="No item is linked here in this period.",
            back_url=url_for("insights.process", key=key, version=version.number, days=period.days),
            back_label="Measures",
            cut=len(found) > ROWS,
        ),
    )


@blueprint.get("/processes/<key>/escapes")
@needs(Permission.INSIGHTS)
def escapes(key: str) -> str:
    period, element = asked_period(work().now()), request.args.get("element")
    version_id = request.args.get("version_id", type=int)
    version = next((v for v in engine_queries.list_versions(work(), key) if v.id == version_id), None)
    if version is None:
        raise NotFoundError(_("The process “%(key)s” has no such version.") % {"key": key})
    found = list_escapes(
        work(), version.id, since=period.since, until=period.until, element=element, limit=ROWS + 1
    )  # fmt: skip
    names = {"where": _element_name(version.id, element) if element else "", "key": key, "number": version.number}
    title = _("Escapes while “%(where)s” was waited for") if element else _("Escapes")
    said = _("Said in public by customers whose case waited in %(key)s, version %(number)s, then; the newest first.")
    return render(
        "insights/rows.html",
        RowsPage(
            title=title % names,
            explains=said % names,
            rows=tuple(found[:ROWS]),
            empty=_("Nobody had to speak up in public in this period."),
            back_url=url_for("insights.process", key=key, version=version.number, days=period.days),
            back_label=_("Measures"),
            cut=len(found) > ROWS,
        ),
    )


def _element_name(version_id: int, element: str) -> str:
    elements = engine_queries.get_version(work(), version_id).elements
    return next((e["name"] or e["id"] for e in elements if e["id"] == element), element)


@blueprint.get("/undated")
@needs(Permission.INSIGHTS)
def undated() -> str:
    period = asked_period(work().now())
    found = queries.list_undated(work(), since=period.since, until=period.until, limit=ROWS + 1)
    return render(
        "insights/rows.html",
        RowsPage(
            title=_("Date unknown"),
            explains=UNDATED,
            rows=tuple(found[:ROWS]),
            empty=_("Of everything that came in it is known when it was said."),
            back_url=url_for("insights.overview", days=period.days),
            back_label=_("Insights"),
            total=queries.count_undated(work(), since=period.since, until=period.until),
            cut=len(found) > ROWS,
        ),
    )


@blueprint.get("/black-holes")
@needs(Permission.INSIGHTS)
def black_holes() -> str:
    found = queries.list_black_holes(work(), after=after(), limit=SIZE)
    return render(
        "insights/rows.html",
        RowsPage(
            title="Black holes",
            explains=f"No owner, no decision and no answer {BLACK_HOLE_AFTER.days} days after it was said; the longest "
            "forgotten first. Open one and engage, distribute or decide with a reason: then it leaves this list.",
            rows=tuple(map(_heard, found.rows)),
            empty="Nothing was forgotten.",
            back_url=url_for("insights.overview"),
            back_label="Insights",
            after=found.after,
            total=queries.count_black_holes(work()),
        ),
    )


def _heard(row: ItemRow) -> HeardItem:
    return HeardItem(
        item_id=row.id,
        channel=row.channel,
        text=row.text[:200],
        said_at=row.said_at,
        kind=row.primary or "",
        sentiment=row.sentiment,
        urgency=row.urgency or 0,
        abstained=row.abstained,
    )


@dataclass(frozen=True)
class BetweenPage:
    period: Period
    periods: tuple[Choice, ...]
    between: SpaceBetween
    weeks: tuple[PeriodShare, ...]
    chart: ShareChart
    rows: tuple[HeardItem, ...]
    cut: bool


@blueprint.get("/between")
@needs(Permission.INSIGHTS)
def between() -> str:
    period = asked_period(work().now())
    found = queries.list_between(work(), since=period.since, until=period.until, limit=ROWS + 1)
    weeks = tuple(queries.space_between_by_week(work(), weeks=WEEKS))
    return render(
        "insights/between.html",
        BetweenPage(
            period=period,
            periods=choices(period),
            between=queries.space_between(work(), since=period.since, until=period.until),
            weeks=weeks,
            chart=share_chart(weeks),
            rows=tuple(found[:ROWS]),
            cut=len(found) > ROWS,
        ),
    )
