"""Who learns under whom: begun and ended by a person other than the learner, on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bpm import audit
from bpm.feedback.models import Mentoring
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, demand, get_user, may
from bpm.identity.models import User

LONGEST_REASON = 600


@dataclass(frozen=True)
class Mentor:
    """Who reads what a learner writes before it leaves."""

    user_id: int
    name: str


@dataclass(frozen=True)
class MentoringRow:
    """One stretch under a mentor; `ended_at` is None while it goes on."""

    learner_id: int
    learner: str
    mentor_id: int
    mentor: str
    begun_at: datetime
    ended_at: datetime | None
    ended_by: str
    reason: str


def mentor_of(work: Work, user_id: int | None) -> Mentor | None:
    """The mentor of somebody who learns now; None for who answers alone."""
    if user_id is None:
        return None
    row = work.session.execute(
        select(Mentoring.mentor_id, User.display_name)
        .join(User, User.id == Mentoring.mentor_id)
        .where(Mentoring.learner_id == user_id, Mentoring.ended_at.is_(None))
    ).one_or_none()
    return Mentor(*row) if row is not None else None


def refuse_while_learning(work: Work) -> None:
    """ForbiddenError where the person who acts learns: this goes to many at once, and nobody could read it before."""
    mentor = mentor_of(work, work.actor.user_id)
    if mentor is not None:
        raise ForbiddenError(
            _("While you learn, you do not speak to many at once."), remedy=_("Ask %(name)s.") % {"name": mentor.name}
        )


def begin_mentoring(work: Work, learner_id: int, mentor_id: int) -> None:
    """From now on nothing that the learner writes leaves until the mentor approves it.

    InvalidInputError (fields `learner`, `mentor`) for who cannot be one; ConflictError where it goes on already.
    """
    demand(work.actor, Permission.ANSWER)
    assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
    refuse_while_learning(work)
    learner, mentor = get_user(work, learner_id), get_user(work, mentor_id)
    problems: dict[str, str] = {}
    for name, user in (("learner", learner), ("mentor", mentor)):
        if not user.active or not may(actor_of(user), Permission.ANSWER):
            problems[name] = _("%(name)s does not answer customers.") % {"name": user.display_name}
    if learner.id == mentor.id:
        problems["mentor"] = _("Nobody is their own mentor.")
    elif mentor_of(work, mentor.id) is not None:
        problems["mentor"] = _("%(name)s learns, too.") % {"name": mentor.display_name}
    if problems:
        raise InvalidInputError(_("Nothing was begun."), remedy=_("Choose somebody else."), fields=problems)
    if mentor_of(work, learner.id) is not None:
        raise ConflictError(_("%(name)s has a mentor already.") % {"name": learner.display_name})
    row = Mentoring(learner_id=learner.id, mentor_id=mentor.id, begun_at=work.now(), begun_by=work.actor.user_id)
    work.session.add(row)
    work.session.flush()
    after = {"mentor": mentor.display_name}
    audit.record(work, "mentoring.begin", person_thing(learner), before={"mentor": None}, after=after)


def end_mentoring(work: Work, learner_id: int, *, reason: str) -> None:
    """Somebody else than the learner (the mentor, or who administers) says that they go on alone, and why."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.scalar(select(Mentoring).where(Mentoring.learner_id == learner_id, Mentoring.ended_at.is_(None)))
    if row is None:
        raise ConflictError(_("They answer alone already."))
    is_other = work.actor.user_id != learner_id
    if not is_other or (work.actor.user_id != row.mentor_id and not may(work.actor, Permission.ADMIN)):
        raise ForbiddenError(_("Their mentor decides that."), remedy=_("Ask them."))
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        say = _("Say why; it stands on record.")
        raise InvalidInputError(_("Nothing was changed."), remedy=say, fields={"reason": say})
    row.ended_at, row.ended_by, row.reason = work.now(), work.actor.user_id, why
    work.session.flush()
    mentor = get_user(work, row.mentor_id).display_name
    thing = person_thing(get_user(work, learner_id))
    audit.record(work, "mentoring.end", thing, before={"mentor": mentor}, after={"mentor": None}, reason=why)


def list_mentorings(work: Work) -> tuple[MentoringRow, ...]:
    """All, those that go on first, then the newest."""
    learner, mentor, ended = aliased(User), aliased(User), aliased(User)
    rows = work.session.execute(
        select(Mentoring, learner.display_name, mentor.display_name, ended.display_name)
        .select_from(Mentoring)
        .join(learner, learner.id == Mentoring.learner_id)
        .join(mentor, mentor.id == Mentoring.mentor_id)
        .outerjoin(ended, ended.id == Mentoring.ended_by)
        .order_by(Mentoring.ended_at.is_not(None), Mentoring.id.desc())
    )
    return tuple(
        MentoringRow(
            row.learner_id, name, row.mentor_id, of, row.begun_at, row.ended_at, by or "", row.reason
        )
        for row, name, of, by in rows
    )  # fmt: skip


def person_thing(user: User) -> audit.Thing:
    """The person as the audit trail names them."""
    return audit.Thing("person", user.id, user.display_name)
