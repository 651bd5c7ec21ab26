"""How the company listens, at a glance: follow-up, the space between, coverage, and each live process."""

from dataclasses import dataclass

from bpm.engine import queries as engine_queries
from bpm.feedback import CHANNELS
from bpm.feedback import queries as feedback_queries
from bpm.feedback.queries import SourceCoverage
from bpm.identity import Permission
from bpm.processes import queries
from bpm.processes.measures.rollups import Changed, count_forgotten
from bpm.processes.queries import (
    BLACK_HOLE_AFTER,
    REFERENCE,
    REFERENCE_SOURCE,
    ChannelCoverage,
    PeriodShare,
    ProcessMeasures,
    SpaceBetween,
)
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.insights.blueprint import blueprint
from web.insights.charts import ShareChart, share_chart
from web.measures.periods import Period, asked_period, choices

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
    listening: PeriodShare
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
    book = Changed(work())
    weeks = tuple(queries.follow_up_by_week(work(), weeks=WEEKS, book=book))
    return render(
        "insights/overview.html",
        OverviewPage(
            period=period,
            periods=choices(period),
            follow_up=queries.follow_up(work(), since=period.since, until=period.until, book=book),
            listening=queries.listening_ratio(work(), since=period.since, until=period.until, book=book),
            weeks=weeks,
            chart=share_chart(weeks, reference=REFERENCE),
            source=REFERENCE_SOURCE,
            black_holes=count_forgotten(work(), book),
            black_hole_after_days=BLACK_HOLE_AFTER.days,
            undated=queries.count_undated(work(), since=period.since, until=period.until),
            between=queries.space_between(work(), since=period.since, until=period.until, book=book),
            coverage=tuple(queries.coverage(work(), CHANNELS, since=period.since, until=period.until, book=book)),
            sources=tuple(feedback_queries.list_source_coverage(work())),
            processes=tuple(_process_lines(period, book)),
        ),
    )


def _process_lines(period: Period, book: Changed) -> list[ProcessLine]:
    lines = []
    for row in engine_queries.list_processes(work()):
        if row.live_version_id is not None:
            measures = queries.process_measures(
                work(), row.key, version_id=row.live_version_id, since=period.since, until=period.until, book=book
            )
            lines.append(ProcessLine(row.key, row.name, measures.number, measures))
    return lines
