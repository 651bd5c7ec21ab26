"""Branches: the share of cases that each way takes where ways part, and how long it is to the end from there."""

from dataclasses import dataclass

from bpm.engine import queries as engine_queries
from bpm.identity import Permission
from bpm.processes import paths
from bpm.processes.paths import Branch
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.measures.layers import length_of
from web.pictures.blueprint import blueprint
from web.pictures.drawing import Shares, shares
from web.pictures.pictured import Pictured, elsewhere, of_ours

DRAWN = 12


@dataclass(frozen=True)
class WaysPage:
    """What pictures/ways.html shows; each branch with how long its ways take, in words."""

    of: Pictured
    rows: tuple[tuple[Branch, tuple[str, ...]], ...]
    chart: Shares | None


@blueprint.get("/processes/<key>/ways")
@needs(Permission.INSIGHTS)
def ways(key: str) -> str:
    of = of_ours(work(), key)
    elements = engine_queries.get_version(work(), of.version_id).elements
    names = {each["id"]: each["name"] for each in elements if each["name"]}
    flows = engine_queries.list_flows(work(), of.version_id)
    return _page(of, paths.branches_of(of.traces(work()), flows, names))


@blueprint.get("/elsewhere/<key>/ways")
@needs(Permission.INSIGHTS)
def ways_elsewhere(key: str) -> str:
    of = elsewhere(work(), key)
    return _page(of, paths.ways_of_log(of.traces(work())))


def _page(of: Pictured, found: tuple[Branch, ...]) -> str:
    rows = tuple((each, tuple(length_of(way.rest) for way in each.ways)) for each in found)
    drawn = [(each.name, [(way.label, way.part) for way in each.ways]) for each in found[:DRAWN]]
    return render("pictures/ways.html", WaysPage(of, rows, shares(drawn) if drawn else None))
