"""One text for many people, made each person's own: every letter goes through the gate by itself, in one name.

Of several items of one customer the newest is answered. What the gate keeps back, and whom nobody can be sure about,
is given back with its reason; nobody is left out in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound.acts import withdraw
from bpm.feedback.outbound.gate import Verdict
from bpm.feedback.outbound.gate.errors import GateError
from bpm.feedback.outbound.making import look, send
from bpm.feedback.outbound.prepared.templates import fill
from bpm.feedback.outbound.wish import Place, Wish, one_key
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MOST = 200
"""Letters in one act."""


@dataclass(frozen=True)
class Letter:
    """What one person would get: by which way, in which words, and what the gate says of it."""

    item_id: int
    who: str
    said: str
    text: str
    place: Place | None
    verdict: Verdict
    also: tuple[int, ...] = ()
    """Other items among the chosen that are this person's, answered by the same letter."""
    problem: str = ""
    """Why none can be written; then there is no place."""


@dataclass(frozen=True)
class LettersSent:
    """What became of one act: messages that are under way, and letters that stayed, each with its reason."""

    messages: tuple[int, ...]
    stayed: tuple[tuple[int, str], ...]
    """(item, why)"""


def look_at_letters(
    work: Work, item_ids: Sequence[int], text: str, *, subject: str = "", own: Mapping[int, str] | None = None
) -> list[Letter]:
    """The letters of one text to the people of these items; `own`: words that stand instead, by item.

    {{name}}, {{author}} and {{subject}} are filled in for each. InvalidInputError for no item, or more than `MOST`.
    """
    demand(work.actor, Permission.ANSWER)
    return [
        _look(work, item, also, _words(work, item, text, own or {}), subject)
        for item, also in _one_for_each_person(work, item_ids)
    ]


def send_letters(
    work: Work, item_ids: Sequence[int], text: str, *, key: str, subject: str = "",
    own: Mapping[int, str] | None = None, confirmed: frozenset[str] = frozenset(),
) -> LettersSent:  # fmt: skip
    """Send them, each once however often `key` is sent; what the gate keeps back stays with its reason."""
    demand(work.actor, Permission.ANSWER)
    if not key:
        raise InvalidInputError(_("Nothing was sent."), remedy=_("Open the page anew."))
    went: list[int] = []
    stayed: list[tuple[int, str]] = []
    for item, _also in _one_for_each_person(work, item_ids):
        wish = Wish(
            item.id, _words(work, item, text, own or {}), subject=subject, drafted=text, confirmed=confirmed,
            key=one_key("letters", work.actor.user_id, key, item.id),
        )  # fmt: skip
        try:
            went.append(send(work, wish).id)
        except (GateError, InvalidInputError, ConflictError) as error:
            stayed.append((item.id, str(error)))
    after = {"letters": len(went), "stayed": len(stayed)}
    audit.record(work, "feedback.letters", audit.Thing("letters", key), before={"letters": 0}, after=after)
    return LettersSent(tuple(went), tuple(stayed))


def take_letters_back(work: Work, message_ids: Sequence[int]) -> int:
    """Take back those of one's own messages that have not left; gives how many."""
    taken = 0
    query = select(OutboundMessage.id).where(
        OutboundMessage.id.in_(list(message_ids)[:MOST]), OutboundMessage.author_user_id == work.actor.user_id
    )
    for message_id in work.session.scalars(query.order_by(OutboundMessage.id)).all():
        try:
            with work.session.begin_nested():
                withdraw(work, message_id)
            taken += 1
        except EarshotError:
            continue  # it left already: the number that is given says how many did not
    return taken


def _one_for_each_person(work: Work, item_ids: Sequence[int]) -> list[tuple[FeedbackItem, tuple[int, ...]]]:
    """The newest item of each customer, with the customer's other ones; an item of nobody known stands by itself.

    What was held apart since it was chosen is among them: the gate says why it gets nothing.
    """
    ids = list(dict.fromkeys(item_ids))
    if not 1 <= len(ids) <= MOST:
        raise InvalidInputError(_("Nothing was written."), remedy=_("Choose 1 to %(most)s items.") % {"most": MOST})
    chosen = select(FeedbackItem).where(FeedbackItem.id.in_(ids))
    rows = work.session.scalars(chosen.order_by(FeedbackItem.current.desc(), FeedbackItem.placed_at.desc())).all()
    by_person: dict[tuple[str, int], list[FeedbackItem]] = {}
    for row in rows:
        person = ("item", row.id) if row.customer_id is None else ("customer", row.customer_id)
        by_person.setdefault(person, []).append(row)
    return [(first, tuple(each.id for each in others)) for first, *others in by_person.values()]


def _words(work: Work, item: FeedbackItem, text: str, own: Mapping[int, str]) -> str:
    return own.get(item.id) or fill(text, item, work.actor)


def _look(work: Work, item: FeedbackItem, also: tuple[int, ...], text: str, subject: str) -> Letter:
    who = item.author_name or item.author_handle or _("somebody")
    try:
        found = look(work, Wish(item.id, text, subject=subject))
    except (InvalidInputError, ConflictError) as error:
        return Letter(item.id, who, item.text[:200], text, None, Verdict(text), also, str(error))
    return Letter(item.id, who, item.text[:200], text, found.place, found.verdict, also)
