"""Files that came with an item: saved or shown by whoever may read the item, each time on record."""

from flask import Response

from bpm import attachments
from bpm.attachments import AttachmentRow
from bpm.audit import Thing
from bpm.feedback import queries
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.attached_files import hand_out
from web.core.rate_limits import limited
from web.core.request_context import actor, product
from web.core.security import needs
from web.inbox.blueprint import blueprint


@blueprint.get("/<int:item_id>/files/<int:file_id>")
@needs(Permission.SEE_FEEDBACK, unit="own")
@limited("download")
def download(item_id: int, file_id: int) -> Response:
    """The file, piece by piece; `?show`: in the browser where it is an image or a PDF, else it is saved."""
    app = product()
    with app.unit_of_work.reading(actor()) as unit:
        found = _find(unit, item_id, file_id)
    return hand_out(app, found, Thing("file", found.id, found.name, f"item {item_id}"))


def _find(unit: Work, item_id: int, file_id: int) -> AttachmentRow:
    """The file, if it belongs to the item."""
    row = queries.get_item(unit, item_id).row
    found = attachments.get_attachment(unit, file_id)
    if (found.place.type, found.place.id) != ("item", row.id):
        raise NotFoundError(_("There is no file %(id)s.") % {"id": file_id})
    return found
