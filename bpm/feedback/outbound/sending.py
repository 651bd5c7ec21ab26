"""The worker's part: messages that are due go out, each noted before and after, so that none goes twice in silence.

Numbered, because whoever sends may die at any moment
1. A message is set to `sending` and committed before a word of it is said to the other side; a conditional UPDATE, so
   that of two workers one sends.
2. What the other side answered is committed right after. Between the two nothing else is done.
3. A message that stays `sending` for longer than any sending takes was left by one that died. Where the other side can
   be searched by its key, it is looked for there: found, it was sent; not found, it goes again. Else it is
   `perhaps_sent` and stands before people, and goes again only if one of them says so. Its key is the same then.
4. A receipt that came before 2. lies in `outbound_receipt` and is applied with it; one that was written at the same
   moment, by somebody who could not see it yet, with the next sweep.
5. Quiet hours, and the hours that the customer named, count at the moment of sending, too: what is tried again at night
   waits for the morning.
6. So does what may have come up since the author pressed send: a block, an erasure, a consent that was taken back, an
   address that is theirs no more. Such a message does not leave, and its author is told why. One whose author was
   switched off waits for somebody who takes its words over: nobody speaks in the name of a person who is gone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, or_, select, update

from bpm import attachments
from bpm.feedback import connectors
from bpm.feedback.connectors import Accepted, Answers, NotNowError, Outgoing, RefusedError, SentFile, WayOut
from bpm.feedback.connectors.connection import Connection, Kept
from bpm.feedback.connectors.mail import message_id_of
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound.gate import barred, next_allowed
from bpm.feedback.outbound.gate.holding import AT_ALL_HOURS
from bpm.feedback.outbound.gathering import gather_standing, quiet_for, zones_of
from bpm.feedback.outbound.hooks import HOOKS
from bpm.feedback.outbound.kinds import labelled
from bpm.feedback.outbound.receipts import apply_waiting, messages_with_waiting
from bpm.feedback.outbound.states import come_to
from bpm.feedback.status import GOES_BY_ITSELF, Channel, MessageState
from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.mail.retries import WAITS

log = logger(__name__)

AT_ONCE = 20
"""Messages of one sweep; mails among them go over one connection."""
GIVEN_UP_AFTER = timedelta(minutes=10)
"""After this a message that is still being sent was left by one that died."""
TRIES = WAITS[:7]
"""Waits between tries: about a day in all; a customer who waits longer is to be told by a person."""
MOST_PIECES = 100


@dataclass(frozen=True)
class _Claim:
    """A message in hand: what is sent, over what, and the number of this try."""

    id: int
    attempts: int
    way_out: WayOut
    connection: Connection
    outgoing: Outgoing


def sweep_outbound(transactions: Transactions) -> int:
    """Send some of the messages that are due; how many were dealt with."""
    with transactions.reading() as work:
        due, left, heard = _due(work), _left_behind(work), messages_with_waiting(work)
    for message_id in left:
        _settle_left_behind(transactions, message_id)
    with Kept() as kept:
        for message_id in due:
            _send_one(transactions, message_id, kept)
    for message_id in heard:
        with transactions() as work:
            apply_waiting(work, work.session.get_one(OutboundMessage, message_id))
    return len(due) + len(left) + len(heard)


def _due(work: Work) -> list[int]:
    query = select(OutboundMessage.id).where(
        OutboundMessage.state.in_(("created", "held", "temporary_failure")),
        OutboundMessage.next_at.is_not(None),
        OutboundMessage.next_at <= work.now(),
    )
    return list(work.session.scalars(query.order_by(OutboundMessage.next_at, OutboundMessage.id).limit(AT_ONCE)))


def _left_behind(work: Work) -> list[int]:
    long_ago = work.now() - GIVEN_UP_AFTER
    old = or_(OutboundMessage.sending_since.is_(None), OutboundMessage.sending_since < long_ago)
    query = select(OutboundMessage.id).where(OutboundMessage.state == MessageState.SENDING, old)
    return list(work.session.scalars(query.order_by(OutboundMessage.id).limit(AT_ONCE)))


def _send_one(transactions: Transactions, message_id: int, kept: Kept) -> None:
    with transactions() as work:
        claim = _claim(work, message_id)
    if claim is None:
        return
    try:
        accepted = claim.way_out.send(replace(claim.connection, kept=kept), claim.outgoing)
    except NotNowError as error:
        _put_off(transactions, claim, error)
    except RefusedError as error:
        _record(transactions, claim, MessageState.PERMANENT_FAILURE, str(error))
    except Exception as error:  # noqa: BLE001 -- whatever went wrong, the words may have left
        log.warning("a message has perhaps left", message=claim.id, because=repr(error))
        _look_for_it(transactions, claim, str(error) or type(error).__name__)
    else:
        _accept(transactions, claim, accepted)


def _claim(work: Work, message_id: int) -> _Claim | None:
    """The message, marked as being sent; None when another worker has it, or it cannot go now."""
    now = work.now()
    taking = update(OutboundMessage).where(
        OutboundMessage.id == message_id,
        OutboundMessage.state.in_(GOES_BY_ITSELF),
        OutboundMessage.next_at <= now,
    )
    mine = {"state": MessageState.SENDING, "sending_since": now, "attempts": OutboundMessage.attempts + 1}
    row = _changed(work, taking.values(mine))
    if row is None:
        return None
    standing = gather_standing(work, row)
    against = barred(standing)
    if against:
        why = " ".join(each.text for each in against)
        come_to(work, row, MessageState.PERMANENT_FAILURE, why, next_at=None, last_error=why, ended_at=now)
        return None
    if standing.has_left:
        why = _("%(name)s was switched off before it left. Take it back: its words are your draft.")
        why %= {"name": row.from_name}
        come_to(work, row, MessageState.TEMPORARY_FAILURE, why, next_at=None, last_error=why, held_for="",
                attempts=row.attempts - 1)  # fmt: skip
        return None
    allowed, because = _allowed(work, row, now)
    if allowed > now:
        why = _("It is no hour for it where they are.")
        come_to(work, row, MessageState.HELD, why, held_for=because, next_at=allowed, attempts=row.attempts - 1)
        return None
    try:
        way_out, connection = connectors.open_way(work, row.connector_id, from_address=row.from_address)
        outgoing = _outgoing(work, row)
    except EarshotError as error:
        come_to(work, row, MessageState.TECHNICAL_FAILURE, str(error), next_at=None, last_error=str(error)[:2000],
                ended_at=now)  # fmt: skip
        return None
    come_to(work, row, MessageState.SENDING, held_for="", remote_id=row.remote_id or _known_id(row, connection))
    return _Claim(row.id, row.attempts, way_out, connection, outgoing)


def _changed(work: Work, change: Update) -> OutboundMessage | None:
    """The message as a conditional UPDATE left it; None when it changed nothing: somebody else was first."""
    changed = change.returning(OutboundMessage).execution_options(populate_existing=True)
    return work.session.scalars(changed).one_or_none()


def _allowed(work: Work, row: OutboundMessage, now: datetime) -> tuple[datetime, str]:
    """When it may go, and why not before: `now`, unless it is no hour for the customer and nobody waits for it."""
    first_try = row.attempts <= 1 and row.held_for in ("", "undo")
    if row.item_id is None or first_try or row.kind in AT_ALL_HOURS:
        return now, ""
    item = work.session.get(FeedbackItem, row.item_id)
    if item is None:
        return now, ""
    quiet, because = quiet_for(work, item)
    return next_allowed(now, zones_of(work, item), quiet), because


def _known_id(row: OutboundMessage, connection: Connection) -> str:
    """What a mail will be called: its bounce may come before our record of the sending."""
    is_mail = row.channel == Channel.EMAIL and "smtp_host" in connection.settings
    return message_id_of(row.key, connection.settings["address"]) if is_mail else ""


def _outgoing(work: Work, row: OutboundMessage) -> Outgoing:
    told = dict(row.answers)
    return Outgoing(
        key=row.key,
        kind=row.kind,
        to=row.to_address,
        text=labelled(row.kind, HOOKS.words(work, row)),
        subject=row.subject,
        from_name=row.from_name,
        from_address=row.from_address,
        copies=tuple(row.copies),
        answers=Answers(**(told | {"references": tuple(told.get("references", ()))})) if told else Answers(),
        files=tuple(_file(work, number) for number in row.files),
        public=row.public,
    )


def _file(work: Work, attachment_id: int) -> SentFile:
    row = attachments.get_attachment(work, attachment_id)
    pieces = [attachments.read_piece(work, attachment_id, number) for number in range(MOST_PIECES)]
    return SentFile(row.name, row.media_type, b"".join(piece for piece in pieces if piece))


def _accept(transactions: Transactions, claim: _Claim, accepted: Accepted) -> None:
    state = MessageState.DELIVERED if accepted.delivered_at else MessageState.SENT
    values: dict[str, Any] = {
        "remote_id": accepted.remote_id[:400], "url": accepted.url[:1000], "delivered_at": accepted.delivered_at,
        "last_error": "", "next_at": None, "ended_at": None,
    }  # fmt: skip
    _record(transactions, claim, state, "", **values)


def _put_off(transactions: Transactions, claim: _Claim, error: NotNowError) -> None:
    """Tried again later, or left to a person when it was tried often enough."""
    with transactions.reading() as work:
        now = work.now()
    again = now + max(TRIES[claim.attempts - 1], error.wait or timedelta(0)) if claim.attempts <= len(TRIES) else None
    _record(transactions, claim, MessageState.TEMPORARY_FAILURE, str(error), next_at=again)


def _look_for_it(transactions: Transactions, claim: _Claim, why: str) -> None:
    """Ask the other side whether it is there; where nobody can tell, a person has to."""
    if claim.way_out.find is None:
        _record(transactions, claim, MessageState.PERHAPS_SENT, why)
        return
    try:
        found = claim.way_out.find(claim.connection, claim.outgoing)
    except Exception as error:  # noqa: BLE001 -- still nobody knows
        _record(transactions, claim, MessageState.PERHAPS_SENT, f"{why} {error}")
        return
    if found is not None:
        _accept(transactions, claim, found)
    else:
        _put_off(transactions, claim, NotNowError(why))


def _settle_left_behind(transactions: Transactions, message_id: int) -> None:
    """What a worker that died had in hand."""
    why = _("The worker ended before the answer of the other side was on record.")
    with transactions() as work:
        row = work.session.get(OutboundMessage, message_id)
        if row is None or row.state != MessageState.SENDING:
            return
        try:
            way_out, connection = connectors.open_way(work, row.connector_id, from_address=row.from_address)
            claim = _Claim(row.id, row.attempts, way_out, connection, _outgoing(work, row))
        except EarshotError as error:
            come_to(work, row, MessageState.PERHAPS_SENT, f"{why} {error}", next_at=None, last_error=why,
                    ended_at=work.now())  # fmt: skip
            return
    _look_for_it(transactions, claim, why)


def _record(transactions: Transactions, claim: _Claim, state: MessageState, why: str = "", **values: Any) -> None:
    """Write down what became of it, unless somebody else has it in hand by now."""
    with transactions() as work:
        still_mine = update(OutboundMessage).where(
            OutboundMessage.id == claim.id,
            OutboundMessage.state == MessageState.SENDING,
            OutboundMessage.attempts == claim.attempts,
        )
        row = _changed(work, still_mine.values(state=state))
        if row is None:
            return
        defaults: dict[str, Any] = {"last_error": why[:2000], "next_at": None, "ended_at": work.now()}
        come_to(work, row, state, why, **(defaults | values))
        apply_waiting(work, row)
