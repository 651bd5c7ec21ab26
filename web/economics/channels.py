"""Demand against spend: what each channel is asked, and what hours and money go into it."""

from dataclasses import dataclass

from bpm.identity import Permission
from bpm.processes import economics
from bpm.processes.economics import REFERENCES, SIMPLE, Demand, Reference
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.economics.bars import Channels
from web.economics.bars import channels as drawn
from web.economics.blueprint import blueprint, tabs
from web.measures.periods import Period, asked_period, choices


@dataclass(frozen=True)
class ChannelsPage:
    """What economics/channels.html shows."""

    tabs: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    found: Demand
    chart: Channels | None
    references: tuple[tuple[Reference, int], ...]
    """Each with its age in years."""


@blueprint.get("/channels")
@needs(Permission.INSIGHTS)
def channels() -> str:
    now = work().now()
    period = asked_period(now)
    found = economics.demand_by_channel(work(), since=period.since, until=period.until)
    any_of_it = any(row.service or row.seconds or row.money for row in found.rows)
    source = f"{REFERENCES[0].source}, {REFERENCES[0].year}"
    page = ChannelsPage(
        tabs=tabs(),
        period=period,
        periods=choices(period),
        found=found,
        chart=drawn(found.rows, others=dict(SIMPLE), source=source) if any_of_it else None,
        references=tuple((each, now.year - each.year) for each in REFERENCES),
    )
    return render("economics/channels.html", page)
