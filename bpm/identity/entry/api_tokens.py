"""Words by which programs call the API: made once and shown once, for a time, for less than their owner may.

A personal one acts as its person, so what it sends to customers has that person's name; a service's acts as nobody,
so it can never speak to a customer (law 1). Both end when they expire, are ended, or their person is switched off.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, or_, select, update

from bpm.audit import Thing, record
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Transactions, Work
from bpm.identity.access import find_actors
from bpm.identity.entry.models import ApiToken
from bpm.identity.permissions import PERMISSION_WORDS, Permission, may

TOKEN = cast("Table", ApiToken.__table__)
PERSONAL, SERVICE = "earshot_p_", "earshot_s_"
"""How tokens begin, so that a leaked one is known for what it is."""
SHOWN = 16
LONGEST_DAYS, USUAL_DAYS = 366, 90
SEEN_EVERY = timedelta(minutes=1)
NOT_FOR_A_SERVICE = frozenset({Permission.ANSWER, Permission.SIGN, Permission.RAW, Permission.WORK})
"""What takes a person: to speak, to sign, to open private data, to complete people's work."""


@dataclass(frozen=True)
class Caller:
    """Whom a token acts for, and until when."""

    token_id: int
    actor: Actor
    name: str
    shown: str
    is_service: bool
    scopes: tuple[str, ...]
    expires_at: datetime
    worth_noting: bool
    """Whether it is long enough ago that its use was written down."""


@dataclass(frozen=True)
class TokenRow:
    """A token for a list; the word itself is not known to anybody any more."""

    id: int
    name: str
    shown: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    ended: bool


def scopes_for(actor: Actor, *, service: bool = False) -> dict[str, str]:
    """{permission: words} of what a token that this person makes may be allowed."""
    return {
        str(each): words
        for each, words in PERMISSION_WORDS.items()
        if not (service and each in NOT_FOR_A_SERVICE) and (service or may(actor, each))
    }


def make_api_token(
    work: Work, name: str, scopes: Iterable[str], *, days: int = USUAL_DAYS, service: bool = False
) -> tuple[int, str]:
    """A new token of the person who acts, or of a service; gives its id and the word, which nobody can read again.

    InvalidInputError with `fields` for a missing name, a scope that the maker has not or a service must not have, and
    a time of less than a day or more than a year.
    """
    wanted, plain = sorted(set(scopes)), " ".join(name.split())[:120]
    problems: dict[str, str] = {}
    if not plain:
        problems["name"] = _("Say what it is for.")
    beyond = [each for each in wanted if each not in scopes_for(work.actor, service=service)]
    if not wanted:
        problems["scopes"] = _("Choose at least one.")
    elif beyond:
        problems["scopes"] = _("It cannot be allowed: %(names)s.") % {"names": ", ".join(beyond)}
    if not 1 <= days <= LONGEST_DAYS:
        problems["days"] = _("1 to %(days)s days.") % {"days": LONGEST_DAYS}
    if problems or work.actor.user_id is None:
        raise InvalidInputError(
            _("The token was not made."), remedy=" ".join(problems.values()) or _("Sign in."), fields=problems
        )
    word = (SERVICE if service else PERSONAL) + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=_hash(word),
        shown=word[:SHOWN],
        name=plain,
        user_id=None if service else work.actor.user_id,
        scopes=wanted,
        created_by=work.actor.user_id,
        created_at=work.now(),
        expires_at=work.now() + timedelta(days=days),
    )
    work.session.add(row)
    work.session.flush()
    record(work, "token.make", _thing(row), after={"scopes": wanted, "until": row.expires_at.isoformat()})
    return row.id, word


def find_caller(work: Work, word: str) -> Caller | None:
    """Whom the word acts for; None when it never was one, has expired, was ended, or its person is switched off."""
    row = work.session.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(word)))
    if row is None or row.ended_at is not None or row.expires_at <= work.now():
        return None
    scopes = frozenset(map(str, row.scopes))
    actor = _service(row, scopes) if row.user_id is None else _person(work, row.user_id, scopes)
    if actor is None:
        return None
    stale = row.last_used_at is None or work.now() - row.last_used_at >= SEEN_EVERY
    return Caller(row.id, actor, row.name, row.shown, row.user_id is None, tuple(sorted(scopes)), row.expires_at, stale)


def _service(row: ApiToken, scopes: frozenset[str]) -> Actor:
    allowed = scopes - {str(each) for each in NOT_FOR_A_SERVICE}
    return Actor(
        name=f"service {row.id}", display_name=row.name, roles=frozenset({"service"}), permissions=frozenset(allowed)
    )


def _person(work: Work, user_id: int, scopes: frozenset[str]) -> Actor | None:
    """The person, with no more than the token allows; what their roles no longer give it does not, either."""
    found = find_actors(work, [user_id]).get(user_id)
    if found is None:
        return None
    return replace(
        found,
        roles=frozenset(),
        permissions=frozenset(each for each in scopes if may(found, Permission(each))),
        scoped=frozenset(each for each in found.scoped if each[0] in scopes),
    )


def note_token_use(transactions: Transactions, token_id: int) -> None:
    """Write down that a token is in use, at most once a minute."""
    with transactions() as work:
        stale = or_(TOKEN.c.last_used_at.is_(None), TOKEN.c.last_used_at <= work.now() - SEEN_EVERY)
        work.session.execute(update(TOKEN).where(TOKEN.c.id == token_id, stale).values(last_used_at=work.now()))


def list_api_tokens(work: Work, user_id: int | None) -> list[TokenRow]:
    """Tokens of a person, or (None) of services, the newest first; ended ones stay in the list."""
    rows = work.session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc()).limit(200)
    )
    return [
        TokenRow(
            row.id, row.name, row.shown, tuple(map(str, row.scopes)), row.created_at, row.expires_at, row.last_used_at,
            ended=row.ended_at is not None or row.expires_at <= work.now(),
        )
        for row in rows
    ]  # fmt: skip


def end_api_token(work: Work, token_id: int, *, user_id: int | None) -> None:
    """End a token of that person, or (None) of a service, at once; NotFoundError for any other."""
    row = work.session.get(ApiToken, token_id)
    if row is None or row.user_id != user_id:
        raise NotFoundError(_("There is no such token."))
    if row.ended_at is None:
        row.ended_at = work.now()
        work.session.flush()
        record(
            work, "token.end", _thing(row), before={"scopes": list(row.scopes), "ended": False}, after={"ended": True}
        )


def _thing(row: ApiToken) -> Thing:
    return Thing("token", row.id, row.name, "" if row.user_id is None else f"person {row.user_id}")


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest()
