"""Files attached to tasks: sent, saved, shown and removed; a browser runs none of them."""

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from bpm import attachments, audit
from bpm.attachments import AttachmentRow, Place
from bpm.audit import Thing
from bpm.engine import queries
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.attached_files import hand_out
from web.core.rate_limits import limited
from web.core.rendering import go, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.tasks.blueprint import blueprint

AROUND = 200_000
"""Bytes of a request beside its file."""
MOST_AT_ONCE = 20


@blueprint.before_request
def _make_room() -> None:
    """A file may be as large as its setting says, which is no business of other uploads."""
    if request.endpoint == "tasks.attach":
        request.max_content_length = product().settings.attachment_bytes + AROUND


@blueprint.post("/<int:item_id>/files")
@needs(Permission.WORK)
@limited("upload")
def attach(item_id: int) -> Response:
    row = queries.get_work_item(work(), item_id).row
    sent = [each for each in request.files.getlist("file") if each.filename]
    if not sent or len(sent) > MOST_AT_ONCE:
        raise InvalidInputError(
            _("Choose one file, or up to %(most)s.") % {"most": MOST_AT_ONCE}, remedy=_("Nothing was attached.")
        )
    for each in sent:
        _keep(work(), item_id, row.instance_id, each)
    work().nudge("talk")
    say(ngettext("%(num)s file attached.", "%(num)s files attached.", len(sent)) % {"num": len(sent)})
    return go("tasks.task", item_id=item_id, _anchor="talk")


def _keep(unit: Work, item_id: int, instance_id: int, sent: FileStorage) -> None:
    made = attachments.attach(unit, Place("case", instance_id, item_id), sent.filename or "", sent.stream)
    after = {"task": item_id, "size": made.size, "type": made.media_type, "sha256": made.sha256}
    audit.record(unit, "file.attach", _thing(made), after=after)


@blueprint.get("/<int:item_id>/files/<int:file_id>")
@needs(Permission.WORK, unit="own")
@limited("download")
def download(item_id: int, file_id: int) -> Response:
    """The file, piece by piece; `?show`: in the browser where it is an image or a PDF, else it is saved."""
    app = product()
    with app.unit_of_work.reading(actor()) as unit:
        found = _find(unit, item_id, file_id)
    return hand_out(app, found, _thing(found))


@blueprint.post("/<int:item_id>/files/<int:file_id>/removal")
@needs(Permission.WORK)
def remove_file(item_id: int, file_id: int) -> Response:
    found = _find(work(), item_id, file_id)
    if found.added_by != actor().user_id:
        raise ForbiddenError(_("Only who attached a file can remove it."), remedy=_("Ask them."))
    attachments.remove(work(), file_id)
    audit.record(work(), "file.remove", _thing(found), before={"sha256": found.sha256, "size": found.size})
    work().nudge("talk")
    say(_("File removed: its name stays to be seen."))
    return go("tasks.task", item_id=item_id, _anchor="talk")


def _find(unit: Work, item_id: int, file_id: int) -> AttachmentRow:
    """The file, if the person may see the task and it belongs to the task's case."""
    row = queries.get_work_item(unit, item_id).row
    found = attachments.get_attachment(unit, file_id)
    if (found.place.type, found.place.id) != ("case", row.instance_id):
        raise NotFoundError(_("There is no file %(id)s.") % {"id": file_id})
    return found


def _thing(found: AttachmentRow) -> Thing:
    return Thing("file", found.id, found.name, f"case {found.place.id}")
