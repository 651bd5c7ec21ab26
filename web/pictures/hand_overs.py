"""The funnel of hand-overs between departments."""

from dataclasses import dataclass

from bpm.identity import Permission
from bpm.processes import paths
from bpm.processes.paths import HandOvers
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.measures.layers import length_of
from web.pictures.blueprint import blueprint
from web.pictures.drawing import Funnel, funnel
from web.pictures.pictured import Pictured, elsewhere, of_ours


@dataclass(frozen=True)
class HandOversPage:
    """What pictures/hand_overs.html shows."""

    of: Pictured
    found: HandOvers
    waited: tuple[str, ...]
    """Of each pair of departments, in words."""
    chart: Funnel | None


@blueprint.get("/processes/<key>/hand-overs")
@needs(Permission.INSIGHTS)
def hand_overs(key: str) -> str:
    return _page(of_ours(work(), key))


@blueprint.get("/elsewhere/<key>/hand-overs")
@needs(Permission.INSIGHTS)
def hand_overs_elsewhere(key: str) -> str:
    return _page(elsewhere(work(), key))


def _page(of: Pictured) -> str:
    found = paths.hand_overs_of(of.traces(work()))
    waited = tuple(length_of(each.waited) for each in found.passings)
    chart = funnel(found.stages) if found.cases else None
    return render("pictures/hand_overs.html", HandOversPage(of, found, waited, chart))
