"""The board of define to control, the gates of one improvement with what stands behind them, and its A3 sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, list_users, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, OwnerRow, Stage, gates
from bpm.processes.improvements.gates import Column, GateShutError, Reading, Standing, Written
from bpm.processes.measures.catalogue import MEASURES
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint

NAMES: Mapping[str, str] = {
    Stage.DEFINE: _("Define"),
    Stage.MEASURE: _("Measure"),
    Stage.ANALYSE: _("Analyse"),
    Stage.IMPROVE: _("Improve"),
    Stage.CONTROL: _("Control"),
    Stage.DONE: _("Done"),
}


@dataclass(frozen=True)
class BoardPage:
    """What improvements/dmaic.html shows."""

    columns: tuple[Column, ...]
    names: Mapping[str, str]
    processes: tuple[Choice, ...]
    may_change: bool


@dataclass(frozen=True)
class Gate:
    """A stage with its checks; `state`: passed, here or ahead."""

    stage: str
    name: str
    state: str
    checks: tuple[Standing, ...]

    @property
    def missing(self) -> int:
        return sum(each.check.needed and not each.met for each in self.checks)


@dataclass(frozen=True)
class GatesPage:
    """What improvements/gates.html shows; `choices`: check -> what can be chosen."""

    it: ImprovementDetail
    gates: tuple[Gate, ...]
    names: Mapping[str, str]
    here: str
    leads_to: str
    earlier: tuple[tuple[str, str], ...]
    choices: Mapping[str, Sequence[tuple[str, str]]]
    may_change: bool
    may_sign: bool
    strategist: str
    reading: Reading | None
    """Where the named measure stands now."""
    problem: str = ""
    missing: tuple[str, ...] = ()
    wrong: str = ""
    """The check whose words were not kept."""
    fields: Mapping[str, str] | None = None
    written: Mapping[str, str] | None = None


@dataclass(frozen=True)
class SheetPage:
    """What improvements/a3.html shows: boxes with their parts."""

    it: ImprovementDetail
    boxes: tuple[tuple[str, tuple[Standing, ...]], ...]
    owners: tuple[OwnerRow, ...]
    stage: str
    may_change: bool


@blueprint.get("/dmaic")
@needs(Permission.SEE_PROCESSES)
def dmaic_board() -> str:
    return _board()


def _board() -> str:
    asked = request.args.get("process") or None
    known = [("", _("any")), *((each.key, each.name) for each in engine_queries.list_definitions(work()))]
    return render(
        "improvements/dmaic.html",
        BoardPage(
            gates.read_board(work(), definition_key=asked),
            NAMES,
            tuple(Choice(label, here(process=value or None), (asked or "") == value) for value, label in known),
            may(actor(), Permission.INSIGHTS),
        ),
    )


@blueprint.get("/<int:improvement_id>/gates")
@needs(Permission.SEE_PROCESSES)
def gates_page(improvement_id: int) -> str:
    return render("improvements/gates.html", _gates(improvement_id))


def _gates(improvement_id: int, error: EarshotError | None = None, *, wrong: str = "") -> GatesPage:
    it = improvements.get_improvement(work(), improvement_id)
    found = gates.standings_of(work(), improvement_id)
    at = gates.STAGES.index(Stage(it.stage))
    to = gates.next_stage(Stage(it.stage))
    return GatesPage(
        it=it,
        gates=tuple(
            Gate(str(stage), NAMES[stage], _state(place, at), gates.of_stage(found, stage))
            for place, stage in enumerate(gates.STAGES)
            if stage is not Stage.DONE
        ),
        names=NAMES,
        here=it.stage,
        leads_to=NAMES[to] if to else "",
        earlier=tuple((str(each), NAMES[each]) for each in gates.STAGES[:at]),
        choices={
            "measure": [(each.name, _(each.title)) for each in MEASURES.values()],
            "version": [(str(number), str(number)) for number in it.versions],
            "keeper": [(str(each.id), each.display_name) for each in list_users(work()) if each.active],
        },
        may_change=may(actor(), Permission.INSIGHTS),
        may_sign=gates.may_sign_off(work(), actor()),
        strategist=gates.STRATEGIST,
        reading=gates.read_now(work(), improvement_id),
        problem=f"{error.message} {error.remedy}" if error and not isinstance(error, GateShutError) else "",
        missing=error.missing if isinstance(error, GateShutError) else (),
        wrong=wrong,
        fields=error.fields if isinstance(error, InvalidInputError) else None,
        written=dict(request.form) if error else None,
    )


def _state(place: int, at: int) -> str:
    if place < at:
        return "passed"
    return "here" if place == at else "ahead"


@blueprint.post("/<int:improvement_id>/evidence/<check>")
@needs(Permission.INSIGHTS)
def put_evidence(improvement_id: int, check: str) -> Response | tuple[str, int]:
    sent = request.form
    given = Written(sent.get("words", ""), sent.get("number", ""), sent.get("n", ""), sent.get("ref", ""))
    try:
        gates.put_evidence(work(), improvement_id, check, given)
    except InvalidInputError as error:
        return render("improvements/gates.html", _gates(improvement_id, error, wrong=check)), 400
    say(_("Kept."))
    return _return(improvement_id)


def _return(improvement_id: int) -> Response:
    sheet = request.form.get("from") == "a3"
    return go("improvements.a3" if sheet else "improvements.gates_page", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/sign-off")
@needs(Permission.SEE_PROCESSES)
def sign_off(improvement_id: int) -> Response | tuple[str, int]:
    try:
        gates.sign_off(work(), improvement_id, words=request.form.get("words", ""))
    except InvalidInputError as error:
        return render("improvements/gates.html", _gates(improvement_id, error, wrong="strategist")), 400
    say(_("Signed."))
    return go("improvements.gates_page", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/gate")
@needs(Permission.INSIGHTS)
def pass_gate(improvement_id: int) -> Response | tuple[str, int]:
    try:
        stage = gates.pass_gate(work(), improvement_id)
    except GateShutError as error:
        return render("improvements/gates.html", _gates(improvement_id, error)), 409
    say(_("It stands in %(stage)s now.") % {"stage": NAMES[stage]})
    return go("improvements.gates_page", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/back")
@needs(Permission.INSIGHTS)
def go_back(improvement_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        stage = gates.go_back(work(), improvement_id, sent.get("to", ""), reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("improvements/gates.html", _gates(improvement_id, error)), 400
    say(_("It is back in %(stage)s.") % {"stage": NAMES[stage]})
    return go("improvements.gates_page", improvement_id=improvement_id)


@blueprint.get("/<int:improvement_id>/a3")
@needs(Permission.SEE_PROCESSES)
def a3(improvement_id: int) -> str:
    it = improvements.get_improvement(work(), improvement_id)
    found = {each.check.key: each for each in gates.standings_of(work(), improvement_id)}
    boxes = tuple((_(title), tuple(found[key] for key in keys)) for title, keys in gates.SHEET)
    return render(
        "improvements/a3.html",
        SheetPage(
            it, boxes, improvements.owners_of(work(), improvement_id), NAMES[it.stage],
            may(actor(), Permission.INSIGHTS),
        ),
    )  # fmt: skip
