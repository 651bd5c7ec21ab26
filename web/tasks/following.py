"""Following a case: who does is told of what happens in it."""

from werkzeug.wrappers import Response

from bpm.engine import queries, teamwork
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs
from web.tasks.blueprint import blueprint


@blueprint.post("/<int:item_id>/watch")
@needs(Permission.WORK)
def watch(item_id: int) -> Response:
    teamwork.watch(work(), queries.get_work_item(work(), item_id).row.instance_id)
    say(_("You follow this case: notices tell you what happens in it."))
    return go("tasks.task", item_id=item_id)


@blueprint.post("/<int:item_id>/unwatch")
@needs(Permission.WORK)
def unwatch(item_id: int) -> Response:
    teamwork.unwatch(work(), queries.get_work_item(work(), item_id).row.instance_id)
    say(_("You do not follow this case any more."))
    return go("tasks.task", item_id=item_id)
