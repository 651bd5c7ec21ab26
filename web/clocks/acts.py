"""The clocks of an item stand while the customer is asked; an item is snoozed and comes back."""

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import clocks
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.clocks.blueprint import blueprint
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.ui.formats import instant
from web.ui.task_dates import read_moment


@blueprint.post("/<int:item_id>/waiting")
@needs(Permission.ANSWER)
def wait(item_id: int) -> Response:
    clocks.wait_for_customer(work(), item_id)
    say(_("The clocks stand until the customer says something."), undo=url_for("clocks.go_on", item_id=item_id))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/going-on")
@needs(Permission.ANSWER)
def go_on(item_id: int) -> Response:
    clocks.go_on(work(), item_id)
    say(_("The clocks go on."))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/snooze")
@needs(Permission.ANSWER)
def snooze(item_id: int) -> Response:
    """Field `until`: when it comes back."""
    item = clocks.snooze(work(), item_id, read_moment(request.form.get("until", "")))
    told = _("Snoozed until %(moment)s, or until the customer says something.")
    say(told % {"moment": instant(item.snoozed_until)[:16]}, undo=url_for("clocks.bring_back", item_id=item_id))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/return")
@needs(Permission.ANSWER)
def bring_back(item_id: int) -> Response:
    clocks.bring_back(work(), item_id)
    say(_("It is to do again."))
    return go_back("inbox.item", item_id=item_id)
