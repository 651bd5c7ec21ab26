"""Canned replies against scores: a manager's chart, week by week, for all or one team or channel; points open rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, request, url_for

from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.measures.listening import PeriodShare
from bpm.processes.surveys import CannedAgainstScore, CannedReply, canned_against_score, list_canned_replies
from bpm.processes.surveys.canned import MOST_ROWS
from bpm.statistics import source_mix
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.insights.charts import ShareChart, share_chart
from web.ui.days import day_of_address

blueprint = Blueprint("canned", __name__, url_prefix="/insights/canned")


@dataclass(frozen=True)
class CannedPage:
    """What outbox/canned.html shows; a chart is None where no week has ten."""

    found: CannedAgainstScore
    canned: ShareChart | None
    good: ShareChart | None
    urls: tuple[str, ...]
    """Of the rows of each week, oldest first."""
    channels: tuple[Choice, ...]
    teams: tuple[Choice, ...]


@dataclass(frozen=True)
class CannedRowsPage:
    """What outbox/canned_rows.html shows."""

    since: datetime
    until: datetime
    rows: tuple[CannedReply, ...]
    back_url: str
    cut: bool


@blueprint.get("")
@needs(Permission.INSIGHTS)
def overview() -> str:
    channel, team = _asked()
    found = canned_against_score(work(), channel=channel, team=team)
    urls = tuple(url_for("canned.rows", since=f"{week.since:%Y-%m-%d}", channel=channel or None, team=team or None)
                 for week in found.weeks)  # fmt: skip
    none = source_mix({})
    canned = share_chart([PeriodShare(week.since, week.until, week.canned, none) for week in found.weeks])
    good = share_chart([PeriodShare(week.since, week.until, week.good, none) for week in found.weeks])
    page = CannedPage(
        found,
        canned if canned.drawable else None,
        good if good.drawable else None,
        urls,
        _choices("channel", channel, [(each, each) for each in found.channels]),
        _choices("team", team, found.teams),
    )
    return render("outbox/canned.html", page)


@blueprint.get("/<since>")
@needs(Permission.INSIGHTS)
def rows(since: str) -> str:
    """The replies of one week, those that read most canned first."""
    first = day_of_address(since)
    channel, team = _asked()
    until = first + timedelta(days=7)
    found = list_canned_replies(work(), first, until, channel=channel, team=team, limit=MOST_ROWS + 1)
    back = url_for("canned.overview", channel=channel or None, team=team or None)
    page = CannedRowsPage(first, until, tuple(found[:MOST_ROWS]), back, len(found) > MOST_ROWS)
    return render("outbox/canned_rows.html", page)


def _asked() -> tuple[str, str]:
    return request.args.get("channel", "")[:10], request.args.get("team", "")[:80]


def _choices(name: str, asked: str, known: "list[tuple[str, str]] | tuple[tuple[str, str], ...]") -> tuple[Choice, ...]:
    every = Choice(_("All"), here(**{name: None}), not asked)
    return (every, *(Choice(label, here(**{name: key}), key == asked) for key, label in known))
