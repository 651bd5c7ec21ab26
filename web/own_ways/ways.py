"""Customers' own processes as a list: handed in here, what may never be left out, and steps that many ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import own_ways
from bpm.processes.own_ways import PEOPLE, FrequentStep, Mandatory, WayRow, WaySource
from web.core.numbers import key_of
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.own_ways.blueprint import blueprint
from web.own_ways.words import SOURCES, TONES

NAMES = ("process", "customer", "steps")


@dataclass(frozen=True)
class WaysPage:
    """What own_ways/list.html shows; `chosen` is the process of which rails are shown."""

    rows: tuple[WayRow, ...]
    frequent: tuple[FrequentStep, ...]
    fewest: int
    processes: tuple[tuple[str, str], ...]
    filters: tuple[Choice, ...]
    chosen: str
    tasks: tuple[tuple[str, str], ...]
    """(id, name) of the tasks of people of the live version."""
    mandatory: Mapping[str, Mandatory]
    sources: Mapping[str, str]
    tones: Mapping[str, str]
    may_rail: bool
    written: Mapping[str, str]
    errors: Mapping[str, str]
    problem: str = ""


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def listing() -> str:
    return render("own_ways/list.html", _page())


def _page(error: InvalidInputError | None = None) -> WaysPage:
    live = [each for each in queries.list_definitions(work()) if each.live_version_id is not None]
    asked = request.values.get("process", "")
    chosen = next((each for each in live if each.key == asked), None)
    tasks: tuple[tuple[str, str], ...] = ()
    if chosen is not None and chosen.live_version_id is not None:
        version = queries.get_version(work(), chosen.live_version_id)
        tasks = tuple((each["id"], each["name"] or each["id"]) for each in version.elements if each["type"] in PEOPLE)
    key = chosen.key if chosen else None
    return WaysPage(
        rows=own_ways.list_ways(work(), key=key, customer_id=key_of(request.args.get("of", ""))),
        frequent=own_ways.frequent_steps(work(), key=key)[:30],
        fewest=own_ways.FEWEST,
        processes=tuple((each.key, each.name) for each in live),
        filters=(
            Choice(_("any"), here(process=None), chosen is None),
            *(Choice(each.name, here(process=each.key), each is chosen) for each in live),
        ),
        chosen=chosen.key if chosen else "",
        tasks=tasks,
        mandatory=own_ways.mandatory_of(work(), chosen.key) if chosen else {},
        sources=SOURCES,
        tones=TONES,
        may_rail=may(actor(), Permission.SIGN),
        written={name: request.values.get(name, "") for name in NAMES},
        errors=error.fields if error else {},
        problem=f"{error.message} {error.remedy}" if error else "",
    )


@blueprint.post("")
@needs(Permission.SEE_FEEDBACK)
def hand_in() -> Response | tuple[str, int]:
    sent, file = request.form, request.files.get("file")
    try:
        if file is not None and file.filename:
            content, name = file.read(), file.filename
            if name.lower().endswith((".bpmn", ".bpmn2", ".xml")):
                steps, source = own_ways.steps_of_drawing(content, name), WaySource.BPMN
            else:
                steps, source = own_ways.steps_of_csv(content, name), WaySource.CSV
        else:
            steps, source = own_ways.steps_of_text(sent.get("steps", "")), WaySource.TYPED
        way = own_ways.hand_in(
            work(), sent.get("process", ""), key_of(sent.get("customer", "")) or 0, steps, source=source
        )
    except InvalidInputError as error:
        return render("own_ways/list.html", _page(error)), 400
    say(_("Kept. Look at the pairs, then decide."))
    return go("own_ways.way", way_id=way)


@blueprint.post("/rails")
@needs(Permission.SIGN)
def rail() -> Response | tuple[str, int]:
    """Mark a task as mandatory, or take the mark away."""
    sent = request.form
    key, element = sent.get("process", ""), sent.get("element", "")
    try:
        if sent.get("as") == "optional":
            own_ways.unmark_mandatory(work(), key, element)
            say(_("Ways can leave it out again."))
        else:
            own_ways.mark_mandatory(work(), key, element, sent.get("why", ""))
            say(_("No way leaves it out, in cases that run, too."))
    except InvalidInputError as error:
        return render("own_ways/list.html", _page(error)), 400
    return go("own_ways.listing", process=key)


@blueprint.post("/improvements")
@needs(Permission.SEE_FEEDBACK)
def propose() -> Response:
    """What many customers do themselves becomes an improvement to decide upon."""
    improvement = own_ways.propose_step(work(), request.form.get("process", ""), request.form.get("text", ""))
    say(_("Proposed."))
    return go("improvements.improvement", improvement_id=improvement)
