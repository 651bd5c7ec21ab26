"""What channels say of messages later: kept, and applied to the message, whichever of the two is there first."""

from sqlalchemy import select

from bpm.feedback.connectors import Receipt
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.models import OutboundMessage, OutboundReceipt
from bpm.feedback.outbound.states import come_to
from bpm.feedback.status import MessageState
from bpm.foundation.bus import Bus
from bpm.foundation.work import Work

STATES = {
    "delivered": MessageState.DELIVERED,
    "temporary_failure": MessageState.TEMPORARY_FAILURE,
    "permanent_failure": MessageState.PERMANENT_FAILURE,
}
OPEN_TO_IT = frozenset(
    {MessageState.SENT, MessageState.DELIVERED, MessageState.PERHAPS_SENT, MessageState.TEMPORARY_FAILURE}
)
"""A message that a receipt can still tell something about; while it is being sent, the receipt waits."""


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
    key = receipt.connector_id or 0
    same = select(OutboundReceipt.id).where(
        OutboundReceipt.connector_key == key,
        OutboundReceipt.remote_id == receipt.remote_id[:400],
        OutboundReceipt.state == receipt.state,
    )
    if work.session.scalar(same.limit(1)) is not None:
        return
    row = OutboundReceipt(
        connector_key=key, remote_id=receipt.remote_id[:400], state=receipt.state, at=receipt.at,
        why=receipt.why[:2000], received_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    message = work.session.scalar(
        select(OutboundMessage)
        .where(OutboundMessage.remote_id == row.remote_id)
        .where((OutboundMessage.connector_id == receipt.connector_id) if key else OutboundMessage.channel == "email")
        .order_by(OutboundMessage.id.desc())
        .limit(1)
    )
    if message is not None:
        _apply(work, message, row)


def apply_waiting(work: Work, message: OutboundMessage) -> None:
    """Apply what was heard of a message before it was on record."""
    if not message.remote_id:
        return
    rows = work.session.scalars(
        select(OutboundReceipt)
        .where(OutboundReceipt.remote_id == message.remote_id, OutboundReceipt.message_id.is_(None))
        .where(OutboundReceipt.connector_key.in_((0, message.connector_id or 0)))
        .order_by(OutboundReceipt.at, OutboundReceipt.id)
    )
    for row in rows.all():
        _apply(work, message, row)


def _apply(work: Work, message: OutboundMessage, receipt: OutboundReceipt) -> None:
    if message.state not in OPEN_TO_IT:
        return
    receipt.message_id = message.id
    state = STATES[receipt.state]
    if state == message.state:
        return
    if state == MessageState.DELIVERED:
        come_to(work, message, state, receipt.why, delivered_at=receipt.at, next_at=None, last_error="")
    elif state == MessageState.TEMPORARY_FAILURE:
        # The channel goes on trying by itself: it has left, and what is said later decides.
        if message.state == MessageState.PERHAPS_SENT:
            come_to(work, message, MessageState.SENT, receipt.why, next_at=None, last_error=receipt.why)
        else:
            message.last_error = receipt.why
    else:
        come_to(work, message, state, receipt.why, next_at=None, last_error=receipt.why, ended_at=work.now(),
                sent_at=None)  # fmt: skip
