"""Telling the people who spoke for an improvement what became of it: a letter to each, in a named author's words.

Letters go through the gate, one by one (`bpm.feedback.outbound`). Who was told, who was not and why stays on record;
who was told once is not told again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from bpm import audit
from bpm.feedback import outbound
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound import Letter
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.models import Improvement, ImprovementTelling, ImprovementTold, ImprovementVoice
from bpm.processes.models.register_lists import TellingStatus
from bpm.processes.status import ImprovementStatus

AT_ONCE = 200
LONGEST = 20_000


@dataclass(frozen=True)
class Hearer:
    """A person who spoke for it, by their newest item; `status` empty: nobody told them yet."""

    item_id: int
    customer_id: int | None
    who: str
    voices: int
    status: str
    why: str
    by: str
    at: datetime | None
    reply_id: int | None


@dataclass(frozen=True)
class TellingDone:
    """What one act came to."""

    told: int
    held_back: tuple[tuple[int, str], ...]


def hearers_of(work: Work, improvement_id: int) -> tuple[Hearer, ...]:
    """Everybody who spoke for it, those who were not told first."""
    get_row(work, improvement_id)
    known = _told(work, improvement_id)
    people: dict[tuple[str, int], list[FeedbackItem]] = {}
    for item in _items(work, improvement_id):
        people.setdefault(_person(item.customer_id, item.first_id or item.id), []).append(item)
    found = [_hearer(items, known.get(person)) for person, items in people.items()]
    return tuple(sorted(found, key=lambda each: (each.status == TellingStatus.TOLD, each.item_id)))


def _person(customer_id: int | None, item_id: int) -> tuple[str, int]:
    return ("customer", customer_id) if customer_id is not None else ("item", item_id)


def _items(work: Work, improvement_id: int) -> Sequence[FeedbackItem]:
    """What speaks for it, each in its newest version, the newest first."""
    voices = select(ImprovementVoice.item_id).where(ImprovementVoice.improvement_id == improvement_id)
    return work.session.scalars(
        select(FeedbackItem)
        .where(FeedbackItem.current, or_(FeedbackItem.id.in_(voices), FeedbackItem.first_id.in_(voices)))
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
    ).all()


def _told(work: Work, improvement_id: int) -> Mapping[tuple[str, int], tuple[ImprovementTold, str]]:
    """{person: (their newest row, who told them)}; one whose message was taken back counts as not told."""
    rows = work.session.execute(
        select(ImprovementTold, User.display_name, func.coalesce(FeedbackItem.first_id, FeedbackItem.id))
        .join(ImprovementTelling, ImprovementTelling.id == ImprovementTold.telling_id)
        .join(User, User.id == ImprovementTelling.author_id)
        .join(FeedbackItem, FeedbackItem.id == ImprovementTold.item_id)
        .where(ImprovementTelling.improvement_id == improvement_id)
        .order_by(ImprovementTold.id)
    )
    return {_person(row.customer_id, first): (row, who) for row, who, first in rows}


def _hearer(items: list[FeedbackItem], known: tuple[ImprovementTold, str] | None) -> Hearer:
    newest = items[0]
    who = newest.author_name or newest.author_handle or _("somebody")
    if newest.erased_at is not None:
        gone = _("Their data was erased.")
        return Hearer(newest.id, newest.customer_id, _("somebody"), len(items), "held_back", gone, "", None, None)
    if known is None:
        return Hearer(newest.id, newest.customer_id, who, len(items), "", "", "", None, None)
    row, by = known
    if row.status is TellingStatus.TOLD and row.reply_id is None:
        back = _("The letter was taken back.")
        return Hearer(newest.id, newest.customer_id, who, len(items), "", back, by, row.at, None)
    return Hearer(newest.id, newest.customer_id, who, len(items), row.status, row.why, by, row.at, row.reply_id)


def _to_tell(work: Work, improvement_id: int) -> list[int]:
    """Items of those who can still be told, at most AT_ONCE."""
    return [
        each.item_id
        for each in hearers_of(work, improvement_id)
        if each.status != TellingStatus.TOLD and each.who and not (each.status and each.at is None)
    ][:AT_ONCE]


def look_at_telling(work: Work, improvement_id: int, text: str) -> list[Letter]:
    """Each person's letter, and what the gate says of it; nobody is told anything."""
    items = _to_tell(work, improvement_id)
    return outbound.look_at_letters(work, items, text) if items else []


def tell(
    work: Work, improvement_id: int, text: str, *, key: str, confirmed: frozenset[str] = frozenset()
) -> TellingDone:
    """Send the letters in the name of who acts; what the gate keeps back stays with its reason.

    ConflictError before it is concluded, or where everybody was told; InvalidInputError (field `text`) without words.
    """
    row = get_row(work, improvement_id)
    if row.status is not ImprovementStatus.CONCLUDED:
        raise ConflictError(_("It is not done yet."), remedy=_("Conclude it first, then tell what became of it."))
    words = text.strip()
    if not words or len(words) > LONGEST:
        problem = _("Write what became of what they said.")
        raise InvalidInputError(_("Nothing was sent."), remedy=problem, fields={"text": problem})
    items = _to_tell(work, improvement_id)
    if not items:
        raise ConflictError(_("Everybody who spoke for it was told."), remedy=_("Look at the list."))
    sent = outbound.send_letters(work, items, words, key=f"improvement {row.id} {key}", confirmed=confirmed)
    _keep(work, row, words, sent.messages, sent.stayed)
    return TellingDone(len(sent.messages), sent.stayed)


def _keep(work: Work, row: Improvement, words: str, messages: Sequence[int], stayed: Sequence[tuple[int, str]]) -> None:
    telling = ImprovementTelling(
        improvement_id=row.id, text=words, author_id=work.actor.user_id or 0, at=work.now()
    )  # fmt: skip
    work.session.add(telling)
    work.session.flush()
    sent = work.session.execute(
        select(OutboundMessage.item_id, OutboundMessage.reply_id).where(OutboundMessage.id.in_(messages))
    )
    became = [(item, TellingStatus.TOLD, "", reply) for item, reply in sent]
    became += [(item, TellingStatus.HELD_BACK, why, None) for item, why in stayed]
    customers = {
        item.id: item.customer_id
        for item in work.session.scalars(select(FeedbackItem).where(FeedbackItem.id.in_([each[0] for each in became])))
    }
    work.session.add_all(
        ImprovementTold(
            telling_id=telling.id, item_id=item, customer_id=customers.get(item or 0), status=status, why=why[:400],
            reply_id=reply, at=work.now(),
        )
        for item, status, why, reply in became
    )  # fmt: skip
    work.session.flush()
    told = {"told": len(messages), "held back": len(stayed)}
    note(work, row, "telling", after=f"{len(messages)}", reason=words, evidence={k: str(n) for k, n in told.items()})
    audit.record(work, "improvement.telling", thing(row), before={"told": 0}, after={**told, "words": words})
