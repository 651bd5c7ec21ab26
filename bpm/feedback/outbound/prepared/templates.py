"""Words to begin a reply with: written by one person, approved by another, looked at again by a day, filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bpm import audit
from bpm.feedback.models import FeedbackItem, OutboundMessage, ReplyTemplate
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission, demand, may
from bpm.identity.models import User

LONGEST_NAME, LONGEST_TEXT = 120, 10_000
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")


@dataclass(frozen=True)
class TemplateRow:
    """A template as it stands in a list."""

    id: int
    name: str
    subject: str
    text: str
    topic: str
    owner_id: int
    owner: str
    review_by: date
    approved_by: str
    approved_at: datetime | None
    changed_by_id: int
    retired_at: datetime | None
    used: int = 0
    """How many messages began as it."""

    def problem(self, today: date) -> str:
        """Why it cannot be used; empty when it can."""
        if self.retired_at is not None:
            return _("used no more")
        if self.approved_at is None:
            return _("waits for approval")
        return _("to be looked at again") if self.review_by < today else ""


def list_templates(work: Work, *, with_retired: bool = False) -> tuple[TemplateRow, ...]:
    """All of them by name."""
    approver, used = aliased(User), func.count(OutboundMessage.id)
    query = (
        select(ReplyTemplate, User.display_name, approver.display_name, used)
        .join(User, User.id == ReplyTemplate.owner_user_id)
        .outerjoin(approver, approver.id == ReplyTemplate.approved_by)
        .outerjoin(OutboundMessage, OutboundMessage.template_id == ReplyTemplate.id)
        .group_by(ReplyTemplate.id, User.display_name, approver.display_name)
        .order_by(ReplyTemplate.name)
    )
    if not with_retired:
        query = query.where(ReplyTemplate.retired_at.is_(None))
    return tuple(
        TemplateRow(
            row.id, row.name, row.subject, row.text, row.topic, row.owner_user_id, owner, row.review_by,
            approved or "", row.approved_at, row.changed_by, row.retired_at, number,
        )
        for row, owner, approved, number in work.session.execute(query)
    )  # fmt: skip


def get_template(work: Work, template_id: int) -> TemplateRow:
    """One of them, or NotFoundError."""
    found = next((each for each in list_templates(work, with_retired=True) if each.id == template_id), None)
    if found is None:
        raise NotFoundError(_("There is no template %(id)s.") % {"id": template_id})
    return found


def usable_templates(work: Work, topic: str | None) -> tuple[TemplateRow, ...]:
    """Those that may be used today: first those of the topic, then those of all."""
    today = work.now().date()
    rows = [each for each in list_templates(work) if not each.problem(today)]
    return tuple(sorted(rows, key=lambda each: (each.topic != (topic or ""), bool(each.topic), each.name)))


def save_template(work: Work, given: Mapping[str, str], *, template_id: int | None = None) -> int:
    """Make or change one; other words have to be approved anew. InvalidInputError with `fields`; gives its id."""
    demand(work.actor, Permission.ANSWER)
    assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
    values, row = _checked(work, given, template_id), None
    if template_id is not None:
        row = _get(work, template_id)
    before = _told(row) if row is not None else None
    if row is None:
        row = ReplyTemplate(created_at=work.now(), text="", changed_at=work.now(), changed_by=work.actor.user_id)
        work.session.add(row)
    if (row.text, row.subject) != (values["text"], values["subject"]):
        row.approved_at = row.approved_by = None
        row.changed_by, row.changed_at = work.actor.user_id, work.now()
    for name, value in values.items():
        setattr(row, name, value)
    work.session.flush()
    audit.record(work, "template.save", _thing(row), before=before, after=_told(row))
    return row.id


def approve_template(work: Work, template_id: int, *, review_by: date | None = None) -> None:
    """Say that it may be used until the day, by somebody else than who wrote it; administrators may stand in."""
    demand(work.actor, Permission.ANSWER)
    row = _get(work, template_id)
    if row.changed_by == work.actor.user_id and not may(work.actor, Permission.ADMIN):
        raise ForbiddenError(
            _("Whoever wrote a template does not approve it."), remedy=_("Ask a colleague to read and approve it.")
        )
    if review_by is not None:
        row.review_by = review_by
    if row.review_by < work.now().date():
        problem = _("Name a day that is still to come.")
        raise InvalidInputError(_("Its day has gone by."), remedy=problem, fields={"review_by": problem})
    before = {"approved": row.approved_at is not None, "review_by": row.review_by.isoformat()}
    row.approved_at, row.approved_by = work.now(), work.actor.user_id
    after = {"approved": True, "review_by": row.review_by.isoformat()}
    audit.record(work, "template.approve", _thing(row), before=before, after=after)


def retire_template(work: Work, template_id: int) -> None:
    """Use it no more; what began as it stays."""
    demand(work.actor, Permission.ANSWER)
    row = _get(work, template_id)
    if row.retired_at is not None:
        raise ConflictError(_("It is used no more already."))
    row.retired_at = work.now()
    audit.record(work, "template.retire", _thing(row), before={"used": True}, after={"used": False})


def fill(text: str, item: FeedbackItem, author: Actor) -> str:
    """The words with what is known of this customer; what is not known stays to be filled in."""
    values = {
        "name": (item.author_name or "").split(" ")[0],
        "author": author.display_name,
        "subject": item.subject,
    }
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def _checked(work: Work, given: Mapping[str, str], own_id: int | None) -> dict[str, object]:
    name, text = " ".join(given.get("name", "").split()), given.get("text", "").strip()
    problems: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = _("Name it, in at most %(number)s characters.") % {"number": LONGEST_NAME}
    elif work.session.scalar(
        select(ReplyTemplate.id).where(ReplyTemplate.name == name, ReplyTemplate.id != (own_id or 0))
    ):
        problems["name"] = _("Another template has this name.")
    if not text or len(text) > LONGEST_TEXT:
        problems["text"] = _("Write its words, in at most %(number)s characters.") % {"number": LONGEST_TEXT}
    try:
        review_by = date.fromisoformat(given.get("review_by", "").strip())
    except ValueError:
        problems["review_by"] = _("Name the day by which it is looked at again.")
    owner = given.get("owner", "").strip()
    known = owner.isdecimal() and work.session.get(User, int(owner)) is not None
    if owner and not known:
        problems["owner"] = _("Choose a person.")
    if problems:
        raise InvalidInputError(
            _("The template cannot be kept like this."),
            remedy=_("Look at the fields that are marked."),
            fields=problems,
        )
    return {
        "name": name,
        "text": text,
        "subject": " ".join(given.get("subject", "").split())[:400],
        "topic": given.get("topic", "").strip()[:120],
        "review_by": review_by,
        "owner_user_id": int(owner) if owner else work.actor.user_id,
    }


def _get(work: Work, template_id: int) -> ReplyTemplate:
    row = work.session.get(ReplyTemplate, template_id)
    if row is None:
        raise NotFoundError(_("There is no template %(id)s.") % {"id": template_id})
    return row


def _thing(row: ReplyTemplate) -> audit.Thing:
    return audit.Thing("template", row.id, row.name)


def _told(row: ReplyTemplate) -> dict[str, object]:
    return {
        "name": row.name, "subject": row.subject, "text": row.text, "topic": row.topic,
        "owner": row.owner_user_id, "review_by": row.review_by.isoformat(), "approved": row.approved_at is not None,
    }  # fmt: skip
