"""What people do with a question after its registration: put its last day later, give it up, decide, sign second."""

from datetime import date

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import verdicts
from bpm.processes.verdicts import MEASURES
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.insights.rows import ROWS
from web.verdicts.pages import page_of
from web.verdicts.rows import CasesPage, SelfTestPage, self_test_fields

blueprint = Blueprint("verdict_acts", __name__, url_prefix="/insights/verdicts")


def _refused(plan_id: int, error: InvalidInputError) -> tuple[str, int]:
    return render("verdicts/verdict.html", page_of(plan_id, problem=error.message, errors=error.fields)), 400


@blueprint.post("/<int:plan_id>/last-day")
@needs(Permission.INSIGHTS)
def amend(plan_id: int) -> Response | tuple[str, int]:
    try:
        wanted = date.fromisoformat(request.form.get("ends_on", ""))
    except ValueError:
        wanted = date(1970, 1, 1)
    try:
        verdicts.amend(work(), plan_id, ends_on=wanted, reason=request.form.get("reason", ""))
    except InvalidInputError as error:
        return _refused(plan_id, error)
    say(_("The last day is later now; it stands on the plan and on its verdict."))
    return go("verdicts.verdict", plan_id=plan_id)


@blueprint.post("/<int:plan_id>/withdraw")
@needs(Permission.INSIGHTS)
def withdraw(plan_id: int) -> Response | tuple[str, int]:
    try:
        verdicts.withdraw(work(), plan_id, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _refused(plan_id, error)
    say(_("Given up; it stays on record."))
    return go("verdicts.verdict", plan_id=plan_id)


@blueprint.post("/<int:plan_id>/rescore")
@needs(Permission.INSIGHTS)
def rescore(plan_id: int) -> Response:
    """One classifier over both arms, before the next look."""
    again = verdicts.rescore(work(), plan_id)
    say(_("%(n)s items are read again; the next look finds both versions read by one classifier.") % {"n": again})
    return go("verdicts.verdict", plan_id=plan_id)


@blueprint.post("/<int:plan_id>/decision")
@needs(Permission.INSIGHTS)
def decide(plan_id: int) -> Response | tuple[str, int]:
    try:
        stands = verdicts.decide(work(), plan_id, request.form.get("choice", ""), request.form.get("reason", ""))
    except InvalidInputError as error:
        return _refused(plan_id, error)
    say(_("Decided.") if stands else _("Against the rule: it waits for a second signature."))
    return go("verdicts.verdict", plan_id=plan_id)


@blueprint.post("/<int:plan_id>/second")
@needs(Permission.INSIGHTS)
def second(plan_id: int) -> Response:
    verdicts.sign_second(work(), plan_id)
    say(_("Signed: the decision stands."))
    return go("verdicts.verdict", plan_id=plan_id)


@blueprint.post("/patterns")
@needs(Permission.INSIGHTS)
def add_pattern() -> Response:
    verdicts.name_pattern(work(), request.form.get("name", ""))
    say(_("Kept."))
    return go("verdicts.verdict_list")


@blueprint.post("/patterns/<int:pattern_id>")
@needs(Permission.INSIGHTS)
def change_pattern(pattern_id: int) -> Response:
    if "retire" in request.form:
        verdicts.retire_pattern(work(), pattern_id)
    else:
        verdicts.rename_pattern(work(), pattern_id, request.form.get("name", ""))
    say(_("Kept."))
    return go("verdicts.verdict_list")


@blueprint.get("/<int:plan_id>/looks/<int:look_id>/<arm>")
@needs(Permission.INSIGHTS)
def cases(plan_id: int, look_id: int, arm: str) -> str:
    """The cases that a look read of one version."""
    rows = verdicts.cases_of_look(work(), plan_id, look_id, arm, limit=ROWS)
    return render("verdicts/cases.html", CasesPage(plan_id, arm, tuple(rows), len(rows) == ROWS))


@blueprint.get("/self-test")
@needs(Permission.INSIGHTS)
def self_test() -> str:
    """A against A: equal versions must be found equal."""
    key = request.args.get("process", "")
    processes = [(row.key, row.name) for row in engine_queries.list_definitions(work())]
    versions = engine_queries.list_versions(work(), key) if key in dict(processes) else []
    live = next((each for each in versions if each.status == VersionStatus.LIVE), versions[0] if versions else None)
    found, problem = None, ""
    if live is not None and request.args.get("measure") in MEASURES:
        try:
            found = verdicts.a_against_a(work(), live.id, request.args["measure"], window_days=30.0)
        except EarshotError as error:
            problem = f"{error.message} {error.remedy or ''}".strip()
    page = SelfTestPage(
        self_test_fields(processes, request.args), live.number if live else None, found, problem,
        url_for("verdicts.verdict_list"),
    )  # fmt: skip
    return render("verdicts/self_test.html", page)
