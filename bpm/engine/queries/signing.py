"""What departments said of a version, in the order in which they said it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm.engine.models import SigningRecord
from bpm.engine.status import SigningVerb
from bpm.foundation.work import Work
from bpm.identity.models import User


@dataclass(frozen=True)
class SaidRow:
    """One thing said of a version; `who` is None for the console."""

    department: str
    verb: SigningVerb
    user_id: int | None
    who: str | None
    comment: str
    content_hash: str
    at: datetime


def list_said(work: Work, version_id: int) -> list[SaidRow]:
    """Everything said of the version, oldest first."""
    query = (
        select(SigningRecord, User.display_name)
        .outerjoin(User, User.id == SigningRecord.user_id)
        .where(SigningRecord.version_id == version_id)
        .order_by(SigningRecord.id)
    )
    return [
        SaidRow(row.department, row.verb, row.user_id, name, row.comment, row.content_hash, row.at)
        for row, name in work.session.execute(query)
    ]
