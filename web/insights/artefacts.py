"""Artefacts of a process's activities by what customers complain about, their rows, and links to them by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import artefacts
from bpm.processes.artefacts import ArtefactDraft, ArtefactRow
from bpm.processes.attribution import HALTS, JOBS
from bpm.processes.queries import end_of_day
from bpm.processes.status import ArtefactKind
from web.core.numbers import key_of
from web.core.rendering import Choice, go, go_back, render, render_part, say
from web.core.request_context import work
from web.core.security import needs
from web.insights.rows import RowsPage
from web.measures.periods import USUAL, asked_period, choices

blueprint = Blueprint("artefacts", __name__, url_prefix="/insights")

KINDS: Mapping[ArtefactKind, str] = {
    ArtefactKind.LETTER: _("letter"),
    ArtefactKind.LABEL: _("label"),
    ArtefactKind.PAGE: _("page"),
    ArtefactKind.FORM: _("form"),
    ArtefactKind.OFFER: _("offer"),
    ArtefactKind.CAMPAIGN: _("campaign"),
    ArtefactKind.OTHER: _("other"),
}


NOTHING = ArtefactDraft("", "", "")


@dataclass(frozen=True)
class ArtefactsPage:
    """Artefacts of a process; `problem` is what was wrong with one that was to be added."""

    key: str
    name: str
    rows: tuple[ArtefactRow, ...]
    names: Mapping[str, str]
    """Element -> its name."""
    places: tuple[tuple[str, str], ...]
    periods: tuple[Choice, ...]
    days: int
    kinds: tuple[tuple[str, str], ...] = tuple((str(kind), name) for kind, name in KINDS.items())
    problem: str = ""
    given: ArtefactDraft = NOTHING


@blueprint.get("/processes/<key>/artefacts")
@needs(Permission.INSIGHTS)
def of_process(key: str) -> str:
    return render("insights/artefacts.html", _page(key))


def _page(key: str, *, problem: str = "", given: ArtefactDraft = NOTHING) -> ArtefactsPage:
    period = asked_period(work().now())
    definition = engine_queries.get_definition(work(), key)
    elements = (
        engine_queries.get_version(work(), definition.live_version_id).elements if definition.live_version_id else ()
    )
    rows = artefacts.list_artefacts(work(), key, since=period.since, until=period.until)
    return ArtefactsPage(
        key=key, name=definition.name, rows=tuple(rows),
        names={each["id"]: each["name"] or each["id"] for each in elements},
        places=tuple((e["id"], e["name"]) for e in elements if e["type"] in (*HALTS, *JOBS) and e["name"]),
        periods=choices(period), days=period.days, problem=problem, given=given,
    )  # fmt: skip


@blueprint.post("/processes/<key>/artefacts")
@needs(Permission.INSIGHTS)
def add(key: str) -> Response | tuple[str, int]:
    given = ArtefactDraft(*(request.form.get(each, "").strip() for each in ("element", "kind", "name", "phrases")))
    try:
        artefacts.add_artefact(work(), key, given)
    except InvalidInputError as error:
        return render("insights/artefacts.html", _page(key, problem=error.remedy, given=given)), 400
    say(_("Added. What names it from now on is linked by itself."))
    return go("artefacts.of_process", key=key)


@blueprint.post("/artefacts/<int:artefact_id>/retirement")
@needs(Permission.INSIGHTS)
def retire(artefact_id: int) -> Response:
    row = artefacts.retire_artefact(work(), artefact_id)
    say(_("Retired. What was linked to it stays."))
    return go("artefacts.of_process", key=row.definition_key)


@blueprint.get("/processes/<key>/artefacts/<int:artefact_id>")
@needs(Permission.INSIGHTS)
def rows(key: str, artefact_id: int) -> str:
    period = asked_period(work().now())
    found = artefacts.items_about(work(), artefact_id, since=period.since, until=period.until, limit=201)
    page = RowsPage(
        title=_("What customers said about it"), explains=period.label, rows=tuple(found[:200]),
        empty=_("No item is linked to it in this period."),
        back_url=url_for("artefacts.of_process", key=key, days=period.days), back_label=_("Artefacts"),
        cut=len(found) > 200,
    )  # fmt: skip
    return render("insights/rows.html", page)


@blueprint.post("/items/<int:item_id>/artefacts")
@needs(Permission.SEE_FEEDBACK)
def link(item_id: int) -> Response:
    artefact_id = key_of(request.form.get("artefact", ""))
    if artefact_id is None:
        raise InvalidInputError(_("No artefact was chosen."), remedy=_("Choose the one that the item is about."))
    artefacts.link_artefact(work(), item_id, artefact_id)
    say(_("Said what it is about."))
    return go_back("inbox.item", item_id=item_id)


@dataclass(frozen=True)
class ArtefactsAt:
    rows: tuple[ArtefactRow, ...]
    key: str
    days: int
    url: str


def artefacts_at(work: Work, key: str, element: str) -> Markup:
    """The artefacts of one activity by complaints in the last days, for its panel; nothing where it has none."""
    until = end_of_day(work.now())
    found = artefacts.list_artefacts(work, key, since=until - timedelta(days=USUAL), until=until, element=element)
    if not found:
        return Markup()
    page = ArtefactsAt(tuple(found), key, USUAL, url_for("artefacts.of_process", key=key))
    return render_part("insights/artefacts_at.html", "artefacts", page)
