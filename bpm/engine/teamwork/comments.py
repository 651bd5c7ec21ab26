"""Remarks of people about a task, read at every task of its case."""

from datetime import timedelta

from bpm.engine.events import CommentWritten
from bpm.engine.task_models import TaskComment
from bpm.engine.teamwork.mentions import Mentions, find_mentions
from bpm.engine.work_items.access import note, person_of, see
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLargeError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

EDITED_WITHIN = timedelta(minutes=15)
"""How long after writing it a comment can be changed."""
LONGEST = 10_000
"""Characters of a comment."""


def write_comment(work: Work, item_id: int, text: str) -> Mentions:
    """Write about a task that the actor may see; who is mentioned in it, and who of them cannot see the task."""
    author, row, said = person_of(work), see(work, item_id), _checked(text)
    comment = TaskComment(
        instance_id=row.instance_id, item_id=item_id, author_id=author, text=said, written_at=work.now()
    )
    work.session.add(comment)
    work.session.flush()
    mentions = find_mentions(work, item_id, said)
    work.publish(CommentWritten(item_id, row.instance_id, author, mentions.told))
    note(work, "comment", (item_id, row.name, row.instance_id), {}, {"comment": comment.id, "text": said})
    work.nudge("talk")
    return mentions


def edit_comment(work: Work, comment_id: int, text: str) -> Mentions:
    """Change one's own comment within minutes; those who are mentioned anew are told."""
    comment, said = _own(work, comment_id), _checked(text)
    if work.now() - comment.written_at > EDITED_WITHIN:
        minutes = int(EDITED_WITHIN.total_seconds() // 60)
        raise ConflictError(
            _("A comment can be changed for %(minutes)s minutes.") % {"minutes": minutes},
            remedy=_("Write another one, or remove this one."),
        )
    if said == comment.text:
        return Mentions()
    row = see(work, comment.item_id)
    known = set(find_mentions(work, comment.item_id, comment.text).told)
    mentions = find_mentions(work, comment.item_id, said)
    before, comment.text, comment.edited_at = comment.text, said, work.now()
    new = tuple(each for each in mentions.told if each not in known)
    if new:
        work.publish(CommentWritten(comment.item_id, comment.instance_id, comment.author_id, new))
    about = (comment.item_id, row.name, row.instance_id)
    note(work, "edit_comment", about, {"text": before}, {"comment": comment.id, "text": said})
    work.nudge("talk")
    return Mentions(new, mentions.blind)


def remove_comment(work: Work, comment_id: int) -> int:
    """Take the words of one's own comment away, its place stays; the task that it was written at."""
    comment = _own(work, comment_id)
    row = see(work, comment.item_id)
    note(
        work, "remove_comment", (comment.item_id, row.name, row.instance_id), {"text": comment.text},
        {"comment": comment.id, "text": None},
    )  # fmt: skip
    comment.text, comment.removed_at = "", work.now()
    work.nudge("talk")
    return comment.item_id


def _own(work: Work, comment_id: int) -> TaskComment:
    comment = work.session.get(TaskComment, comment_id)
    if comment is None or comment.removed_at is not None:
        raise NotFoundError(_("There is no comment %(id)s.") % {"id": comment_id})
    see(work, comment.item_id)
    if comment.author_id != person_of(work):
        raise ForbiddenError(_("Only who wrote a comment can change it."), remedy=_("Write one of your own."))
    return comment


def _checked(text: str) -> str:
    said = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not said:
        raise InvalidInputError(
            _("The comment is empty."), remedy=_("Write something."), fields={"text": _("Please answer this.")}
        )
    if len(said) > LONGEST:
        raise TooLargeError(
            _("The comment has %(length)s characters.") % {"length": len(said)},
            remedy=_("Keep it under %(most)s, or attach a file.") % {"most": LONGEST},
        )
    return said
