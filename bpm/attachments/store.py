"""Attached files in the database: written, read and removed piece by piece; rights are asked by whoever calls."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from bpm.attachments.models import Attachment, AttachmentPiece
from bpm.attachments.names import safe_name
from bpm.attachments.types import READ, SHOWN_INLINE, media_type_of
from bpm.foundation.db import at_most
from bpm.foundation.errors import InvalidInputError, NotFoundError, TooLargeError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity.models import User

FILE = cast("Table", Attachment.__table__)
PIECE = cast("Table", AttachmentPiece.__table__)
USER = cast("Table", User.__table__)

PIECE_BYTES = 256 * 1024
MOST_FILES = 100
"""Attached to one thing."""


@dataclass(frozen=True)
class Place:
    """What a file is attached to: (type, id) as ("case", 12), and the part of it, as the task."""

    type: str
    id: int
    part: int | None = None


@dataclass(frozen=True)
class AttachmentRow:
    """An attached file without its bytes; `removed_at`: they are gone."""

    id: int
    place: Place
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: int | None
    added_by_name: str
    removed_at: datetime | None

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it."""
        return self.media_type in SHOWN_INLINE


def attach(work: Work, place: Place, name: str, source: IO[bytes]) -> AttachmentRow:
    """Keep what `source` holds, read in pieces of `PIECE_BYTES`.

    Raises InvalidInputError for an empty file, TooLargeError beyond what one file, or all of one thing, may come to.
    """
    room = _room(work, place)
    most, digest, size = min(work.settings.attachment_bytes, room), hashlib.sha256(), 0
    first = source.read(PIECE_BYTES)
    if not first:
        raise InvalidInputError(_("The file is empty."), remedy=_("Choose another one."))
    made = Attachment(
        about_type=place.type, about_id=place.id, part_id=place.part, name=safe_name(name),
        media_type=media_type_of(first[:READ]), size=0, sha256="", added_at=work.now(), added_by=work.actor.user_id,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    number, piece = 0, first
    while piece:
        size += len(piece)
        if size > most:
            raise _too_large(work, room)
        digest.update(piece)
        work.session.execute(insert(PIECE), {"attachment_id": made.id, "number": number, "data": piece})
        number, piece = number + 1, source.read(PIECE_BYTES)
    made.size, made.sha256 = size, digest.hexdigest()
    work.session.flush()
    return get_attachment(work, made.id)


def _room(work: Work, place: Place) -> int:
    """Bytes that may still be attached to the thing."""
    here = (FILE.c.about_type == place.type, FILE.c.about_id == place.id, FILE.c.removed_at.is_(None))
    count, used = work.session.execute(select(func.count(), func.coalesce(func.sum(FILE.c.size), 0)).where(*here)).one()
    if count >= MOST_FILES:
        raise TooLargeError(
            _("There are %(most)s files already.") % {"most": MOST_FILES}, remedy=_("Remove one that is not needed.")
        )
    return max(0, work.settings.attachments_per_case - int(used))


def _too_large(work: Work, room: int) -> TooLargeError:
    most = work.settings.attachment_bytes
    if room < most:
        return TooLargeError(
            _("All files of one case may come to %(most)s MB.")
            % {"most": f"{work.settings.attachments_per_case / 1e6:.3g}"},
            remedy=_("Remove one that is not needed."),
        )
    return TooLargeError(
        _("A file may have %(most)s MB.") % {"most": f"{most / 1e6:.3g}"}, remedy=_("Send a smaller one, or a part.")
    )


_ROWS = select(FILE, USER.c.display_name).outerjoin(USER, USER.c.id == FILE.c.added_by)
_ONE = _ROWS.where(FILE.c.id == bindparam("file"))
_AT = (
    _ROWS.where(FILE.c.about_type == bindparam("type"), FILE.c.about_id == bindparam("place"))
    .order_by(FILE.c.id.desc())
    .limit(at_most(2 * MOST_FILES))
)


def get_attachment(work: Work, attachment_id: int) -> AttachmentRow:
    """One file, or NotFoundError."""
    row = work.session.execute(_ONE, {"file": attachment_id}).first()
    if row is None:
        raise NotFoundError(_("There is no file %(id)s.") % {"id": attachment_id})
    return _row(row)


def list_attachments(work: Work, place_type: str, place_id: int) -> tuple[AttachmentRow, ...]:
    """The files of a thing, removed ones too, the newest first."""
    return tuple(_row(row) for row in work.session.execute(_AT, {"type": place_type, "place": place_id}))


def _row(row: Any) -> AttachmentRow:
    return AttachmentRow(
        row.id, Place(row.about_type, row.about_id, row.part_id), row.name, row.media_type, row.size, row.sha256,
        row.added_at, row.added_by, row.display_name or "Earshot", row.removed_at,
    )  # fmt: skip


def read_piece(work: Work, attachment_id: int, number: int) -> bytes | None:
    """Piece `number` (from 0) of a file; None after the last."""
    found = select(PIECE.c.data).where(PIECE.c.attachment_id == attachment_id, PIECE.c.number == number)
    data = work.session.scalar(found)
    return None if data is None else bytes(data)


def remove(work: Work, attachment_id: int) -> None:
    """Delete the bytes; name, digest, who and when stay as a trace."""
    work.session.execute(delete(PIECE).where(PIECE.c.attachment_id == attachment_id))
    gone = update(FILE).where(FILE.c.id == attachment_id, FILE.c.removed_at.is_(None)).values(removed_at=work.now())
    if affected(work, gone) != 1:
        raise NotFoundError(_("There is no file %(id)s.") % {"id": attachment_id})


def count(work: Work, place_type: str, ids: Any) -> int:
    """How many files are attached to these things; `ids`: numbers, or a query of them."""
    here = (FILE.c.about_type == place_type, FILE.c.about_id.in_(ids))
    return work.session.scalar(select(func.count()).select_from(FILE).where(*here)) or 0


def erase(work: Work, place_type: str, ids: Collection[int]) -> int:
    """Delete every file of these things, with all that is known of them; gives how many."""
    here = (FILE.c.about_type == place_type, FILE.c.about_id.in_(ids))
    work.session.execute(delete(PIECE).where(PIECE.c.attachment_id.in_(select(FILE.c.id).where(*here))))
    return affected(work, delete(FILE).where(*here))
