"""How long after a case words are still said after it, for one process."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.attribution import set_said_after
from web.core.numbers import key_of
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("said_after", __name__, url_prefix="/insights/processes")


@blueprint.post("/<key>/said-after")
@needs(Permission.SIGN)
def change(key: str) -> Response:
    """Keep the window of a process; nothing written: the setting holds."""
    written = request.form.get("days", "").strip()
    days = key_of(written)
    if written and days is None:
        raise InvalidInputError(_("“%(text)s” is no number of days.") % {"text": written[:20]},
                                remedy=_("Write from 1 to 365, or nothing."))  # fmt: skip
    set_said_after(work(), key, days)
    say(_("Kept. It holds for what is said from now on."))
    return go("insights.process", key=key)
