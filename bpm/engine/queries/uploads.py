"""Uploads that have not become a version yet, as the list of processes shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from bpm.engine.models import Upload
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User


@dataclass(frozen=True)
class UnfinishedUpload:
    """What somebody uploaded and has not deployed yet."""

    id: int
    file_name: str
    key: str
    deployable: bool
    created_at: datetime
    created_by: str


def get_upload(work: Work, upload_id: int) -> Upload:
    """An upload with its source and its check, or NotFoundError."""
    found = work.session.get(Upload, upload_id, options=[undefer(Upload.source), undefer(Upload.checked)])
    if found is None:
        raise NotFoundError(_("There is no upload %(number)s.") % {"number": upload_id})
    return found


def list_unfinished_uploads(work: Work, *, limit: int = 20) -> list[UnfinishedUpload]:
    """The newest first; their reports, which may be large, stay in the database."""
    query = (
        select(
            Upload.id,
            Upload.file_name,
            Upload.created_at,
            Upload.report["key"].as_string().label("key"),
            Upload.report["deployable"].as_boolean().label("deployable"),
            User.display_name,
        )
        .outerjoin(User, User.id == Upload.created_by)
        .where(Upload.version_id.is_(None))
        .order_by(Upload.id.desc())
        .limit(limit)
    )
    return [
        UnfinishedUpload(
            id=row.id,
            file_name=row.file_name,
            key=row.key or "",
            deployable=bool(row.deployable),
            created_at=row.created_at,
            created_by=row.display_name or "",
        )
        for row in work.session.execute(query)
    ]
