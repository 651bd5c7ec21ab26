"""Attached files as answers: piece by piece, saved or shown; a browser runs none of them."""

from collections.abc import Iterator

from flask import Response, request

from bpm import attachments
from bpm.app import App
from bpm.attachments import AttachmentRow
from bpm.audit import Thing
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from web.core.on_record.reads import note_read
from web.core.rendering import disposition

PDF = "application/pdf"
SANDBOX = "default-src 'none'; sandbox"
PDF_POLICY = "default-src 'none'"
"""Browsers' viewers refuse to draw a PDF in a sandbox; what it holds runs in the viewer, never on our pages."""


def hand_out(app: App, found: AttachmentRow, thing: Thing) -> Response:
    """A file as whoever may read it asked for it, on record as `thing`; `?show`: in the browser where that is safe.

    NotFoundError for one that was removed.
    """
    if found.removed_at is not None:
        raise NotFoundError(_("This file was removed."))
    note_read("file.read", thing)
    return file_answer(app, found, inline="show" in request.args and found.is_shown)


def file_answer(app: App, found: AttachmentRow, *, inline: bool) -> Response:
    """The file's bytes; `inline`: to be shown where that is safe, else to be saved."""
    response = Response(_pieces(app, found.id), mimetype=found.media_type)
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Disposition"] = disposition(found.name, inline=inline)
    response.headers["Content-Security-Policy"] = PDF_POLICY if found.media_type == PDF and inline else SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pieces(app: App, file_id: int) -> Iterator[bytes]:
    """Each piece in a transaction of its own: a slow reader keeps none open."""
    number = 0
    while True:
        with app.unit_of_work.reading() as unit:
            piece = attachments.read_piece(unit, file_id, number)
        if piece is None:
            return
        yield piece
        number += 1
