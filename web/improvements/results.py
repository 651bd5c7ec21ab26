"""Cards of wins that refuse to claim what is not shown, and how long it takes from a signal to a verified effect."""

from dataclasses import dataclass

from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, lead_times, wins
from bpm.processes.improvements.lead_times import LeadTime, Stretch
from bpm.processes.improvements.wins import Win
from bpm.statistics import PERCENTILES_FROM
from web.core.rendering import render
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint

WIDTH, LEFT, ROW = 640, 220, 44


@dataclass(frozen=True)
class WinsPage:
    """What improvements/wins.html shows."""

    cards: tuple[Win, ...]
    may_read: bool


@dataclass(frozen=True)
class WinPage:
    """What improvements/win.html shows."""

    it: ImprovementDetail
    card: Win
    may_read: bool


@dataclass(frozen=True)
class DrawnStretch:
    """A way between two instants on the canvas: from 25 to 90 %, the box to 75 %, the median as a line."""

    stretch: Stretch
    y: int
    places: tuple[float, ...]


@dataclass(frozen=True)
class LeadTimesPage:
    """What improvements/lead_times.html shows."""

    rows: tuple[LeadTime, ...]
    drawn: tuple[DrawnStretch, ...]
    ticks: tuple[tuple[float, str], ...]
    fewest: int
    width: int = WIDTH
    left: int = LEFT

    @property
    def height(self) -> int:
        return len(self.drawn) * ROW + 36


@blueprint.get("/wins")
@needs(Permission.SEE_PROCESSES)
def wins_list() -> str:
    return render("improvements/wins.html", WinsPage(wins.list_wins(work()), may(actor(), Permission.SEE_FEEDBACK)))


@blueprint.get("/<int:improvement_id>/win")
@needs(Permission.SEE_PROCESSES)
def win(improvement_id: int) -> str:
    it = improvements.get_improvement(work(), improvement_id)
    card = wins.win_of(work(), improvement_id)
    return render("improvements/win.html", WinPage(it, card, may(actor(), Permission.SEE_FEEDBACK)))


@blueprint.get("/lead-times")
@needs(Permission.SEE_PROCESSES)
def lead_times_page() -> str:
    rows = lead_times.list_lead_times(work())
    found = lead_times.stretches(rows)
    most = max((max(each.percentiles) for each in found if each.percentiles), default=1.0) or 1.0

    def x(days: float) -> float:
        return round(LEFT + days / most * (WIDTH - LEFT - 40), 1)

    drawn = tuple(
        DrawnStretch(each, place * ROW + 10, tuple(x(days) for days in each.percentiles))
        for place, each in enumerate(found)
    )
    told = any(each.percentiles for each in found)
    ticks = tuple((x(most * part / 4), f"{round(most * part / 4, 1):g}") for part in range(5) if told)
    return render("improvements/lead_times.html", LeadTimesPage(rows, drawn, ticks, PERCENTILES_FROM))
