"""Versions side by side: each on its own drawing, coloured by one scale, with what differs and the figures beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from bpm.engine import queries as engine_queries
from bpm.engine.queries import VersionRow
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import queries
from bpm.processes.queries import ProcessMeasures
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.measures.layers import LAYERS, Layer, heat_of, layer_of
from web.pictures.blueprint import blueprint
from web.pictures.pictured import Pictured, of_ours
from web.ui.diagrams import Diagram

MOST = 4
"""Versions beside each other."""
NOT_SEEN = ("lane", "laneSet", "participant", "process", "collaboration", "messageFlow")


@dataclass(frozen=True)
class Side:
    """One version."""

    number: int
    measures: ProcessMeasures
    diagram: Diagram


@dataclass(frozen=True)
class Line:
    """An element with its figure in each version; "–" where it is not in the version or has none."""

    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class SidePage:
    """What pictures/side_by_side.html shows."""

    of: Pictured
    layer: Layer
    layers: tuple[Choice, ...]
    chosen: tuple[int, ...]
    numbers: tuple[int, ...]
    sides: tuple[Side, ...]
    changes: tuple[str, ...]
    lines: tuple[Line, ...]


@blueprint.get("/processes/<key>/side-by-side")
@needs(Permission.INSIGHTS)
def side_by_side(key: str) -> str:
    of = of_ours(work(), key)
    layer = layer_of(request.args.get("layer", ""))
    versions = engine_queries.list_versions(work(), key)
    chosen = _chosen(versions)
    sides = tuple(_side(of, each, layer) for each in chosen)
    elements = [engine_queries.get_version(work(), each.id).elements for each in chosen]
    page = SidePage(
        of=of,
        layer=layer,
        layers=tuple(Choice(each.label, here(layer=each.key), each is layer) for each in LAYERS),
        chosen=tuple(each.number for each in chosen),
        numbers=tuple(each.number for each in versions),
        sides=sides,
        changes=tuple(changes(chosen, elements)),
        lines=tuple(_lines(sides, layer)),
    )
    return render("pictures/side_by_side.html", page)


def _chosen(versions: Sequence[VersionRow]) -> list[VersionRow]:
    """Those of ?of=, the oldest first; without it the newest two."""
    asked = set(request.args.getlist("of"))
    found = [each for each in versions if str(each.number) in asked] or list(versions[:2])
    return sorted(found, key=lambda each: each.number)[:MOST]


def _side(of: Pictured, version: VersionRow, layer: Layer) -> Side:
    measures = queries.process_measures(
        work(), of.key, version_id=version.id, since=of.since, until=of.until
    )  # fmt: skip
    days = (of.until - of.since).days

    def rows(element: str, kind: str) -> str:
        return url_for(
            "insights.rows", key=of.key, version_id=version.id, element=element, days=days, kind=kind or None
        )

    seen = tuple(each for each in measures.elements if each.seen)
    heat = heat_of(layer, seen, url=rows)
    return Side(version.number, measures, Diagram(source=url_for("designer.drawing", version_id=version.id), heat=heat))


def changes(versions: Sequence[VersionRow], elements: Sequence[Sequence[Mapping[str, Any]]]) -> list[str]:
    """What differs from each version to the next, in sentences; none: nothing that is drawn differs."""
    found = []
    for place in range(1, len(versions)):
        before = {each["id"]: each for each in elements[place - 1] if each["type"] not in NOT_SEEN}
        after = {each["id"]: each for each in elements[place] if each["type"] not in NOT_SEEN}
        words = {"a": versions[place - 1].number, "b": versions[place].number}
        for key in sorted(before.keys() | after.keys()):
            said = _change(before.get(key), after.get(key))
            if said:
                found.append(_("Version %(a)s to %(b)s:") % words + " " + said)
    return found


def _change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None or after is None:
        one = before or after or {}
        word = _("“%(name)s” is gone (%(type)s).") if before else _("“%(name)s” is new (%(type)s).")
        return word % {"name": one.get("name") or one.get("id"), "type": one.get("type")}
    name = before.get("name") or before["id"]
    if (before.get("name") or "") != (after.get("name") or ""):
        return _("“%(name)s” is called “%(new)s”.") % {"name": name, "new": after.get("name") or after["id"]}
    if before["type"] != after["type"]:
        return _("“%(name)s” is a %(new)s, no %(old)s.") % {"name": name, "new": after["type"], "old": before["type"]}
    if (before.get("lane") or "") != (after.get("lane") or ""):
        words = {"name": name, "new": after.get("lane") or "–", "old": before.get("lane") or "–"}
        return _("“%(name)s” is with %(new)s, not with %(old)s.") % words
    return ""


def _lines(sides: Sequence[Side], layer: Layer) -> list[Line]:
    names: dict[str, str] = {}
    for side in sides:
        names |= {each.element: each.name for each in side.measures.elements if each.seen}
    figures = [{each.element: layer.read(each) for each in side.measures.elements if each.seen} for side in sides]
    return [
        Line(name, tuple((each.get(element) or (0, "–"))[1] for each in figures)) for element, name in names.items()
    ]
