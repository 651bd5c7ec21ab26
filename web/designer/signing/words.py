"""What a department says of a draft: signed, taken back, changes wanted."""

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.ui.formats import department as in_words


@blueprint.post("/versions/<int:version_id>/signatures")
@needs(Permission.SIGN)
def sign(version_id: int) -> Response:
    department = request.form.get("department", "")
    engine.sign(work(), version_id, department, content=request.form.get("content", ""))
    say(_("Signed for %(department)s.") % {"department": in_words(department)})
    return _back_to(version_id)


@blueprint.post("/versions/<int:version_id>/signatures/withdrawal")
@needs(Permission.SIGN)
def withdraw(version_id: int) -> Response:
    department = request.form.get("department", "")
    engine.withdraw(work(), version_id, department, reason=request.form.get("reason", ""))
    say(_("The signature for %(department)s is taken back.") % {"department": in_words(department)})
    return _back_to(version_id)


@blueprint.post("/versions/<int:version_id>/changes-wanted")
@needs(Permission.SIGN)
def want_changes(version_id: int) -> Response:
    department, comment = request.form.get("department", ""), request.form.get("comment", "")
    content = request.form.get("content", "")
    engine.want_changes(work(), version_id, department, comment=comment, content=content)
    say(_("On record: %(department)s wants changes. Who uploaded it is told.") % {"department": in_words(department)})
    return _back_to(version_id)


def _back_to(version_id: int) -> Response:
    found = queries.get_version(work(), version_id)
    return go("designer.process", key=found.key, version=found.number)
