"""What channels say of messages later: kept, and applied to the message, whichever of the two is there first."""

from datetime import timedelta

from sqlalchemy import and_, func, select

from bpm.feedback.connectors import Receipt
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.models import OutboundMessage, OutboundReceipt
from bpm.feedback.outbound.states import come_to
from bpm.feedback.status import Channel, MessageState
from bpm.foundation.bus import Bus
from bpm.foundation.work import Work

STATES = {
    "delivered": MessageState.DELIVERED,
    "temporary_failure": MessageState.TEMPORARY_FAILURE,
    "permanent_failure": MessageState.PERMANENT_FAILURE,
}
_WEIGHT = {"temporary_failure": 0, "delivered": 1, "permanent_failure": 2}
"""Of two that say the same instant the heavier one counts."""
OPEN_TO_IT = frozenset(
    {
        MessageState.SENT,
        MessageState.DELIVERED,
        MessageState.PERHAPS_SENT,
        MessageState.TEMPORARY_FAILURE,
        MessageState.PERMANENT_FAILURE,
    }
)
"""A message that a receipt can still tell something about; while it is being sent, the receipt waits."""
RACING_FOR = timedelta(days=1)
"""How long a receipt is looked at again that came at the very moment in which its message was written down."""
AT_ONCE = 50


def wire(bus: Bus) -> None:
    """Let what connections hear reach the messages."""
    bus.subscribe(
        DeliveryHeard,
        lambda work, heard: note_receipt(
            work, Receipt(heard.remote_id, heard.state, heard.at, heard.why, heard.connector_id)
        ),
    )


def note_receipt(work: Work, receipt: Receipt) -> None:
    """Keep a receipt and apply it to its message, now or as soon as that is on record; the same twice is once."""
    if receipt.state not in STATES or not receipt.remote_id:
        return
    key, remote_id = receipt.connector_id or 0, receipt.remote_id[:400]
    message = work.session.scalar(
        select(OutboundMessage)
        .where(OutboundMessage.remote_id == remote_id)
        .where((OutboundMessage.connector_id == receipt.connector_id) if key else OutboundMessage.channel == "email")
        .order_by(OutboundMessage.id.desc())
        .limit(1)
    )
    if _is_known(work, receipt, message):
        return
    row = OutboundReceipt(
        connector_key=key, remote_id=remote_id, state=receipt.state, at=receipt.at, why=receipt.why[:2000],
        received_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    if message is not None:
        _apply(work, message, row)


def _is_known(work: Work, receipt: Receipt, message: OutboundMessage | None) -> bool:
    """The same again; what was sent once more after it came back can come back again, later."""
    newest = work.session.scalar(
        select(func.max(OutboundReceipt.at)).where(
            OutboundReceipt.connector_key == (receipt.connector_id or 0),
            OutboundReceipt.remote_id == receipt.remote_id[:400],
            OutboundReceipt.state == receipt.state,
        )
    )
    if newest is None:
        return False
    return message is None or receipt.at <= newest or message.state == STATES[receipt.state]


def apply_waiting(work: Work, message: OutboundMessage) -> None:
    """Apply what was heard of a message before it was on record."""
    if not message.remote_id:
        return
    of_mail = (0,) if message.channel == Channel.EMAIL else ()
    rows = work.session.scalars(
        select(OutboundReceipt)
        .where(OutboundReceipt.remote_id == message.remote_id, OutboundReceipt.message_id.is_(None))
        .where(OutboundReceipt.connector_key.in_((*of_mail, message.connector_id or 0)))
        .order_by(OutboundReceipt.at, OutboundReceipt.id)
    )
    for row in rows.all():
        _apply(work, message, row)


def messages_with_waiting(work: Work) -> list[int]:
    """Messages on record for which a receipt waits all the same: both were written at once, neither saw the other."""
    found = (
        select(OutboundMessage.id)
        .join(OutboundReceipt, OutboundReceipt.remote_id == OutboundMessage.remote_id)
        .where(
            OutboundReceipt.message_id.is_(None),
            OutboundReceipt.received_at > work.now() - RACING_FOR,
            OutboundMessage.state.in_(OPEN_TO_IT),
            (OutboundReceipt.connector_key == func.coalesce(OutboundMessage.connector_id, 0))
            | and_(OutboundReceipt.connector_key == 0, OutboundMessage.channel == Channel.EMAIL),
        )
    )
    return list(work.session.scalars(found.distinct().limit(AT_ONCE)))


def _apply(work: Work, message: OutboundMessage, receipt: OutboundReceipt) -> None:
    """What was said last over there counts, in whatever order it comes; that it is tried on there undoes nothing."""
    if message.state not in OPEN_TO_IT:
        return
    decisive = work.session.execute(
        select(OutboundReceipt.at, OutboundReceipt.state).where(
            OutboundReceipt.message_id == message.id, OutboundReceipt.state != "temporary_failure"
        )
    ).all()
    receipt.message_id = message.id
    newest = max(((at, _WEIGHT[state]) for at, state in decisive), default=None)
    if newest is not None and (receipt.at, _WEIGHT[receipt.state]) < newest:
        return
    state = STATES[receipt.state]
    if state == message.state or (message.state == MessageState.PERMANENT_FAILURE and newest is None):
        return  # what was refused as we sent it, nothing there can deliver
    if state == MessageState.DELIVERED:
        come_to(work, message, state, receipt.why, delivered_at=receipt.at, next_at=None, last_error="", ended_at=None)
    elif state == MessageState.TEMPORARY_FAILURE:
        _tried_on(work, message, receipt)
    else:
        come_to(work, message, state, receipt.why, next_at=None, last_error=receipt.why, ended_at=work.now(),
                sent_at=None)  # fmt: skip


def _tried_on(work: Work, message: OutboundMessage, receipt: OutboundReceipt) -> None:
    """The channel goes on trying by itself: it has left, and what is said later decides."""
    if message.state == MessageState.PERHAPS_SENT:
        come_to(work, message, MessageState.SENT, receipt.why, next_at=None, last_error=receipt.why)
    elif message.state == MessageState.SENT:
        message.last_error = receipt.why
