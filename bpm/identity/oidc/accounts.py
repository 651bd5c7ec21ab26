"""Accounts at the provider and the people whose they are, and the roles and groups that the provider gives them."""

from sqlalchemy import delete, select

from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.changes import PersonForm, change_person, invite
from bpm.identity.entry.models import ExternalAccount
from bpm.identity.models import User
from bpm.identity.noting import note_person
from bpm.identity.oidc.exchange import Claims
from bpm.identity.people import get_user
from bpm.identity.permissions import ROLES

log = logger(__name__)


def find_or_link(work: Work, claims: Claims) -> User:
    """The active person whose account it is: by issuer and subject, else by the mail address that the provider has
    verified, else, if the settings say so, somebody new. ForbiddenError when it is nobody's."""
    account = work.session.get(ExternalAccount, (claims.issuer, claims.subject))
    user = get_user(work, account.user_id) if account else _by_mail(work, claims)
    if user is None and work.settings.oidc_makes_people and claims.username:
        user = _new_person(work, claims)
    if user is None or not user.active:
        raise ForbiddenError(
            _("Nobody here has this account."),
            remedy=_("Ask an administrator to invite you with the mail address %(mail)s.") % {"mail": claims.email}
            if claims.email
            else _("Ask an administrator for an account."),
        )
    if account is None:
        link_account(work, user.id, claims)
    _follow_claims(work, user, claims)
    return user


def _by_mail(work: Work, claims: Claims) -> User | None:
    """The person with this verified address who has no account of this provider yet."""
    if not claims.email:
        return None
    linked = select(ExternalAccount.user_id).where(ExternalAccount.issuer == claims.issuer)
    return work.session.scalar(select(User).where(User.email == claims.email, User.id.not_in(linked)))


def _new_person(work: Work, claims: Claims) -> User | None:
    taken = work.session.scalar(select(User.id).where(User.username == claims.username))
    return None if taken else invite(work, claims.username, PersonForm(claims.name, claims.email, (), ()))


def link_account(work: Work, user_id: int, claims: Claims) -> None:
    """Let this account at the provider open that person's account here; ConflictError when it is somebody else's."""
    there = work.session.get(ExternalAccount, (claims.issuer, claims.subject))
    if there is not None and there.user_id != user_id:
        raise ConflictError(_("This account belongs to somebody else here."), remedy=_("Nothing was changed."))
    if there is not None:
        return
    work.session.add(
        ExternalAccount(issuer=claims.issuer, subject=claims.subject, user_id=user_id, created_at=work.now())
    )
    work.session.flush()
    note_person(work, "link_account", get_user(work, user_id), after={"issuer": claims.issuer})


def unlink_account(work: Work, user_id: int) -> None:
    """Forget the person's accounts at providers."""
    work.session.execute(delete(ExternalAccount).where(ExternalAccount.user_id == user_id))
    note_person(work, "unlink_account", get_user(work, user_id), before={"linked": True}, after={"linked": False})


def list_accounts(work: Work, user_id: int) -> list[ExternalAccount]:
    return list(work.session.scalars(select(ExternalAccount).where(ExternalAccount.user_id == user_id)))


def person_of(work: Work, issuer: str, subject: str) -> int | None:
    """The id of whose account it is."""
    account = work.session.get(ExternalAccount, (issuer, subject))
    return account.user_id if account is not None else None


def _follow_claims(work: Work, user: User, claims: Claims) -> None:
    """Roles and groups that the settings derive from claims are given and taken; all others stay as they are."""
    roles, groups = set(user.roles), {group.key for group in user.groups}
    by_role = {value: role for value, role in work.settings.roles_by_claim().items() if role in ROLES}
    by_group = work.settings.groups_by_claim()
    wanted = (roles - set(by_role.values())) | {role for value, role in by_role.items() if value in claims.values}
    inside = (groups - set(by_group.values())) | {key for value, key in by_group.items() if value in claims.values}
    if (wanted, inside) == (roles, groups):
        return
    form = PersonForm(user.display_name, user.email or "", tuple(sorted(wanted)), tuple(sorted(inside)))
    try:
        change_person(work, user.id, form)
    except ConflictError as error:
        log.warning("roles of the provider not followed", person=user.username, why=str(error))
