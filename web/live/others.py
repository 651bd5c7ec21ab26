"""Who else has an item open: the page says every few seconds that it is there, which keeps no session alive."""

from flask import render_template

from bpm.feedback.triage.looking import look_at
from bpm.identity import Permission
from web.core.request_context import work
from web.core.security import needs
from web.live.live import blueprint


@blueprint.post("/live/items/<int:item_id>")
@needs(Permission.SEE_FEEDBACK)
def others(item_id: int) -> str:
    """The line above an item that names colleagues who look at it or write."""
    return render_template("live/_others.html", item_id=item_id, others=look_at(work(), item_id), first=False)
