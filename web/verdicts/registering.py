"""The list of questions, and the form that lays a new one down before the change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import improvements, rollouts, verdicts
from bpm.processes.rollouts import Way
from bpm.processes.verdicts import (
    MEASURES,
    CaseMeasure,
    Foreseen,
    Known,
    PerCase,
    PlanRow,
)
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.verdicts.blueprint import TONES, blueprint
from web.verdicts.form import (
    Asked,
    Offered,
    Written,
    fields_of,
    fields_with_errors,
    level_words,
    plan_of,
    read,
)


@dataclass(frozen=True)
class ListPage:
    """What verdicts/list.html shows."""

    rows: tuple[PlanRow, ...]
    library: tuple[Known, ...]
    measures: Mapping[str, CaseMeasure]
    tones: Mapping[str, str]
    problem: str = ""


@blueprint.get("")
@needs(Permission.INSIGHTS)
def verdict_list() -> str:
    return render("verdicts/list.html", _list())


def _list(problem: str = "") -> ListPage:
    return ListPage(
        tuple(verdicts.list_plans(work(), key=request.args.get("process", ""))),
        tuple(verdicts.library(work(), retired=True)), MEASURES, TONES, problem,
    )  # fmt: skip


@dataclass(frozen=True)
class NewPage:
    """What verdicts/new.html shows; `foreseen` once the question is complete."""

    key: str
    name: str
    processes: tuple[tuple[str, str], ...]
    asked: Asked | None
    foreseen: Foreseen | None
    measure: CaseMeasure | None
    per_arm: int | None
    level: str
    power: float | None
    sent: tuple[tuple[str, str], ...]
    what_n_url: str
    improvement: str
    improvement_id: int | None
    library: tuple[Known, ...]
    problem: str = ""


@blueprint.get("/new")
@needs(Permission.INSIGHTS)
def new() -> str:
    return render("verdicts/new.html", _new(request.args, {}, looked="measure" in request.args))


def _new(values: Mapping[str, str], errors: Mapping[str, str], *, looked: bool, problem: str = "") -> NewPage:
    """The form, and once it is filled in what it would take."""
    improvement_id = key_of(values.get("improvement", ""))
    about = improvements.get_improvement(work(), improvement_id) if improvement_id is not None else None
    key = values.get("process", "") or (about.row.definition_key if about else "")
    processes = tuple((row.key, row.name) for row in engine_queries.list_definitions(work()))
    name = dict(processes).get(key, "")
    page = NewPage(
        key, name, processes, None, None, None, None, "", None, (), "", about.row.title if about else "",
        improvement_id, tuple(verdicts.library(work())), problem,
    )  # fmt: skip
    if not name:
        return page
    usual = {"title": about.row.title, "element": about.row.element} if about else {}
    usual |= _of_rollout(key_of(values.get("rollout", "")))
    given = {**usual, **dict(values.items())}
    controls = request.values.getlist("controls")
    written, foreseen, wrong = None, None, dict(errors)
    if looked:
        try:
            written = read(given, key, now=work().now())
            foreseen = verdicts.foresee(work(), written.wish)
        except InvalidInputError as error:
            wrong |= error.fields
            page = replace(page, problem=problem or error.message)
    asked = fields_of(given, controls, fields_with_errors(wrong), _offered(key), today=work().now().date())
    page = replace(page, asked=asked)
    if written is None or foreseen is None:
        return page
    return _with_what_it_takes(page, written, foreseen, _sent(given, controls, key))


def _of_rollout(rollout_id: int | None) -> dict[str, str]:
    """What a rollout says of the comparison."""
    if rollout_id is None:
        return {}
    row = rollouts.get_rollout(work(), rollout_id).rollout
    design = "staged" if row.way == Way.STAGED else "randomised"
    return {"design": design, "old": str(row.control_version_id), "new": str(row.candidate_version_id)}


def _sent(given: Mapping[str, str], controls: list[str], key: str) -> tuple[tuple[str, str], ...]:
    """What the second form carries along."""
    plain = [
        (name, value)
        for name, value in given.items()
        if name not in ("controls", "csrf_token", "process", "command_key")
    ]
    return (*plain, ("process", key), *(("controls", each) for each in controls))


def _with_what_it_takes(
    page: NewPage, written: Written, foreseen: Foreseen, sent: tuple[tuple[str, str], ...]
) -> NewPage:
    measure, wish = MEASURES[written.wish.measure], written.wish
    per_arm = written.per_arm or foreseen.per_arm
    power, url = None, ""
    if foreseen.level is not None and foreseen.per_arm is not None and per_arm and measure.per_case is PerCase.SHARE:
        power = verdicts.power_with(wish, foreseen.level, per_arm)
        step = wish.smallest if wish.direction == "higher" else -wish.smallest
        query = {
            "from": f"{100 * foreseen.level:.3g}", "to": f"{max(0.0, 100 * (foreseen.level + step)):.3g}",
            "smallest": f"{100 * wish.smallest:.3g}", "cases": min(5000, max(10, per_arm)), "each": 1,
        }  # fmt: skip
        url = f"{url_for('charts.what_n')}?{urlencode(query)}"
    return replace(
        page, foreseen=foreseen, measure=measure, per_arm=per_arm, power=power, what_n_url=url, sent=sent,
        level="" if foreseen.level is None else level_words(measure, foreseen.level),
    )  # fmt: skip


def _offered(key: str) -> Offered:
    versions = engine_queries.list_versions(work(), key)
    newest = engine_queries.get_version(work(), versions[0].id).elements if versions else []
    return Offered(
        versions=[
            (str(each.id), _("version %(n)s, %(status)s") % {"n": each.number, "status": each.status})
            for each in versions
        ],
        elements=[(e["id"], e["name"] or e["id"]) for e in newest if "ask" in e["type"] or "Activity" in e["type"]],
        rollouts=_rollouts(key),
        patterns=[each.name for each in verdicts.library(work())],
    )


def _rollouts(key: str) -> list[tuple[str, str]]:
    """Rollouts of the process that a question may rest on, newest first."""
    return [
        (
            str(each.rollout.id),
            _("rollout %(id)s, version %(old)s and %(new)s, %(status)s")
            % {
                "id": each.rollout.id, "old": each.control_number, "new": each.candidate_number,
                "status": each.rollout.status,
            },
        )
        for each in rollouts.list_rollouts(work(), key)
        if each.is_open
    ]  # fmt: skip


@blueprint.post("")
@needs(Permission.INSIGHTS)
def register() -> Response | tuple[str, int]:
    sent = request.form
    key = sent.get("process", "")
    try:
        written = read(sent, key, now=work().now())
        foreseen = verdicts.foresee(work(), written.wish)
        per_arm = written.per_arm or foreseen.per_arm or 0
        plan = plan_of(sent, sent.getlist("controls"), written, per_arm)
        verdicts.check_plan(work(), plan)
        pattern = sent.get("pattern", "").strip()
        pattern_id = verdicts.name_pattern(work(), pattern) if pattern else None
        plan_id = verdicts.register(work(), replace(plan, pattern_id=pattern_id, foreseen=foreseen.on_record()))
    except InvalidInputError as error:
        return render("verdicts/new.html", _new(sent, error.fields, looked=True, problem=error.message)), 400
    say(_("Registered. From now on only what the rule allows can be changed."))
    return go("verdicts.verdict", plan_id=plan_id)
