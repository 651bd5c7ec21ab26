"""What people are trained for and until when; whoever's training is over is given no work that asks for it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, or_, select

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.access_models import Skill
from bpm.identity.models import User
from bpm.identity.noting import note_person
from bpm.identity.people import get_user

LONGEST = 80


def list_skills(work: Work, user_id: int) -> list[Skill]:
    """All of a person's, those that are over, too."""
    return list(work.session.scalars(select(Skill).where(Skill.user_id == user_id).order_by(Skill.name)))


def set_skills(work: Work, user_id: int, skills: Mapping[str, date | None]) -> None:
    """Exactly these skills, each with its last day or None, from now on."""
    user = get_user(work, user_id)
    wanted = {" ".join(name.lower().split()): until for name, until in skills.items() if name.strip()}
    if any(len(name) > LONGEST for name in wanted):
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Name a skill in 80 characters at most."))
    before = _as_shown({each.name: each.expires_on for each in list_skills(work, user_id)})
    work.session.execute(delete(Skill).where(Skill.user_id == user_id))
    work.session.expire_all()
    work.session.add_all(Skill(user_id=user_id, name=name, expires_on=until) for name, until in sorted(wanted.items()))
    work.session.flush()
    note_person(work, "change_skills", user, before=before, after=_as_shown(wanted))


def people_trained_for(work: Work, name: str) -> frozenset[int]:
    """Numbers of the active people whose skill of that name counts today."""
    query = (
        select(Skill.user_id)
        .join(User, User.id == Skill.user_id)
        .where(User.active, Skill.name == " ".join(name.lower().split()))
        .where(or_(Skill.expires_on.is_(None), Skill.expires_on >= work.now().date()))
    )
    return frozenset(work.session.scalars(query))


def _as_shown(skills: Mapping[str, date | None]) -> dict[str, object]:
    return {"skills": {name: until.isoformat() if until else None for name, until in sorted(skills.items())}}
