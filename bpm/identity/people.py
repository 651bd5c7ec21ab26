"""People: made, found, signed in."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select

from bpm import audit
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work
from bpm.identity.groups import ensure_group
from bpm.identity.models import Banner, Group, User
from bpm.identity.noting import person
from bpm.identity.passwords import find_password_problem
from bpm.identity.permissions import ROLES

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with 19 MiB, two passes, one lane: the parameters that OWASP's Password Storage Cheat Sheet names."""
_AT_ONCE = BoundedSemaphore(2)
"""Each check takes 19 MiB on purpose; a crowd at the door must not take the memory of everybody inside."""


def create_user(
    work: Work, username: str, *, display_name: str, password: str, roles: list[str], groups: list[str]
) -> User:
    """A new person; groups that are not there yet are made. InvalidInputError for bad or taken values."""
    fields = check_person(work, username, roles=roles)
    problem = find_password_problem(password, known_to_all=(username, display_name))
    if problem:
        fields["password"] = problem
    if fields:
        raise InvalidInputError("The person was not created.", remedy=" ".join(fields.values()), fields=fields)
    user = User(
        username=username,
        display_name=display_name or username,
        password_hash=hash_password(password),
        roles=sorted(set(roles)),
        groups=[ensure_group(work, key) for key in groups],
        created_at=work.now(),
    )
    work.session.add(user)
    work.session.flush()
    made = {"username": username, "name": user.display_name, "roles": user.roles, "groups": sorted(groups)}
    audit.record(work, "person.create", person(user), after=made)
    return user


def check_person(work: Work, username: str, *, roles: Iterable[str]) -> dict[str, str]:
    """{field: problem} of a new person; empty when nothing is wrong."""
    fields = {}
    if not username.strip() or len(username) > 80:
        fields["username"] = "Give a user name."
    elif work.session.scalar(select(User.id).where(User.username == username)):
        fields["username"] = f"The user name {username} is taken; choose another."
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        fields["roles"] = f"Unknown role {', '.join(unknown)}; there are {', '.join(ROLES)}."
    return fields


def hash_password(password: str) -> str:
    """As it is kept."""
    with _AT_ONCE:
        return _hasher.hash(password)


@dataclass(frozen=True)
class Credentials:
    """What a password is held against, read in a transaction that is over by then: hashing is slow on purpose."""

    user_id: int | None
    """None for a name that nobody has."""
    password_hash: str
    active: bool

    def match(self, password: str) -> bool:
        """Whether the person may come in with this password; takes the same time for unknown and disabled ones."""
        try:
            with _AT_ONCE:
                _hasher.verify(self.password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return self.active


def find_credentials(work: Work, username: str) -> Credentials:
    """The credentials of a name; of one that nobody has, those that nothing matches."""
    query = select(User.id, User.password_hash, User.active).where(User.username == username)
    row = work.session.execute(query).first()
    if row is None:
        return Credentials(None, _decoy(), active=False)
    return Credentials(row.id, row.password_hash or _decoy(), row.active and bool(row.password_hash))


def sign_in(work: Work, username: str, password: str) -> User | None:
    """The person if the password is right. Counts nothing: that is `login_throttle`'s, at the door."""
    credentials = find_credentials(work, username)
    return work.session.get(User, credentials.user_id) if credentials.match(password) else None


def has_outdated_hash(user: User) -> bool:
    """Whether the password was hashed with other parameters than today's."""
    return _hasher.check_needs_rehash(user.password_hash)


def renew_hash(work: Work, user_id: int, password: str) -> None:
    """Hash the password that was just found right with today's parameters; whoever changed it meanwhile wins."""
    user = get_user(work, user_id)
    with _AT_ONCE:
        if has_outdated_hash(user) and _fits(user, password):
            user.password_hash = _hasher.hash(password)


def _fits(user: User, password: str) -> bool:
    try:
        return _hasher.verify(user.password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _decoy() -> str:
    """The hash that the password of an unknown name is held against: made of nothing, as dear to check as any."""
    salt, nothing = (b64encode(bytes(size)).decode().rstrip("=") for size in (_hasher.salt_len, _hasher.hash_len))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${nothing}"


def get_user(work: Work, user_id: int) -> User:
    """The person of that id, or NotFoundError."""
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFoundError(f"There is no user {user_id}.")
    return user


def find_user(work: Work, username: str) -> User:
    """The person who signs in with that name, or NotFoundError."""
    user = work.session.scalar(select(User).where(User.username == username))
    if user is None:
        raise NotFoundError(
            _("There is no person %(name)s.") % {"name": username}, remedy=_("earshot user list names all.")
        )
    return user


def find_by_name_or_mail(work: Work, said: str) -> list[User]:
    """The active people with this user name or mail address who have a mail address: none or one, mostly."""
    known = User.email.is_not(None) & User.active
    matching = (User.username == said) | (User.email == said.lower())
    return list(work.session.scalars(select(User).where(known, matching).limit(2))) if said else []


def list_users(work: Work) -> list[User]:
    return list(work.session.scalars(select(User).order_by(User.username)))


def list_groups(work: Work) -> list[Group]:
    return list(work.session.scalars(select(Group).order_by(Group.key)))


def actor_of(user: User) -> Actor:
    """The person as one who acts by roles and groups, without what was granted beside them: see `find_actors`."""
    return Actor(
        user_id=user.id,
        name=user.username,
        display_name=user.display_name,
        roles=frozenset(user.roles),
        groups=frozenset(group.key for group in user.groups),
    )


LOADING = "loading"
"""Key of the banner that changes all the time and goes away by itself: pages with it look again."""


def list_banners(work: Work) -> list[Banner]:
    """What everybody who signs in has to know."""
    return list(work.session.scalars(select(Banner).order_by(Banner.key)))


def post_banner(work: Work, key: str, message: str) -> None:
    """Tell everybody who signs in; a banner of the same key is replaced."""
    work.session.merge(Banner(key=key, message=message))
    work.nudge("banners")


def take_banner(work: Work, key: str) -> None:
    """Tell it no more."""
    work.session.execute(delete(Banner).where(Banner.key == key))
    work.nudge("banners")
