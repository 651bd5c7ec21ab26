"""Guards declared and taken away by designers, with their figures; checked again or overridden on the task."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import guards
from bpm.processes.guards import RULES, GuardFigures, GuardRow, MissingFacts, OutcomeRow, TaskGuard
from bpm.processes.status import GuardEffect, GuardRule, GuardVerdict
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.guards.blueprint import blueprint

EFFECTS = {GuardEffect.AVOID: _("the contact is not made"), GuardEffect.HOLD: _("it waits until that is over")}
VERDICTS = {
    "avoided": (_("not made"), "good"),
    "held": (_("waits"), "warn"),
    "let_go": (_("waits no more"), "plain"),
    "overridden": (_("made all the same"), "bad"),
}
NAMES = ("place", "rule", "effect", "variable", "value", "go_to")


@dataclass(frozen=True)
class GuardsPage:
    """What guards/list.html shows; `written` and `problem` bring a form back that did not fit."""

    rows: tuple[GuardRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    figures: GuardFigures
    missing: tuple[MissingFacts, ...]
    places: tuple[tuple[str, str], ...]
    rules: dict[str, str]
    effects: dict[str, str]
    verdicts: dict[str, tuple[str, str]]
    may_declare: bool
    written: dict[str, str]
    problem: str = ""


@blueprint.get("")
@needs(Permission.SEE_PROCESSES)
def guards_list() -> str:
    return render("guards/list.html", _page())


def _page(problem: str = "") -> GuardsPage:
    may_declare = may(actor(), Permission.DEPLOY)
    sent = request.form if problem else {}
    return GuardsPage(
        rows=tuple(guards.list_guards(work())),
        outcomes=tuple(guards.list_outcomes(work())),
        figures=guards.guard_figures(work()),
        missing=tuple(guards.missing_facts(work())[:20]),
        places=_places() if may_declare else (),
        rules={str(rule): said for rule, said in RULES.items()},
        effects={str(effect): said for effect, said in EFFECTS.items()},
        verdicts=VERDICTS,
        may_declare=may_declare,
        written={name: sent.get(name, "") for name in NAMES},
        problem=problem,
    )


def _places() -> tuple[tuple[str, str], ...]:
    """(process and task, in words) of every user task of a live version."""
    found = []
    for process in engine_queries.list_processes(work()):
        if process.live_version_id is None or process.file_of:
            continue
        version = engine_queries.get_version(work(), process.live_version_id)
        found += [
            (f"{process.key}:{each['id']}", f"{process.name}: {each['name'] or each['id']}")
            for each in version.elements
            if each["type"] == "userTask"
        ]
    return tuple(found)


@blueprint.post("")
@needs(Permission.DEPLOY)
def declare() -> Response | tuple[str, int]:
    sent = {name: request.form.get(name, "").strip() for name in NAMES}
    key, _colon, element = sent.pop("place").partition(":")
    try:
        guards.declare_guard(work(), key, element, **sent)
    except InvalidInputError as error:
        return render("guards/list.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("The guard stands, for tasks that are open, too."))
    return go("guards.guards_list")


@blueprint.post("/<int:guard_id>/end")
@needs(Permission.DEPLOY)
def end(guard_id: int) -> Response:
    guards.end_guard(work(), guard_id)
    say(_("It looks no more; what it did stays on record."))
    return go("guards.guards_list")


@blueprint.post("/tasks/<int:item_id>/check")
@needs(Permission.WORK)
def check(item_id: int) -> Response:
    verdict = guards.check_again(work(), item_id)
    said = {GuardVerdict.AVOIDED: _("The contact is not needed and is not made."), GuardVerdict.HELD: _("It waits.")}
    say(said.get(verdict, _("Nothing is against it.")) if verdict else _("Nothing is against it."))
    return go("tasks.task", item_id=item_id)


@blueprint.post("/tasks/<int:item_id>/override")
@needs(Permission.WORK)
def override(item_id: int) -> Response:
    guards.override(work(), item_id, request.form.get("reason", ""))
    say(_("Kept with your reason. The task can be completed."))
    return go("tasks.task", item_id=item_id)


@blueprint.app_template_global("guard_of_task")
def guard_of_task(item_id: int, element: str) -> TaskGuard | None:
    """What a guard made of a task; asks nothing where its element has none."""
    return guards.guard_of_task(work(), item_id, element)


@blueprint.app_template_global("guard_words")
def guard_words(mark: Mapping[str, str]) -> str:
    """A guard that a model declares, in the words of the list of guards."""
    rule, effect = RULES[GuardRule(mark["rule"])], EFFECTS[GuardEffect(mark["effect"])]
    value = f": {mark['variable']} = {mark['value']}" if mark["variable"] else ""
    onward = _(", the case goes on at %(step)s") % {"step": mark["go_to"]} if mark["go_to"] else ""
    return f"{rule}{value} → {effect}{onward}"
