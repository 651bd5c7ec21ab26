"""People changed: invited, given other roles and groups, switched off; each change ends what it must, and is stated.

Nobody changes their own roles, and one active administrator is always left.
"""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select

from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.entry.sessions import end_sessions
from bpm.identity.groups import ensure_group
from bpm.identity.models import User
from bpm.identity.noting import note_person
from bpm.identity.passwords import find_password_problem
from bpm.identity.people import check_person, get_user, hash_password
from bpm.identity.permissions import ROLES

_MAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\\x00-\x1f]+@[^@\s<>,;:\"()\[\]\\\x00-\x1f]+")
ADMIN = "admin"


@dataclass(frozen=True)
class PersonForm:
    """What an administrator says about a person; groups are keys."""

    display_name: str
    email: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]


def invite(work: Work, username: str, form: PersonForm) -> User:
    """A person without a password, who chooses one by a link or comes by the provider."""
    fields = check_person(work, username, roles=form.roles) | _mail_problem(work, form.email)
    if fields:
        raise InvalidInputError(_("The person was not invited."), remedy=" ".join(fields.values()), fields=fields)
    user = User(
        username=username,
        display_name=form.display_name.strip() or username,
        password_hash="",
        email=form.email.strip().lower() or None,
        roles=sorted(set(form.roles)),
        groups=[ensure_group(work, key) for key in form.groups],
        created_at=work.now(),
    )
    work.session.add(user)
    work.session.flush()
    note_person(work, "invite", user, after=as_shown(user))
    return user


def change_person(work: Work, user_id: int, form: PersonForm) -> User:
    """Change name, address, roles and groups. New roles sign the person out everywhere: their rights hold at once."""
    user = get_user(work, user_id)
    fields = {} if set(form.roles) <= set(ROLES) else {"roles": _("There is no such role.")}
    fields |= _mail_problem(work, form.email, of=user_id)
    if not form.display_name.strip():
        fields["display_name"] = _("Give a name.")
    if fields:
        raise InvalidInputError(_("Nothing was changed."), remedy=" ".join(fields.values()), fields=fields)
    before, roles = as_shown(user), sorted(set(form.roles))
    if roles != user.roles:
        refuse_own(work, user_id)
        if ADMIN not in roles:
            _keep_an_administrator(work, user)
        end_sessions(work, user_id)
    user.display_name, user.email, user.roles = form.display_name.strip(), form.email.strip().lower() or None, roles
    user.groups = [ensure_group(work, key) for key in form.groups]
    work.session.flush()
    note_person(work, "change", user, before=before, after=as_shown(user))
    return user


@dataclass(frozen=True)
class ProfileForm:
    """What a person says about themselves; empty values mean: as it comes."""

    display_name: str
    time_zone: str = ""
    language: str = ""
    theme: str = ""
    start_page: str = ""
    after_task: str = ""


THEMES = ("", "light", "dark")
AFTER_TASK = ("", "next", "stay")


def change_profile(work: Work, user_id: int, form: ProfileForm) -> User:
    """Change how the person is called and how pages look for them; InvalidInputError with a message per field."""
    user, fields = get_user(work, user_id), {}
    if not form.display_name.strip():
        fields["display_name"] = _("Give a name.")
    if form.time_zone and form.time_zone not in available_timezones():
        fields["time_zone"] = _("There is no such time zone; choose one of the list.")
    if form.theme not in THEMES:
        fields["theme"] = _("Choose one of the list.")
    if fields:
        raise InvalidInputError(_("Nothing was changed."), remedy=" ".join(fields.values()), fields=fields)
    before = user.display_name
    user.display_name, user.time_zone, user.theme = form.display_name.strip()[:200], form.time_zone, form.theme
    user.language, user.start_page = form.language, form.start_page
    user.after_task = form.after_task if form.after_task in AFTER_TASK else ""
    work.session.flush()
    if before != user.display_name:
        note_person(work, "change_profile", user, before={"name": before}, after={"name": user.display_name})
    return user


def deactivate(work: Work, user_id: int, *, reason: str = "") -> None:
    """Switch the person off: signed out everywhere at once, and nothing lets them in again."""
    user = get_user(work, user_id)
    if user.id == work.actor.user_id:
        raise ForbiddenError(_("You cannot switch yourself off."), remedy=_("Ask another administrator."))
    _keep_an_administrator(work, user)
    user.active = False
    end_sessions(work, user_id)
    work.session.flush()
    note_person(work, "switch_off", user, before={"active": True}, after={"active": False}, reason=reason)


def activate(work: Work, user_id: int) -> None:
    """Let the person in again, with the roles and groups they had."""
    user = get_user(work, user_id)
    user.active = True
    work.session.flush()
    note_person(work, "switch_on", user, before={"active": False}, after={"active": True})


def sign_out_everywhere(work: Work, user_id: int, *, but: int | None = None) -> int:
    """End the person's sessions, perhaps `but` one; gives how many ended."""
    ended = end_sessions(work, user_id, but=but)
    note_person(work, "sign_out_everywhere", get_user(work, user_id), after={"sessions": ended})
    return ended


def set_password(work: Work, user_id: int, password: str, *, keep: int | None = None) -> None:
    """A new password; all sessions end, perhaps but `keep`, where it was changed. InvalidInputError if it is weak."""
    user = get_user(work, user_id)
    problem = find_password_problem(password, known_to_all=(user.username, user.display_name, user.email or ""))
    if problem:
        raise InvalidInputError(_("The password was not changed."), remedy=problem, fields={"password": problem})
    user.password_hash = hash_password(password)
    end_sessions(work, user_id, but=keep)
    work.session.flush()
    note_person(work, "change_password", user, before={}, after={"password": "changed"})


def refuse_own(work: Work, user_id: int) -> None:
    """ForbiddenError when somebody would change their own rights."""
    if work.actor.is_person and work.actor.user_id == user_id:
        raise ForbiddenError(_("You cannot change your own roles."), remedy=_("Ask another administrator."))


def as_shown(user: User) -> dict[str, Any]:
    """The person as a record of changes shows them."""
    return {
        "name": user.display_name,
        "email": user.email,
        "roles": list(user.roles),
        "groups": [group.key for group in user.groups],
    }


def _keep_an_administrator(work: Work, leaving: User) -> None:
    """ConflictError when nobody else could administer any more. Whoever asks holds the rows of all administrators."""
    if ADMIN not in leaving.roles or not leaving.active:
        return
    people = work.session.execute(select(User.id, User.roles).where(User.active).order_by(User.id).with_for_update())
    if not any(ADMIN in row.roles for row in people if row.id != leaving.id):
        raise ConflictError(
            _("%(name)s is the last administrator.") % {"name": leaving.display_name},
            remedy=_("Make somebody else an administrator first."),
        )


def _mail_problem(work: Work, email: str, *, of: int | None = None) -> dict[str, str]:
    address = email.strip().lower()
    if not address:
        return {}
    if len(address) > 320 or not _MAIL.fullmatch(address):
        return {"email": _("This is no mail address.")}
    taken = select(User.id).where(func.lower(User.email) == address, User.id != (of or 0))
    return {"email": _("Somebody else has this mail address.")} if work.session.scalar(taken) else {}
