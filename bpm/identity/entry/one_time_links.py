"""Links by which a person chooses a password: each works once and for a while; only its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity.changes import set_password
from bpm.identity.entry.models import OneTimeLink
from bpm.identity.noting import note_person
from bpm.identity.people import get_user

INVITATION, PASSWORD = "invitation", "password"
LASTS = {INVITATION: timedelta(days=7), PASSWORD: timedelta(minutes=30)}
"""How long a link works (ASVS 5.0, 6.4.1)."""


@dataclass(frozen=True)
class OpenLink:
    """A link that still works, and whose it is."""

    user_id: int
    username: str
    display_name: str
    purpose: str


def make_link(work: Work, user_id: int, purpose: str) -> str:
    """A new link in place of all that the person was sent before; gives the word that the address ends with."""
    token = secrets.token_urlsafe(24)
    work.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))
    work.session.add(
        OneTimeLink(token_hash=_hash(token), user_id=user_id, purpose=purpose, expires_at=work.now() + LASTS[purpose])
    )
    work.session.flush()
    note_person(work, "make_link", get_user(work, user_id), after={"purpose": purpose})
    return token


def find_link(work: Work, token: str) -> OpenLink:
    """The link, or NotFoundError: one word for unknown, used and too old ones, and for people who are switched off."""
    row = work.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)))
    if row is not None and row.expires_at > work.now():
        user = get_user(work, row.user_id)
        if user.active:
            return OpenLink(user.id, user.username, user.display_name, row.purpose)
    raise NotFoundError(
        _("This link does not work any more."), remedy=_("Ask for a new one: each works once, and not for long.")
    )


def choose_password(work: Work, token: str, password: str) -> OpenLink:
    """Set the password and use the link up; two requests with one link are in a race for its row."""
    link = find_link(work, token)
    if affected(work, delete(OneTimeLink).where(OneTimeLink.token_hash == _hash(token))) != 1:
        raise NotFoundError(_("This link was used just now."), remedy=_("Ask for a new one."))
    set_password(work, link.user_id, password)
    return link


def forget_links(transactions: Transactions) -> int:
    """Delete links that are too old; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        old = OneTimeLink.expires_at <= work.now()
        if work.session.scalar(select(OneTimeLink.token_hash).where(old).limit(1)) is None:
            return 0
    with transactions() as work:
        work.session.execute(delete(OneTimeLink).where(old))
    return 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
