"""What a process's cases lived through, as a file for other tools."""

from flask import Blueprint
from werkzeug.wrappers import Response

from bpm import audit
from bpm.audit import Thing
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.event_log import FORMATS, read_cases
from web.core.rate_limits import limited
from web.core.request_context import actor, product
from web.core.security import needs

blueprint = Blueprint("logs", __name__, url_prefix="/insights/processes")


@blueprint.get("/<key>/log/<form>")
@needs(Permission.INSIGHTS, unit="own")
@limited("download")
def log(key: str, form: str) -> Response:
    """The visits of all cases and what was said about them; that it was asked for goes on record before the first."""
    written = FORMATS.get(form)
    if written is None:
        raise NotFoundError(_("There is no such format of a log."), remedy=_("Use csv, xes or ocel."))
    transactions = product().unit_of_work
    read_cases(transactions, key)
    with transactions(actor()) as unit:
        audit.record(unit, "process.export_log", Thing("process", key, key), after={"format": form})
    response = Response(written.written(lambda: read_cases(transactions, key)), mimetype=written.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="log{written.ending}"'
    return response
