"""Sessions are kept here, not in cookies: a cookie holds 128 random bits, the database their hash and the rest.

A session ends when its person signs out, when nothing was asked for a while (listening pages do not count), and after
half a day in any case; all of a person's end at once when the password changes, the roles change, the person is
switched off or asks for it. Ended means deleted: a copied cookie then opens nothing (OWASP ASVS 5.0, 7.2-7.4).
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, delete, insert, select, update

from bpm.foundation.errors import NotFoundError
from bpm.foundation.settings import Settings
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Transactions, Work, affected
from bpm.identity.access import FROM_PERSON, PERSON, USER, actor_from
from bpm.identity.entry.models import UserSession
from bpm.identity.permissions import is_privileged
from bpm.secrets import Owner, open_beside, seal_beside

SESSION = cast("Table", UserSession.__table__)

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down, at most, that a session is in use."""
PROVIDER = "provider"
"""Method of those who came by the company's account."""
PROVEN_FOR = timedelta(minutes=15)
"""How long after the last proof of who they are people may administer."""


@dataclass(frozen=True)
class SignIn:
    """How somebody came in: from which address, with which browser, by what proof."""

    address: str
    device: str
    method: str
    second_factor: str = ""
    provider_session: str = ""
    """What the provider calls its own session."""
    id_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Bearer:
    """Whose session a cookie is, and how the person wants pages to be."""

    actor: Actor
    session_id: int
    method: str
    second_factor: str
    last_seen_at: datetime
    proven_at: datetime
    time_zone: str = ""
    theme: str = ""
    start_page: str = ""
    after_task: str = ""
    needs_second_factor: bool = False
    has_totp: bool = False

    @property
    def must_enrol(self) -> bool:
        """Whether the person has to set up a second factor before anything else."""
        return self.needs_second_factor and not self.second_factor

    def is_worth_noting(self, now: datetime) -> bool:
        """Whether it is long enough ago that the use of the session was written down."""
        return now - self.last_seen_at >= SEEN_EVERY


@dataclass(frozen=True)
class SessionRow:
    """A browser in which a person is signed in, for a list."""

    id: int
    address: str
    device: str
    method: str
    second_factor: str
    created_at: datetime
    last_seen_at: datetime


_BEARER = (
    select(
        *PERSON,
        *(SESSION.c[name] for name in ("method", "second_factor", "created_at", "last_seen_at", "proven_at")),
        SESSION.c.id.label("session_id"),
        *(USER.c[name] for name in ("time_zone", "theme", "start_page", "after_task", "totp_since")),
    )
    .select_from(FROM_PERSON.join(SESSION, SESSION.c.user_id == USER.c.id))
    .where(SESSION.c.token_hash == bindparam("hash"), USER.c.active)
)
"""Built once: building it costs more than running it, and every request pays for it."""


def begin_session(work: Work, user_id: int, how: SignIn) -> str:
    """A new session; gives what the cookie holds."""
    token, now = secrets.token_urlsafe(16), work.now()
    row = {
        "token_hash": _hash(token),
        "user_id": user_id,
        "created_at": now,
        "last_seen_at": now,
        "proven_at": now,
        "address": how.address[:64],
        "device": how.device[:120],
        "method": how.method,
        "second_factor": how.second_factor,
    }
    if how.provider_session:
        row["provider_session"] = how.provider_session[:255]
    made: Any = work.session.execute(insert(SESSION), row)
    if how.id_token:
        number = made.inserted_primary_key[0]
        sealed = seal_beside(work, _owner(number), how.id_token)
        work.session.execute(update(SESSION).where(SESSION.c.id == number).values(id_token=sealed))
    return token


def id_token_of(work: Work, session_id: int) -> str:
    """The token by which the provider let the person in; empty for another way in, or where no key opens it."""
    kept = work.session.scalar(select(SESSION.c.id_token).where(SESSION.c.id == session_id))
    return open_beside(work, _owner(session_id), kept) if kept else ""


def end_provider_session(work: Work, *, session: str = "", user_id: int | None = None) -> int:
    """End what a session of the provider opened, or without one all that the provider opened for the person."""
    mine = SESSION.c.method == PROVIDER
    mine = and_(mine, SESSION.c.provider_session == session) if session else mine
    mine = and_(mine, SESSION.c.user_id == user_id) if user_id is not None else mine
    return affected(work, delete(SESSION).where(mine)) if session or user_id is not None else 0


def _owner(session_id: int) -> Owner:
    return Owner("user_session", str(session_id))


def find_session(work: Work, token: str) -> Bearer | None:
    """Whose session it is; None when it never was one, has ended, or has gone stale."""
    rows = work.session.execute(_BEARER, {"hash": _hash(token)}).all()
    if not rows:
        return None
    first, actor = rows[0], actor_from(work, rows)
    idle, whole = limits(work.settings, actor)
    if work.now() - first.last_seen_at > idle or work.now() - first.created_at > whole:
        return None
    return Bearer(
        actor,
        first.session_id,
        first.method,
        first.second_factor,
        first.last_seen_at,
        first.proven_at,
        first.time_zone,
        first.theme,
        first.start_page,
        first.after_task,
        needs_second_factor=needs_second_factor(work.settings, actor),
        has_totp=first.totp_since is not None,
    )


def limits(settings: Settings, actor: Actor) -> tuple[timedelta, timedelta]:
    """(longest time without a page, longest time at all) of the person's sessions."""
    privileged = is_privileged(actor)
    idle = settings.session_idle_minutes_privileged if privileged else settings.session_idle_minutes
    return timedelta(minutes=min(idle, settings.session_idle_minutes)), timedelta(hours=settings.session_hours)


def needs_second_factor(settings: Settings, actor: Actor) -> bool:
    """Whether one of the person's roles asks for more than a password."""
    return bool(actor.roles & set(settings.second_factor_roles))


def note_use(transactions: Transactions, session_id: int) -> None:
    """Write down that the session is in use, at most once a minute: whoever comes second writes nothing."""
    with transactions() as work:
        stale = SESSION.c.last_seen_at <= work.now() - SEEN_EVERY
        seen = update(SESSION).where(SESSION.c.id == session_id, stale).values(last_seen_at=work.now())
        work.session.execute(seen)


def prove_again(work: Work, session_id: int, *, second_factor: str = "") -> str:
    """The person proved who they are once more; the session goes on under a new id, which is given."""
    token = secrets.token_urlsafe(16)
    changed: dict[str, Any] = {"token_hash": _hash(token), "proven_at": work.now()}
    if second_factor:
        changed["second_factor"] = second_factor
    if affected(work, update(SESSION).where(SESSION.c.id == session_id).values(**changed)) != 1:
        raise NotFoundError(_("This session has ended."), remedy=_("Sign in again."))
    return token


def end_session(work: Work, token: str) -> None:
    """Sign out: the cookie opens nothing from now on, wherever it was copied to."""
    work.session.execute(delete(SESSION).where(SESSION.c.token_hash == _hash(token)))


def end_one_session(work: Work, user_id: int, session_id: int) -> None:
    """End one of the person's sessions; NotFoundError for one that is not theirs."""
    if affected(work, delete(SESSION).where(SESSION.c.id == session_id, SESSION.c.user_id == user_id)) != 1:
        raise NotFoundError(_("There is no such session."), remedy=_("It may have ended already."))


def end_sessions(work: Work, user_id: int, *, but: int | None = None) -> int:
    """Sign the person out everywhere, perhaps `but` in one session; gives how many ended."""
    ended = delete(SESSION).where(SESSION.c.user_id == user_id)
    if but is not None:
        ended = ended.where(SESSION.c.id != but)
    work.session.execute(update(USER).where(USER.c.id == user_id).values(session_mark=USER.c.session_mark + 1))
    return affected(work, ended)


def list_sessions(work: Work, user_id: int) -> list[SessionRow]:
    """Where the person is signed in, the one used last first."""
    names = ("id", "address", "device", "method", "second_factor", "created_at", "last_seen_at")
    query = select(*(SESSION.c[name] for name in names)).where(SESSION.c.user_id == user_id)
    whole = timedelta(hours=work.settings.session_hours)
    query = query.where(SESSION.c.created_at > work.now() - whole).order_by(SESSION.c.last_seen_at.desc())
    return [SessionRow(**row) for row in work.session.execute(query.limit(100)).mappings()]


def forget_sessions(transactions: Transactions) -> int:
    """Delete sessions past their whole time; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        old = SESSION.c.created_at < work.now() - timedelta(hours=work.settings.session_hours)
        if work.session.execute(select(SESSION.c.id).where(old).limit(1)).first() is None:
            return 0
    with transactions() as work:
        work.session.execute(delete(SESSION).where(old))
    return 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
