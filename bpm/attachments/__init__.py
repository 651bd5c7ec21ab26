"""Files that people attach: told by their bytes, kept in pieces in the database, read and removed in pieces."""

from bpm.attachments.models import Attachment
from bpm.attachments.store import (
    AttachmentRow,
    Place,
    attach,
    count,
    erase,
    get_attachment,
    list_attachments,
    read_piece,
    remove,
)
from bpm.attachments.types import SHOWN_INLINE

__all__ = [
    "SHOWN_INLINE",
    "Attachment",
    "AttachmentRow",
    "Place",
    "attach",
    "count",
    "erase",
    "get_attachment",
    "list_attachments",
    "read_piece",
    "remove",
]
