"""What caused a case and what it caused, on its page; the list of those that a person is asked about."""

from dataclasses import dataclass

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import causes
from bpm.processes.causes import CauseRow
from web.core.rendering import go_back, render, render_part, say
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("case_causes", __name__, url_prefix="/insights/case-causes")


@dataclass(frozen=True)
class CaseCauses:
    """The block of a case's page."""

    causes: tuple[CauseRow, ...]
    effects: tuple[CauseRow, ...]
    editable: bool
    back: str


@dataclass(frozen=True)
class AskedPage:
    """A list of causes: those that are asked, or those behind a figure."""

    title: str
    explains: str
    rows: tuple[CauseRow, ...]
    back: str


@dataclass(frozen=True)
class ElsewhereBlock:
    """Complaints that are charged to activities of a process that runs elsewhere."""

    key: str
    counts: tuple[tuple[str, int], ...]


def case_causes(work: Work, instance_id: int) -> Markup:
    """What caused the case, and which cases complaints about it opened; nothing where neither is known."""
    found, effects = causes.causes_of(work, instance_id), causes.caused_by(work, instance_id)
    if not found and not effects:
        return Markup()
    editable = may(work.actor, Permission.SEE_FEEDBACK)
    page = CaseCauses(tuple(found), tuple(effects), editable, request.full_path.rstrip("?"))
    return render_part("insights/case_causes.html", "causes", page)


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def asked() -> str:
    explains = _(
        "Complaints that opened a case, and several earlier cases that they may be about. Until somebody says which, "
        "none is charged."
    )
    rows = tuple(causes.causes_asked(work()))
    return render("insights/causes.html", AskedPage(_("Which case caused this?"), explains, rows, request.path))


def caused_elsewhere(work: Work, key: str) -> Markup:
    """Complaints by activity of a process that runs elsewhere, for its page; nothing where there are none."""
    counts = tuple(causes.caused_elsewhere(work, key))
    return render_part("insights/caused_elsewhere.html", "caused", ElsewhereBlock(key, counts)) if counts else Markup()


@blueprint.get("/elsewhere/<key>")
@needs(Permission.SEE_FEEDBACK)
def elsewhere(key: str) -> str:
    activity = request.args.get("activity", "")
    rows = tuple(causes.list_caused_elsewhere(work(), key, activity))
    explains = _("Complaints that opened cases here, and are charged to this activity of %(key)s.") % {"key": key}
    return render("insights/causes.html", AskedPage(activity or key, explains, rows, request.full_path.rstrip("?")))


@blueprint.post("/<int:cause_id>/confirmation")
@needs(Permission.SEE_FEEDBACK)
def confirm(cause_id: int) -> Response:
    case = causes.confirm_cause(work(), cause_id)
    say(_("Said. The complaint counts at the activity that caused it."))
    return go_back("instances.instance", instance_id=case)


@blueprint.post("/<int:cause_id>/dropping")
@needs(Permission.SEE_FEEDBACK)
def drop(cause_id: int) -> Response:
    case = causes.drop_cause(work(), cause_id)
    say(_("Taken off. Nothing is charged for it."))
    return go_back("instances.instance", instance_id=case)
