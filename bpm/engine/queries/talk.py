"""What people wrote and did about the tasks of a case, as one stream."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Select, Table, bindparam, exists, func, select

from bpm.attachments.models import Attachment
from bpm.engine.models import WorkItem
from bpm.engine.task_models import CaseWatch, HandOver, Passing, TaskComment
from bpm.foundation.db import at_most
from bpm.foundation.work import Work
from bpm.identity.models import Group, User

MOST = 200
"""Comments, and hand-overs, that are read of one case: the newest."""
AUTHOR = cast("Table", User.__table__)


@dataclass(frozen=True)
class CommentRow:
    """A comment; without words once it was removed."""

    id: int
    item_id: int
    task: str
    author_id: int
    author: str
    text: str
    at: datetime
    edited_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True)
class HandOverRow:
    """How a task changed hands."""

    id: int
    item_id: int
    task: str
    kind: Passing
    by: str
    to: str
    """Name of the person or group."""
    note: str
    at: datetime
    undone_at: datetime | None
    whose: str
    """Name of the person who had it, if anybody."""


@dataclass(frozen=True)
class TalkKinds:
    """What there is of a case's stream, and whether the actor follows the case."""

    comments: bool
    files: bool
    hand_overs: bool
    is_watching: bool


def talk_mark(work: Work) -> str:
    """Changes when something is written, attached or handed over at any task, or taken back of the newest of it."""
    marks = []
    for table, times in (
        (TaskComment, (TaskComment.edited_at, TaskComment.removed_at)),
        (HandOver, (HandOver.undone_at,)),
        (Attachment, (Attachment.removed_at,)),
    ):
        newest = select(table.id, *times).order_by(table.id.desc()).limit(MOST).subquery()
        marks += [select(func.max(column)).scalar_subquery() for column in newest.c]
    return str(work.session.execute(select(*marks)).one())


_CASE: BindParameter[int] = bindparam("case")
# Built once: every task that is opened asks them, and building them costs more than running them.
_KINDS = select(
    exists().where(TaskComment.instance_id == _CASE).label("comments"),
    exists().where(Attachment.about_type == "case", Attachment.about_id == _CASE).label("files"),
    exists().where(HandOver.instance_id == _CASE).label("hand_overs"),
    exists().where(CaseWatch.instance_id == _CASE, CaseWatch.user_id == bindparam("person")).label("is_watching"),
)
_COMMENTS = (
    select(TaskComment, WorkItem.name, User.display_name)
    .join(User, User.id == TaskComment.author_id)
    .join(WorkItem, WorkItem.id == TaskComment.item_id)
    .where(TaskComment.instance_id == _CASE)
    .order_by(TaskComment.id.desc())
    .limit(at_most(MOST))
)


def _hand_overs() -> Select[Any]:
    to, had = AUTHOR.alias("recipient"), AUTHOR.alias("before")
    return (
        select(
            HandOver, WorkItem.name, User.display_name, to.c.display_name.label("person"), Group.name.label("team"),
            had.c.display_name.label("whose"),
        )
        .join(User, User.id == HandOver.by_id)
        .join(WorkItem, WorkItem.id == HandOver.item_id)
        .outerjoin(to, to.c.id == HandOver.to_id)
        .outerjoin(had, had.c.id == HandOver.from_id)
        .outerjoin(Group, Group.key == HandOver.to_group)
        .where(HandOver.instance_id == _CASE)
        .order_by(HandOver.id.desc())
        .limit(at_most(MOST))
    )  # fmt: skip


_HAND_OVERS = _hand_overs()


def kinds_of_talk(work: Work, instance_id: int) -> TalkKinds:
    """What has to be read to show the stream of a case: of most cases nothing; one statement for all of it."""
    return TalkKinds(*work.session.execute(_KINDS, {"case": instance_id, "person": work.actor.user_id}).one())


def list_comments(work: Work, instance_id: int) -> tuple[CommentRow, ...]:
    """The comments of a case, the newest first; whether the actor may see them is asked before."""
    return tuple(
        CommentRow(
            each.id, each.item_id, name, each.author_id, author, each.text, each.written_at, each.edited_at,
            each.removed_at,
        )
        for each, name, author in work.session.execute(_COMMENTS, {"case": instance_id})
    )  # fmt: skip


def list_hand_overs(work: Work, instance_id: int) -> tuple[HandOverRow, ...]:
    """The hand-overs in a case, the newest first; whether the actor may see them is asked before."""
    return tuple(
        HandOverRow(
            each.id, each.item_id, name, each.kind, by, person or team or each.to_group or "", each.note, each.at,
            each.undone_at, whose or "",
        )
        for each, name, by, person, team, whose in work.session.execute(_HAND_OVERS, {"case": instance_id})
    )  # fmt: skip
