"""What a customer writes on their page comes in as an item, by the normal intake, in the conversation it is about.

Its channel is `chat`: it is private, typed, and between the two of us, as a chat on a site is. Its source is `portal`.
Who writes is known by the link or the visit, as an explicit id of that source.
"""

import re
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select

from bpm import audit
from bpm.feedback.intake.receive import receive
from bpm.feedback.limits import is_blank
from bpm.feedback.models import ContactPoint, Customer, FeedbackItem, PortalLink, ThreadKey
from bpm.feedback.portal.links import OpenLink
from bpm.feedback.portal.visits import Visitor
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Channel, ContactKind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

CHANNEL, SOURCE = Channel.CHAT, "portal"
LONGEST = 5_000


class Asked(StrEnum):
    """What somebody writes for."""

    ANSWER = "answer"
    """They answer or add something."""
    NOT_SOLVED = "not_solved"
    """It is not solved: a person looks at it again."""
    VENT = "vent"
    """They let off steam, in private; no answer is needed."""
    PERSON = "person"
    """They want to talk to a person."""
    COMMENT = "comment"
    """They say something about a proposal on the public board."""


OWN_WORDS = {
    Asked.NOT_SOLVED: _("It is not solved."),
    Asked.PERSON: _("I want to talk to a person."),
}
"""What stands for those who write nothing."""


def write_on_link(work: Work, link: OpenLink, wish: str, text: str, *, about: int, key: str) -> int:
    """Take in what the holder of a link writes; the item's id. InvalidInputError with `fields`.

    `about` is the item (by its first version) that it answers, `key` tells one opened form from another.
    """
    author = f"link {link.id}"
    item_id = _take(
        work,
        wish,
        text,
        author=author,
        home_id=link.home_id,
        conversation_id=link.conversation_id,
        about=about,
        key=key,
    )
    if link.home_id is None:
        made = work.session.scalar(
            select(ContactPoint.customer_id).where(ContactPoint.scope == SOURCE, ContactPoint.value == author)
        )
        work.session.get_one(PortalLink, link.id).home_id = made
    return item_id


def write_on_visit(
    work: Work, visitor: Visitor, wish: str, text: str, *, about: int, conversation_id: int | None, key: str
) -> int:
    """Take in what somebody writes who proved an address; the item's id. InvalidInputError with `fields`."""
    return _take(
        work, wish, text, author=f"address {visitor.point_id}", home_id=visitor.home_id,
        conversation_id=conversation_id, about=about, key=key,
    )  # fmt: skip


def ask_person(work: Work, *, name: str, reach: str, text: str, key: str) -> int:
    """Somebody who is not known here wants to talk to a person: `reach` is a number or an address."""
    if not reach.strip():
        missing = _("Say how we can reach you.")
        raise InvalidInputError(missing, remedy=missing, fields={"reach": missing})
    words = _checked(Asked.PERSON, text)
    is_mail = "@" in reach
    raw = RawItem(
        channel=CHANNEL, source=SOURCE, text=words, natural_key=_natural(key, words), said_at=work.now(),
        author_name=name.strip()[:200], author_email=reach.strip()[:320] if is_mail else "",
        author_phone="" if is_mail else reach.strip()[:100], extra={"portal": {"wish": Asked.PERSON}},
        raw={"name": name, "reach": reach, "text": text},
    )  # fmt: skip
    item_id = receive(work, raw).item_id
    _record(work, item_id, Asked.PERSON)
    return item_id


def _take(
    work: Work, wish: str, text: str, *, author: str, home_id: int | None, conversation_id: int | None, about: int,
    key: str,
) -> int:  # fmt: skip
    if wish not in set(Asked):
        raise InvalidInputError(_("This page asks for something else."), remedy=_("Open it again."))
    words = _checked(Asked(wish), text)
    if home_id is not None:
        _know(work, author, home_id)
    thread = f"conversation {conversation_id}" if conversation_id is not None else ""
    if conversation_id is not None:
        _know_thread(work, thread, conversation_id)
    raw = RawItem(
        channel=CHANNEL, source=SOURCE, text=words, natural_key=_natural(f"{author} {key}", words),
        said_at=work.now(), author_id=author, thread_key=thread,
        extra={"portal": {"wish": wish, "about": about}}, raw={"text": text, "wish": wish, "about": about},
    )  # fmt: skip
    item_id = receive(work, raw).item_id
    _record(work, item_id, wish)
    return item_id


def _record(work: Work, item_id: int, wish: str) -> None:
    thing = audit.Thing("feedback", item_id, f"Feedback {item_id}", f"feedback {item_id}")
    audit.record(work, "portal.write", thing, after={"wish": wish})


def _checked(wish: Asked, text: str) -> str:
    words = ("" if is_blank(text) else text.replace("\x00", "").strip()) or OWN_WORDS.get(wish, "")
    if not words or len(words) > LONGEST:
        problem = _("Write something.") if not words else _("At most 5,000 characters, please.")
        raise InvalidInputError(problem, remedy=problem, fields={"text": problem})
    return words


def _natural(key: str, words: str) -> str:
    """The same words of the same opened form again are the same item."""
    return (
        f"portal {re.sub(r'[^a-zA-Z0-9 ]', '', key)[:80]} {sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}"
    )


def _know(work: Work, author: str, home_id: int) -> None:
    """Let the author be known as who they are, so that the intake ties their words to them by an explicit id."""
    known = select(ContactPoint.id).where(
        ContactPoint.kind == ContactKind.ID, ContactPoint.scope == SOURCE, ContactPoint.value == author
    )
    if work.session.scalar(known) is None:
        into = work.session.get_one(Customer, home_id).merged_into_id
        work.session.add(
            ContactPoint(
                customer_id=into or home_id,
                home_id=home_id,
                kind=ContactKind.ID,
                scope=SOURCE,
                value=author,
                source=SOURCE,
                evidence={"method": "held a private link or a code"},
                created_at=work.now(),
            )
        )
        work.session.flush()


def _know_thread(work: Work, thread: str, conversation_id: int) -> None:
    known = select(ThreadKey).where(ThreadKey.source == SOURCE, ThreadKey.key == thread, ThreadKey.customer_key == 0)
    row = work.session.scalar(known)
    if row is None:
        work.session.add(ThreadKey(source=SOURCE, key=thread, customer_key=0, conversation_id=conversation_id))
    work.session.flush()


def conversation_of(work: Work, item_id: int) -> int | None:
    """The conversation that an item is in now."""
    return work.session.scalar(select(FeedbackItem.conversation_id).where(FeedbackItem.id == item_id))
