"""Who else has an item or a task open: the page says every few seconds that it is there; no session lives by it."""

from collections.abc import Sequence

from flask import render_template, request, url_for

from bpm.engine.teamwork import look_at_task
from bpm.feedback.triage.looking import look_at
from bpm.identity import Permission
from bpm.identity.entry.presence import Colleague
from web.core.request_context import work
from web.core.security import needs
from web.live.live import blueprint


@blueprint.post("/live/items/<int:item_id>")
@needs(Permission.SEE_FEEDBACK)
def others(item_id: int) -> str:
    """The line above an item that names colleagues who look at it or write."""
    return _line(url_for("live.others", item_id=item_id), look_at(work(), item_id))


@blueprint.post("/live/tasks/<int:item_id>")
@needs(Permission.WORK)
def others_at_task(item_id: int) -> str:
    """The same above a task; the page says, too, whether its reader types."""
    found = look_at_task(work(), item_id, types="types" in request.form)
    return _line(url_for("live.others_at_task", item_id=item_id), found)


def _line(address: str, others: Sequence[Colleague]) -> str:
    return render_template("live/_others.html", address=address, others=others, first=False)
