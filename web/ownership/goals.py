"""Goals of several functions: set, followed with n and interval, ended; those of one function alone stand out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import ownership
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.ownership import GoalDraft, GoalRow
from web.core.numbers import key_of
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.ownership import figures
from web.ownership.blueprint import blueprint

TONES = {"reached": "good", "short of it": "bad", "not clear": "plain", "not shown": "plain"}
NAMES = ("title", "process", "measure", "target", "due")


@dataclass(frozen=True)
class GoalsPage:
    """What ownership/goals.html shows; `written` and `errors` bring a form back that did not fit."""

    rows: tuple[GoalRow, ...]
    alone: int
    """Open goals of one function alone."""
    filters: tuple[Choice, ...]
    processes: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str, str], ...]
    """(name, title, unit in which a target is written)"""
    functions: tuple[tuple[str, str], ...]
    told: Callable[[Measure, float | None], str]
    between: Callable[[Measure, tuple[float, float] | None], str]
    tones: Mapping[str, str]
    may_change: bool
    may_measure: bool
    written: Mapping[str, str]
    chosen: frozenset[str]
    errors: Mapping[str, str]
    problem: str = ""


@blueprint.get("/goals")
@needs(Permission.SEE_PROCESSES)
def goals() -> str:
    return render("ownership/goals.html", _page())


def _page(error: InvalidInputError | None = None) -> GoalsPage:
    known = [(each.key, each.name) for each in queries.list_definitions(work())]
    asked = request.args.get("process", "")
    rows = ownership.list_goals(work(), key=asked or None)
    sent = request.form
    return GoalsPage(
        rows=rows,
        alone=sum(each.is_of_one and each.status == "open" for each in rows),
        filters=(
            Choice(_("any"), here(process=None), not asked),
            *(Choice(name, here(process=key), key == asked) for key, name in known),
        ),
        processes=tuple(known),
        measures=tuple((each.name, each.title, figures.unit_of(each)) for each in MEASURES.values() if each.purpose),
        functions=tuple((group.key, group.name) for group in identity.list_groups(work())),
        told=figures.told,
        between=figures.between,
        tones=TONES,
        may_change=may(actor(), Permission.SIGN),
        may_measure=may(actor(), Permission.INSIGHTS),
        written={name: sent.get(name, "") for name in NAMES},
        chosen=frozenset(sent.getlist("function")),
        errors=error.fields if error else {},
        problem=error.message if error else "",
    )


@blueprint.post("/goals")
@needs(Permission.SIGN)
def save_goal() -> Response | tuple[str, int]:
    sent = request.form
    measure = MEASURES.get(sent.get("measure", ""))
    draft = GoalDraft(
        title=sent.get("title", ""),
        measure=sent.get("measure", ""),
        target=_target(measure, sent.get("target", "")),
        due=_day(sent.get("due", "")),
        functions=tuple(sent.getlist("function")),
        key=sent.get("process", ""),
    )
    try:
        _goal, warning = ownership.save_goal(work(), draft, goal_id=key_of(sent.get("goal", "")))
    except InvalidInputError as error:
        return render("ownership/goals.html", _page(error)), 400
    say(f"{_('Kept.')} {warning}".strip())
    return go("ownership.goals")


def _target(measure: Measure | None, text: str) -> float | None:
    try:
        written = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    if not -1e9 < written < 1e9:
        return None
    return figures.value_of(measure, written) if measure else written


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@blueprint.post("/goals/<int:goal_id>/end")
@needs(Permission.SIGN)
def end_goal(goal_id: int) -> Response:
    sent = request.form
    ownership.end_goal(work(), goal_id, sent.get("status", ""), reason=sent.get("reason", ""))
    say(_("Kept."))
    return go("ownership.goals")
