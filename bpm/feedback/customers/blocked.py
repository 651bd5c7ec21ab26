"""Which senders are blocked, so that what they send is held apart."""

from collections.abc import Collection

from sqlalchemy import select

from bpm.feedback.customers.addresses import Address
from bpm.feedback.models import BlockedSender
from bpm.foundation.work import Work

PART = 500


def blocked_among(work: Work, addresses: Collection[Address]) -> dict[Address, int]:
    """Those of the addresses that are blocked now -> the block's id."""
    values = sorted({address.value for address in addresses})
    found: dict[Address, int] = {}
    for start in range(0, len(values), PART):
        for kind, scope, value, block_id in work.session.execute(
            select(BlockedSender.kind, BlockedSender.scope, BlockedSender.value, BlockedSender.id).where(
                BlockedSender.value.in_(values[start : start + PART]), BlockedSender.lifted_at.is_(None)
            )
        ):
            found[Address(kind, scope, value)] = block_id
    return found


def held_because(block_id: int) -> str:
    """What an item says that is held for its sender."""
    return f"blocked sender {block_id}"
