"""The incidents, those that are open first, and the form that opens one by hand."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import incidents
from bpm.feedback.incidents import IncidentRow
from bpm.feedback.status import OPEN_INCIDENTS, IncidentStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.incidents.blueprint import blueprint
from web.incidents.words import STATES
from web.ui.task_dates import read_moment

VIEWS = (
    ("open", _("Open")),
    ("possible", _("Possible")),
    ("over", _("Over")),
    ("all", _("All")),
)
_STATES_OF = {
    "open": OPEN_INCIDENTS,
    "possible": frozenset({IncidentStatus.POSSIBLE}),
    "over": frozenset({IncidentStatus.RESOLVED, IncidentStatus.DISMISSED}),
}


@dataclass(frozen=True)
class IncidentsPage:
    """What incidents/list.html shows; `written` and `problem` bring a form back that did not fit."""

    rows: tuple[IncidentRow, ...]
    after: int | None
    views: tuple[Choice, ...]
    view: str
    states: dict[str, tuple[str, str]]
    may_act: bool
    items: str
    written: dict[str, str]
    problem: str = ""


def _page(problem: str = "") -> IncidentsPage:
    view = request.args.get("view", "open")
    view = view if view in dict(VIEWS) else "open"
    found = incidents.list_incidents(work(), states=_STATES_OF.get(view), after=after(), limit=SIZE)
    views = tuple(Choice(label, url_for("incidents.incidents_list", view=key), key == view) for key, label in VIEWS)
    sent = request.form if problem else {}
    return IncidentsPage(
        rows=found.rows,
        after=found.after,
        views=views,
        view=view,
        states=STATES,
        may_act=may(actor(), Permission.ANSWER),
        items=sent.get("items", request.args.get("item", "")),
        written={name: sent.get(name, "") for name in ("title", "began_at")},
        problem=problem,
    )


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def incidents_list() -> str:
    return render("incidents/list.html", _page())


@blueprint.post("")
@needs(Permission.ANSWER)
def open_incident() -> Response | tuple[str, int]:
    """Propose an incident by hand, over the items whose numbers are given."""
    try:
        made = incidents.open_incident(
            work(),
            request.form.get("title", ""),
            item_ids=numbers(request.form.get("items", "")),
            began_at=read_moment(request.form.get("began_at", "")),
        )
    except InvalidInputError as error:
        return render("incidents/list.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("The incident is open. Look at it, then acknowledge it in public."))
    return go("incidents.incident", incident_id=made.id)


def numbers(written: str) -> list[int]:
    """The numbers of items in a line of text; what is no number is left out."""
    found = (key_of(each.strip("#,;. ")) for each in written.replace(",", " ").split()[:500])
    return [each for each in found if each is not None]
