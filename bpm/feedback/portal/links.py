"""Private links: made by a colleague for one person's part of one conversation; they expire, and can be taken back.

1. The word in the address has 128 bits. It is a keyed hash of a random salt, so a colleague can copy the link again
   and a reply can carry it without its words being kept anywhere; the database holds the salt and a hash of the word.
2. `{link}` in a reply becomes `{link:7}` when it is kept, and the address only where the reply leaves (`expand`); a
   number of another conversation's link is left as it stands.
3. A link that is unknown, expired, taken back or whose customer was erased is the same to whoever opens it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import func, select, update

from bpm import audit, mail
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Conversation, Customer, CustomerLink, FeedbackItem, PortalLink
from bpm.feedback.portal.keys import hash_of, keyring, word_of
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

HOLDS = timedelta(days=90)
"""How long a link can be opened."""
TOKEN_SALT = 16
PLACEHOLDER = "{link}"
_PUT = re.compile(r"\{link(?::(\d{1,18}))?\}")
MOST_MERGES = 50


@dataclass(frozen=True)
class LinkRow:
    """A link as colleagues see it."""

    id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened: int
    last_opened_at: datetime | None
    holds: bool


@dataclass(frozen=True)
class OpenLink:
    """A link that holds: to which part of which conversation."""

    id: int
    conversation_id: int
    """The conversation that it is part of now."""
    item_id: int
    home_id: int | None
    expires_at: datetime


def make_link(work: Work, item_id: int) -> int:
    """Make a link for whoever said an item; its id. ConflictError while the item is in no conversation."""
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    if item.conversation_id is None or item.erased_at is not None:
        raise ConflictError(_("There is nobody to make a link for."), remedy=_("Choose another item."))
    keys, salt = keyring(work), token_hex(TOKEN_SALT)
    word = word_of(work, salt=salt, key_id=keys.current)
    row = PortalLink(
        token_hash=hash_of(word), salt=salt, key_id=keys.current, conversation_id=item.conversation_id,
        item_id=item.first_id or item.id, home_id=_home_of(work, item.id), made_by=work.actor.user_id,
        made_at=work.now(), expires_at=work.now() + HOLDS,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"link": row.id, "until": row.expires_at.isoformat()}
    audit.record(work, "portal_link.make", feedback_item(item.id), before={"link": None}, after=after)
    return row.id


def _home_of(work: Work, item_id: int) -> int | None:
    """Whose an item is by its own contact point, whoever that customer is said to be one with."""
    return work.session.scalar(
        select(CustomerLink.customer_id)
        .where(CustomerLink.item_id == item_id, CustomerLink.valid_to.is_(None))
        .order_by(CustomerLink.id.desc())
        .limit(1)
    )


def path_of(work: Work, link_id: int) -> str:
    """The path of a link, with its word; NotFoundError when it does not hold any more."""
    row = work.session.get(PortalLink, link_id)
    if row is None or not _holds(row, work.now()):
        raise NotFoundError(_("This link does not hold any more."), remedy=_("Make a new one."))
    return f"/my/{word_of(work, salt=row.salt, key_id=row.key_id)}"


def _holds(row: PortalLink, now: datetime) -> bool:
    return row.revoked_at is None and row.expires_at > now


def find_link(work: Work, token: str) -> OpenLink:
    """The link with that word; NotFoundError when there is none that holds."""
    row = work.session.scalar(select(PortalLink).where(PortalLink.token_hash == hash_of(token)))
    if row is None or not _holds(row, work.now()) or _is_erased(work, row):
        raise NotFoundError(_("This link does not lead anywhere."), remedy=_("Ask us for a new one."))
    return OpenLink(row.id, _now_part_of(work, row.conversation_id), row.item_id, row.home_id, row.expires_at)


def _is_erased(work: Work, row: PortalLink) -> bool:
    if row.home_id is None:
        return False
    return work.session.scalar(select(Customer.erased_at).where(Customer.id == row.home_id)) is not None


def _now_part_of(work: Work, conversation_id: int) -> int:
    """The conversation that people put it into, and that one into another, as far as it goes."""
    for _turn in range(MOST_MERGES):
        into = work.session.scalar(select(Conversation.merged_into_id).where(Conversation.id == conversation_id))
        if into is None:
            break
        conversation_id = into
    return conversation_id


def count_opening(work: Work, link_id: int) -> None:
    """Note that a link was opened."""
    work.session.execute(
        update(PortalLink)
        .where(PortalLink.id == link_id)
        .values(opened=PortalLink.opened + 1, last_opened_at=work.now())
    )


def revoke_link(work: Work, link_id: int) -> int:
    """Take a link back; the item that it was made for. A second time changes nothing."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(PortalLink, link_id)
    if row is None:
        raise NotFoundError(_("There is no link %(number)s.") % {"number": link_id})
    if row.revoked_at is None:
        row.revoked_at = work.now()
        before, after = {"link": row.id, "holds": True}, {"link": row.id, "holds": False}
        audit.record(work, "portal_link.revoke", feedback_item(row.item_id), before=before, after=after)
    return row.item_id


def links_of(work: Work, item_id: int) -> tuple[LinkRow, ...]:
    """The links made for whoever said an item, within its conversation, the newest first."""
    first = select(func.coalesce(FeedbackItem.first_id, FeedbackItem.id)).where(FeedbackItem.id == item_id)
    found = work.session.execute(
        select(PortalLink, User.display_name)
        .outerjoin(User, User.id == PortalLink.made_by)
        .where(PortalLink.item_id == first.scalar_subquery())
        .order_by(PortalLink.id.desc())
        .limit(20)
    )
    return tuple(
        LinkRow(
            row.id, by or "", row.made_at, row.expires_at, row.revoked_at, row.opened, row.last_opened_at,
            _holds(row, work.now()),
        )
        for row, by in found
    )  # fmt: skip


def put_links(work: Work, item_id: int, text: str) -> str:
    """The text of a reply with the number of a link in place of `{link}`: one that holds, or a new one."""
    if PLACEHOLDER not in text:
        return text
    there = next((row.id for row in links_of(work, item_id) if row.holds), None)
    return text.replace(PLACEHOLDER, f"{{link:{there or make_link(work, item_id)}}}")


def expand(work: Work, text: str, *, conversation_id: int) -> str:
    """The text as it leaves: addresses in place of the numbers of this conversation's links."""

    def address(found: re.Match[str]) -> str:
        row = work.session.get(PortalLink, int(found[1])) if found[1] else None
        ours = row is not None and _now_part_of(work, row.conversation_id) == conversation_id
        if row is None or not ours or not _holds(row, work.now()):
            return found[0]
        return mail.public_link(work.settings, path_of(work, row.id))

    return _PUT.sub(address, text) if "{link" in text else text
