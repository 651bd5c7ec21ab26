"""What an improvement is worth to both sides, and how it looks from four viewpoints; empty cells say so."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, worth
from bpm.processes.improvements.worth import ValueCell, ValueDraft, ViewCell
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint

SIDES = {"customer": _("To customers"), "company": _("To the company")}
KINDS = {"effort": _("effort"), "time": _("time"), "money": _("money")}
VIEWPOINTS = {
    "customers": _("Customers"), "employees": _("Employees"), "partners": _("Partners"), "suppliers": _("Suppliers"),
}  # fmt: skip
SCORES = {
    -2: _("much worse for them"), -1: _("worse for them"), 0: _("the same"), 1: _("better for them"),
    2: _("much better for them"),
}  # fmt: skip


@dataclass(frozen=True)
class WorthPage:
    """What improvements/worth.html shows."""

    it: ImprovementDetail
    values: tuple[ValueCell, ...]
    views: tuple[ViewCell, ...]
    sides: Mapping[str, str]
    kinds: Mapping[str, str]
    viewpoints: Mapping[str, str]
    scores: Mapping[int, str]
    may_change: bool
    wrong: str = ""
    """The cell that was not kept."""
    errors: Mapping[str, str] | None = None
    written: Mapping[str, str] | None = None


@blueprint.get("/<int:improvement_id>/worth")
@needs(Permission.SEE_PROCESSES)
def worth_page(improvement_id: int) -> str:
    return render("improvements/worth.html", _page(improvement_id))


def _page(improvement_id: int, error: InvalidInputError | None = None, *, wrong: str = "") -> WorthPage:
    return WorthPage(
        improvements.get_improvement(work(), improvement_id),
        worth.values_of(work(), improvement_id),
        worth.views_of(work(), improvement_id),
        SIDES, KINDS, VIEWPOINTS, SCORES,
        may(actor(), Permission.INSIGHTS),
        wrong,
        error.fields if error else None,
        dict(request.form) if error else None,
    )  # fmt: skip


@blueprint.post("/<int:improvement_id>/worth/<side>/<kind>")
@needs(Permission.INSIGHTS)
def set_value(improvement_id: int, side: str, kind: str) -> Response | tuple[str, int]:
    sent = request.form
    draft = ValueDraft(
        side, kind, sent.get("amount", ""), sent.get("unit", ""), sent.get("how", ""),
        measured=sent.get("measured") == "true",
    )  # fmt: skip
    try:
        worth.set_value(work(), improvement_id, draft)
    except InvalidInputError as error:
        return render("improvements/worth.html", _page(improvement_id, error, wrong=f"{side}-{kind}")), 400
    say(_("Kept."))
    return go("improvements.worth_page", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/viewpoints/<perspective>")
@needs(Permission.INSIGHTS)
def set_view(improvement_id: int, perspective: str) -> Response | tuple[str, int]:
    sent = request.form
    try:
        worth.set_view(
            work(), improvement_id, perspective, score=sent.get("score", ""), words=sent.get("words", "")
        )  # fmt: skip
    except InvalidInputError as error:
        return render("improvements/worth.html", _page(improvement_id, error, wrong=perspective)), 400
    say(_("Kept."))
    return go("improvements.worth_page", improvement_id=improvement_id)
