"""Zero-based: tick what we would stop doing, see the total, keep it as a proposal."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import economics
from bpm.processes.economics import Doing, Ledger, ProposalRow
from web.core.rendering import Choice, go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.economics.blueprint import blueprint, tabs
from web.measures.periods import Period, asked_period, choices


@dataclass(frozen=True)
class StopPage:
    """What economics/stop.html shows; `chosen` are the keys that are ticked."""

    tabs: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    rows: tuple[Doing, ...]
    books: Ledger
    chosen: frozenset[str]
    total: int
    whole: int
    proposals: tuple[ProposalRow, ...]
    title: str = ""
    reason: str = ""
    problem: str = ""


def _page(problem: str = "") -> str:
    period = asked_period(work().now())
    found = economics.list_doings(work(), since=period.since, until=period.until)
    chosen = frozenset(request.values.getlist("stop"))
    page = StopPage(
        tabs=tabs(),
        period=period,
        periods=choices(period),
        rows=found.rows,
        books=found.books,
        chosen=chosen,
        total=sum(row.cents for row in found.rows if row.key in chosen),
        whole=sum(row.cents for row in found.rows),
        proposals=economics.list_proposals(work()),
        title=request.form.get("title", ""),
        reason=request.form.get("reason", ""),
        problem=problem,
    )
    return render("economics/stop.html", page)


@blueprint.get("/costs/stop")
@needs(Permission.INSIGHTS)
def stop() -> str:
    return _page()


@blueprint.post("/costs/stop")
@needs(Permission.INSIGHTS)
def propose_stop() -> Response | tuple[str, int]:
    period, sent = asked_period(work().now()), request.form
    try:
        economics.propose_stop(
            work(), sent.getlist("stop"), title=sent.get("title", ""), reason=sent.get("reason", ""),
            since=period.since, until=period.until,
        )  # fmt: skip
    except InvalidInputError as error:
        return _page(f"{error.message} {error.remedy}"), 400
    say(_("Kept as a proposal, with its figures as they are now."))
    return go("economics.stop", days=period.days)
