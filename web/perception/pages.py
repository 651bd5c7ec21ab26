"""Studies and what each shows; rankings answered, entered and imported; what others found beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from bpm.foundation.bounded_child import Sent
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import perception
from bpm.processes.perception import BAIN, IBM, RankReference, RoundResult, ShareReference, StudyRow
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.perception.slope import SlopeChart, slope_chart
from web.ui.fields import Field

blueprint = Blueprint("perception", __name__, url_prefix="/insights/perception")

LARGEST = 2_000_000
"""Bytes of a table."""


@dataclass(frozen=True)
class StudiesPage:
    """What perception/list.html shows."""

    rows: tuple[StudyRow, ...]
    fields: tuple[Field, ...]
    ibm: RankReference
    ibm_chart: SlopeChart
    bain: ShareReference
    year: int
    asking: bool = False


@dataclass(frozen=True)
class StudyPage:
    """What perception/study.html shows."""

    it: StudyRow
    results: tuple[RoundResult, ...]
    chart: SlopeChart | None
    written: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class AnswerPage:
    """What perception/answer.html shows."""

    it: StudyRow
    written: Mapping[str, str]
    problem: str = ""


@blueprint.get("")
@needs(Permission.INSIGHTS)
def studies() -> str:
    return render("perception/list.html", _list())


def _list(error: InvalidInputError | None = None) -> StudiesPage:
    wrong = error.fields if error else {}
    sent = request.form
    rows = [
        (each, float(IBM.companies.index(each) + 1), float(place), True) for place, each in enumerate(IBM.customers, 1)
    ]
    return StudiesPage(
        rows=tuple(perception.list_studies(work())),
        fields=(
            Field("title", _("Name"), "text", required=True, limits={"maxlength": 200})
            .with_value(sent.get("title", ""), error=wrong.get("title", "")),
            Field("question", _("What both sides are asked"), "area", required=True)
            .with_value(sent.get("question", ""), error=wrong.get("question", "")),
            Field("items", _("What they rank, one a line"), "area", _("3 to 20 things."), required=True)
            .with_value(sent.get("items", ""), error=wrong.get("items", "")),
        ),
        ibm=IBM,
        ibm_chart=slope_chart(rows, left_title=_("Companies"), right_title=_("Customers"), digits=0),
        bain=BAIN,
        year=work().now().year,
        asking=error is not None,
    )  # fmt: skip


@blueprint.post("")
@needs(Permission.INSIGHTS)
def make() -> Response | tuple[str, int]:
    sent = request.form
    try:
        made = perception.make_study(
            work(), title=sent.get("title", ""), question=sent.get("question", ""),
            items=sent.get("items", "").splitlines(),
        )  # fmt: skip
    except InvalidInputError as error:
        return render("perception/list.html", _list(error)), 400
    say(_("It can be answered."))
    return go("perception.study", study_id=made)


@blueprint.get("/<int:study_id>")
@needs(Permission.INSIGHTS)
def study(study_id: int) -> str:
    return render("perception/study.html", _study(study_id))


def _study(study_id: int, error: EarshotError | None = None) -> StudyPage:
    results = tuple(perception.results_of(work(), study_id))
    shown = next((each for each in results if each.agreement is not None), None)
    chart = None
    if shown is not None:
        rows = [
            (gap.item, gap.figures.first, gap.figures.second, gap.figures.low > 0 or gap.figures.high < 0)
            for gap in shown.gaps
        ]
        titles = {"name": shown.name, "staff": shown.staff, "customers": shown.customers}
        chart = slope_chart(
            rows,
            left_title=_("Staff, %(name)s, n = %(staff)s") % titles,
            right_title=_("Customers, %(name)s, n = %(customers)s") % titles,
        )
    problem = f"{error.message} {error.remedy}".strip() if error else ""
    return StudyPage(perception.get_study(work(), study_id), results, chart, request.form if error else {}, problem)


def _order(items: int) -> list[int]:
    """The places that the form gives, 0 where none is given."""
    return [key_of(request.form.get(f"place-{number}", "")) or 0 for number in range(items)]


@blueprint.post("/<int:study_id>/rankings")
@needs(Permission.INSIGHTS)
def enter(study_id: int) -> Response | tuple[str, int]:
    """What somebody said, written down by a colleague."""
    sent = request.form
    items = len(perception.get_study(work(), study_id).items)
    try:
        perception.enter(
            work(), study_id, sent.get("side", ""), sent.get("person", ""), _order(items),
            round_name=sent.get("round", ""),
        )  # fmt: skip
    except (InvalidInputError, ConflictError) as error:
        return render("perception/study.html", _study(study_id, error)), 400
    say(_("It counts."))
    return go("perception.study", study_id=study_id)


@blueprint.post("/<int:study_id>/imports")
@needs(Permission.INSIGHTS)
def import_table(study_id: int) -> Response | tuple[str, int]:
    try:
        sent = _table(request.files.get("table"))
        came = perception.import_rankings(work(), study_id, sent, round_name=request.form.get("round", ""))
    except (InvalidInputError, ConflictError) as error:
        return render("perception/study.html", _study(study_id, error)), 400
    say(_("%(n)s rankings came in.") % {"n": came})
    return go("perception.study", study_id=study_id)


def _table(sent: FileStorage | None) -> Sent:
    if sent is None or not sent.filename:
        raise InvalidInputError(_("No file was chosen."), remedy=_("Choose a table as .csv."))
    return Sent(sent.filename, sent.read(LARGEST + 1), LARGEST)


@blueprint.post("/<int:study_id>/invitation")
@needs(Permission.INSIGHTS)
def ask_staff(study_id: int) -> Response:
    told = perception.ask_staff(work(), study_id)
    say(_("%(n)s colleagues were asked.") % {"n": told})
    return go("perception.study", study_id=study_id)


@blueprint.post("/<int:study_id>/close")
@needs(Permission.INSIGHTS)
def close(study_id: int) -> Response:
    closed = request.form.get("closed") != "false"
    perception.close_study(work(), study_id, closed=closed)
    say(_("It takes no more answers.") if closed else _("It can be answered again."))
    return go("perception.study", study_id=study_id)


@blueprint.get("/<int:study_id>/answer")
@needs(Permission.SIGNED_IN)
def answer_page(study_id: int) -> str:
    return render("perception/answer.html", AnswerPage(perception.get_study(work(), study_id), {}))


@blueprint.post("/<int:study_id>/answer")
@needs(Permission.SIGNED_IN)
def answer(study_id: int) -> Response | tuple[str, int]:
    found = perception.get_study(work(), study_id)
    try:
        perception.answer(work(), study_id, _order(len(found.items)), round_name="")
    except (InvalidInputError, ConflictError) as error:
        problem = f"{error.message} {error.remedy}".strip()
        return render("perception/answer.html", AnswerPage(found, request.form, problem)), 400
    say(_("Thank you. Your order counts, and nobody reads whose it is."))
    return go("home.home")
