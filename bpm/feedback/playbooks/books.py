"""Playbooks as people keep them: whose each is, until when it is offered unseen; other steps are another version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bpm import audit
from bpm.feedback.classification_result import KINDS
from bpm.feedback.models import Playbook, PlaybookUse, PlaybookVersion
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

TONES = ("negative", "neutral", "positive")
MOST_STEPS, LONGEST_STEP, LONGEST_NAME, LONGEST_REASON = 20, 300, 120, 400
MOST = 200
"""Playbooks in a list."""


@dataclass(frozen=True)
class PlaybookRow:
    """A playbook with its newest version. Empty `topic`, `kind`, `tone`: whatever."""

    id: int
    name: str
    topic: str
    kind: str
    tone: str
    owner_id: int
    owner: str
    review_by: date
    retired_at: datetime | None
    version_id: int
    number: int
    steps: tuple[str, ...]
    uses: int = 0

    def problem(self, today: date) -> str:
        """Why it is not offered; empty when it is."""
        if self.retired_at is not None:
            return _("used no more")
        return _("to be looked at again") if self.review_by < today else ""


@dataclass(frozen=True)
class VersionRow:
    """One version: what its steps were, who wrote them when, and why."""

    id: int
    number: int
    steps: tuple[str, ...]
    reason: str
    by: str
    at: datetime


_LATER = aliased(PlaybookVersion)
_NEWEST = select(func.max(_LATER.number)).where(_LATER.playbook_id == Playbook.id).correlate(Playbook).scalar_subquery()


def list_playbooks(work: Work, *, with_retired: bool = False, only: int | None = None) -> tuple[PlaybookRow, ...]:
    """All by name, each with how often any version of it was begun."""
    used = (
        select(func.count())
        .select_from(PlaybookUse)
        .join(_LATER, _LATER.id == PlaybookUse.version_id)
        .where(_LATER.playbook_id == Playbook.id)
        .correlate(Playbook)
        .scalar_subquery()
    )
    query = (
        select(Playbook, PlaybookVersion, User.display_name, used)
        .select_from(Playbook)
        .join(PlaybookVersion, (PlaybookVersion.playbook_id == Playbook.id) & (PlaybookVersion.number == _NEWEST))
        .join(User, User.id == Playbook.owner_user_id)
        .order_by(Playbook.name)
        .limit(MOST)
    )
    if only is not None:
        query = query.where(Playbook.id == only)
    elif not with_retired:
        query = query.where(Playbook.retired_at.is_(None))
    return tuple(
        PlaybookRow(
            book.id, book.name, book.topic, book.kind, book.tone, book.owner_user_id, owner, book.review_by,
            book.retired_at, version.id, version.number, tuple(version.steps), number,
        )
        for book, version, owner, number in work.session.execute(query)
    )  # fmt: skip


def get_playbook(work: Work, playbook_id: int) -> PlaybookRow:
    """One of them, or NotFoundError."""
    found = list_playbooks(work, only=playbook_id)
    if not found:
        raise NotFoundError(_("There is no playbook %(id)s.") % {"id": playbook_id})
    return found[0]


def versions_of(work: Work, playbook_id: int) -> tuple[VersionRow, ...]:
    """Its versions, the newest first."""
    rows = work.session.execute(
        select(PlaybookVersion, User.display_name)
        .join(User, User.id == PlaybookVersion.by_id)
        .where(PlaybookVersion.playbook_id == playbook_id)
        .order_by(PlaybookVersion.number.desc())
    )
    return tuple(VersionRow(row.id, row.number, tuple(row.steps), row.reason, by, row.at) for row, by in rows)


def save_playbook(work: Work, given: Mapping[str, str], *, playbook_id: int | None = None) -> int:
    """Make or change one; gives its id. Other steps are the next version, with why; InvalidInputError has `fields`."""
    demand(work.actor, Permission.ANSWER)
    assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
    before = get_playbook(work, playbook_id) if playbook_id is not None else None
    values, steps, reason = _checked(work, given, before)
    now = work.now()
    row = work.session.get_one(Playbook, playbook_id) if playbook_id is not None else Playbook(created_at=now)
    row.changed_at = now
    for name, value in values.items():
        setattr(row, name, value)
    work.session.add(row)
    work.session.flush()
    if before is None or before.steps != steps:
        number = before.number + 1 if before is not None else 1
        version = PlaybookVersion(playbook_id=row.id, number=number, steps=list(steps), reason=reason)
        version.by_id, version.at = work.actor.user_id, now
        work.session.add(version)
        work.session.flush()
    told = _told(get_playbook(work, row.id))
    audit.record(
        work, "playbook.save", _thing(row), before=_told(before) if before else None, after=told, reason=reason or None
    )
    return row.id


def retire_playbook(work: Work, playbook_id: int) -> None:
    """Offer it no more; uses of it stay. ConflictError when it is not offered already."""
    demand(work.actor, Permission.ANSWER)
    get_playbook(work, playbook_id)
    row = work.session.get_one(Playbook, playbook_id)
    if row.retired_at is not None:
        raise ConflictError(_("It is used no more already."))
    row.retired_at = work.now()
    work.session.flush()
    audit.record(work, "playbook.retire", _thing(row), before={"used": True}, after={"used": False})


def _checked(
    work: Work, given: Mapping[str, str], before: PlaybookRow | None
) -> tuple[dict[str, Any], tuple[str, ...], str]:
    problems: dict[str, str] = {}
    values = {
        "name": _name(work, given, before, problems),
        "topic": " ".join(given.get("topic", "").split())[:120],
        "kind": _one(given, "kind", KINDS, problems),
        "tone": _one(given, "tone", TONES, problems),
        "review_by": _day(given, problems),
        "owner_user_id": _owner(work, given, problems),
    }
    steps = tuple(line for line in (" ".join(each.split()) for each in given.get("steps", "").splitlines()) if line)
    if not steps or len(steps) > MOST_STEPS or any(len(each) > LONGEST_STEP for each in steps):
        told = {"most": MOST_STEPS, "longest": LONGEST_STEP}
        problems["steps"] = _("Write 1 to %(most)s steps, one a line, each of at most %(longest)s characters.") % told
    reason = " ".join(given.get("reason", "").split())[:LONGEST_REASON]
    if before is not None and steps != before.steps and not reason:
        problems["reason"] = _("Say why the steps change; colleagues read it.")
    if problems:
        raise InvalidInputError(
            _("The playbook cannot be kept like this."),
            remedy=_("Look at the fields that are marked."),
            fields=problems,
        )
    return values, steps, reason


def _name(work: Work, given: Mapping[str, str], before: PlaybookRow | None, problems: dict[str, str]) -> str:
    name = " ".join(given.get("name", "").split())
    taken = select(Playbook.id).where(Playbook.name == name, Playbook.id != (before.id if before else 0))
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = _("Name it, in at most %(number)s characters.") % {"number": LONGEST_NAME}
    elif work.session.scalar(taken) is not None:
        problems["name"] = _("Another playbook has this name.")
    return name


def _one(given: Mapping[str, str], name: str, known: tuple[str, ...], problems: dict[str, str]) -> str:
    value = given.get(name, "").strip()
    if value and value not in known:
        problems[name] = _("Choose one of the list.")
    return value


def _day(given: Mapping[str, str], problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(given.get("review_by", "").strip())
    except ValueError:
        problems["review_by"] = _("Name the day by which it is looked at again.")
        return None


def _owner(work: Work, given: Mapping[str, str], problems: dict[str, str]) -> int | None:
    owner = given.get("owner", "").strip()
    if owner and not (owner.isdecimal() and work.session.get(User, int(owner)) is not None):
        problems["owner"] = _("Choose a person.")
        return None
    return int(owner) if owner else work.actor.user_id


def _thing(row: Playbook) -> audit.Thing:
    return audit.Thing("playbook", row.id, row.name)


def _told(row: PlaybookRow) -> dict[str, Any]:
    return {
        "name": row.name, "topic": row.topic, "kind": row.kind, "tone": row.tone, "owner": row.owner_id,
        "review_by": row.review_by.isoformat(), "version": row.number, "steps": list(row.steps),
    }  # fmt: skip
