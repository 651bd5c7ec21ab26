"""What people wrote, attached and handed over in a case, as one stream; comments are written, changed and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import jsonify, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import attachments, identity
from bpm.attachments import AttachmentRow
from bpm.engine import queries, teamwork
from bpm.engine.queries import CommentRow, HandOverRow, WorkItemRow
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.identity.models import User
from web.core.rendering import go, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.ui.plain_text import linked

MOST = 200
"""Entries that are shown; older ones are counted."""


@dataclass(frozen=True)
class Said:
    """One entry of the stream."""

    kind: Literal["comment", "file", "hand_over"]
    at: datetime
    who: str
    item_id: int | None
    task: str
    """The task it was said at, where that is another one of the case."""
    words: Markup | str = ""
    comment: CommentRow | None = None
    file: AttachmentRow | None = None
    hand_over: HandOverRow | None = None
    mine: bool = False
    can_edit: bool = False


@dataclass(frozen=True)
class Talk:
    """The stream of a case as one of its tasks shows it."""

    entries: tuple[Said, ...]
    older: int
    is_watching: bool
    can_watch: bool


def fingerprint(unit: Work) -> str:
    """Changes when people write, attach or hand over."""
    return queries.talk_mark(unit)


def talk_of(unit: Work, row: WorkItemRow) -> Talk:
    """The stream, the newest first."""
    case = row.instance_id
    kinds = queries.kinds_of_talk(unit, case)
    comments = queries.list_comments(unit, case) if kinds.comments else ()
    files = attachments.list_attachments(unit, "case", case) if kinds.files else ()
    passed = queries.list_hand_overs(unit, case) if kinds.hand_overs else ()
    names = _named(unit, comments, row)
    entries = [
        *(_comment(unit, each, row, names) for each in comments),
        *(_file(each, row) for each in files),
        *(_hand_over(each, row) for each in passed),
    ]
    entries.sort(key=lambda each: each.at, reverse=True)
    return Talk(
        tuple(entries[:MOST]),
        max(0, len(entries) - MOST),
        kinds.is_watching,
        row.status == WorkItemStatus.OPEN,
    )


def _named(unit: Work, comments: Sequence[CommentRow], row: WorkItemRow) -> frozenset[str]:
    """User names in lower case of those whom the comments name and who see the task; people are read only then."""
    if not any(teamwork.names_in(each.text) for each in comments):
        return frozenset()
    return frozenset(user.username.casefold() for user in _seeing(unit, row.id))


def _seeing(unit: Work, item_id: int) -> list[User]:
    return teamwork.who_see(unit, item_id, [each for each in identity.list_users(unit) if each.active])


@blueprint.get("/<int:item_id>/people")
@needs(Permission.WORK)
def people(item_id: int) -> Response:
    """[[user name, name]] of those who can be mentioned at the task; asked for when somebody writes the first @."""
    row = queries.get_work_item(work(), item_id).row
    found = ((each.username, each.display_name) for each in _seeing(work(), row.id))
    return jsonify([each for each in found if each[0] != actor().name])


def _comment(unit: Work, each: CommentRow, row: WorkItemRow, names: frozenset[str]) -> Said:
    mine = each.author_id == actor().user_id and each.removed_at is None
    return Said(
        "comment", each.at, each.author, each.item_id, "" if each.item_id == row.id else each.task,
        words=linked(each.text, names), comment=each, mine=mine,
        can_edit=mine and unit.now() - each.at <= teamwork.EDITED_WITHIN,
    )  # fmt: skip


def _file(each: AttachmentRow, row: WorkItemRow) -> Said:
    elsewhere = each.place.part not in (row.id, None)
    mine = each.added_by == actor().user_id and each.removed_at is None
    return Said(
        "file", each.added_at, each.added_by_name, each.place.part, _("another task") if elsewhere else "",
        file=each, mine=mine,
    )  # fmt: skip


def _hand_over(each: HandOverRow, row: WorkItemRow) -> Said:
    return Said(
        "hand_over", each.at, each.by, each.item_id, "" if each.item_id == row.id else each.task,
        words=linked(each.note), hand_over=each,
    )  # fmt: skip


@blueprint.post("/<int:item_id>/comments")
@needs(Permission.WORK)
def write_comment(item_id: int) -> Response:
    _say_of(teamwork.write_comment(work(), item_id, request.form.get("text", "")), _("Comment added."))
    return go("tasks.task", item_id=item_id, _anchor="talk")


@blueprint.post("/<int:item_id>/comments/<int:comment_id>")
@needs(Permission.WORK)
def edit_comment(item_id: int, comment_id: int) -> Response:
    _say_of(teamwork.edit_comment(work(), comment_id, request.form.get("text", "")), _("Comment changed."))
    return go("tasks.task", item_id=item_id, _anchor="talk")


@blueprint.post("/<int:item_id>/comments/<int:comment_id>/removal")
@needs(Permission.WORK)
def remove_comment(item_id: int, comment_id: int) -> Response:
    teamwork.remove_comment(work(), comment_id)
    say(_("Comment removed: that you wrote one stays to be seen."))
    return go("tasks.task", item_id=item_id, _anchor="talk")


def _say_of(mentions: teamwork.Mentions, done: str) -> None:
    """What was done, and who was named but cannot see the task."""
    if mentions.blind:
        done += " " + _("Not told, for they cannot see this task: %(names)s.") % {"names": ", ".join(mentions.blind)}
    say(done)
