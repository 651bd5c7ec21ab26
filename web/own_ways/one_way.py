"""One customer's own process against ours: pairs, difference on the drawing and as a list, decision, cases."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import own_ways
from bpm.processes.own_ways import CaseOnWay, StepKind, Way
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.own_ways.blueprint import blueprint
from web.own_ways.words import HOW, KINDS, SOURCES, TONES
from web.ui.diagrams import Diagram, Heat, Mark


@dataclass(frozen=True)
class WayPage:
    """What own_ways/way.html shows."""

    way: Way
    diagram: Diagram
    cases: tuple[CaseOnWay, ...]
    sources: Mapping[str, str]
    tones: Mapping[str, str]
    kinds: Mapping[str, tuple[str, str]]
    how: Mapping[str, str]
    may_pair: bool
    may_decide: bool
    may_start: bool
    problem: str = ""


@blueprint.get("/<int:way_id>")
@needs(Permission.SEE_FEEDBACK)
def way(way_id: int) -> str:
    return render("own_ways/way.html", _page(way_id))


def _page(way_id: int, error: EarshotError | None = None) -> WayPage:
    found = own_ways.get_way(work(), way_id)
    return WayPage(
        way=found,
        diagram=_diagram(found),
        cases=own_ways.cases_on(work(), found),
        sources=SOURCES,
        tones=TONES,
        kinds=KINDS,
        how=HOW,
        may_pair=found.status == "handed_in",
        may_decide=may(actor(), Permission.SIGN),
        may_start=found.status == "accepted" and may(actor(), Permission.START),
        problem=f"{error.message} {error.remedy}" if error else "",
    )


def _diagram(found: Way) -> Diagram:
    """Our drawing with what the customer has otherwise: gone, moved, and where own steps come in."""
    marks: dict[str, Mark] = dict.fromkeys(found.difference.missing, "removed")
    marks |= dict.fromkeys(found.difference.reordered, "changed")
    heat = {
        each: Heat(2, f"+{len(own)}", "; ".join(own))
        for each in found.course.steps
        if (own := own_ways.own_steps_before(found, each))
    }
    return Diagram(source=url_for("designer.drawing", version_id=found.version_id), marks=marks, heat=heat)


@blueprint.post("/<int:way_id>/pairs")
@needs(Permission.SEE_FEEDBACK)
def pair(way_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        place = key_of(sent.get("step", ""))
        own_ways.pair(work(), way_id, (place or 0) - 1, sent.get("element", ""))
    except InvalidInputError as error:
        return render("own_ways/way.html", _page(way_id, error)), 400
    say(_("Kept: a person said so."))
    return go("own_ways.way", way_id=way_id)


@blueprint.post("/<int:way_id>/decision")
@needs(Permission.SIGN)
def decide(way_id: int) -> Response | tuple[str, int]:
    sent = request.form
    accepts = sent.get("decision") == "accept"
    try:
        (own_ways.accept if accepts else own_ways.decline)(work(), way_id, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("own_ways/way.html", _page(way_id, error)), 400
    say(_("Cases can run on it now, inside the guard rails.") if accepts else _("No case runs on it."))
    return go("own_ways.way", way_id=way_id)


@blueprint.post("/<int:way_id>/cases")
@needs(Permission.START)
def start(way_id: int) -> Response:
    key = request.form.get("business_key", "").strip() or None
    case = own_ways.start_on_way(work(), way_id, {}, business_key=key)
    say(_("The case runs on the customer's own way."))
    return go("instances.instance", instance_id=case)


@blueprint.app_template_global("own_steps_of_case")
def own_steps_of_case(instance_id: int) -> tuple[int, tuple[tuple[str, str, str, str], ...]] | None:
    """The way of a case and what it did otherwise: (words, colour, element, text); asks nothing while none is used."""
    number = own_ways.way_of_case(work(), instance_id)
    if number is None:
        return None
    steps = own_ways.steps_of_cases(work(), [instance_id]).get(instance_id, ())
    return number, tuple((*KINDS[StepKind(kind)], element, text) for kind, element, text in steps)
