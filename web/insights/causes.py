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

blueprint = Blueprint("causes", __name__, url_prefix="/insights/causes")


@dataclass(frozen=True)
class CaseCauses:
    """The block of a case's page."""

    causes: tuple[CauseRow, ...]
    effects: tuple[CauseRow, ...]
    editable: bool
    back: str


@dataclass(frozen=True)
class AskedPage:
    rows: tuple[CauseRow, ...]
    back: str


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
    return render("insights/causes.html", AskedPage(tuple(causes.causes_asked(work())), request.path))


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
