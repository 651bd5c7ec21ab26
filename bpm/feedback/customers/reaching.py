"""What stands against writing to somebody, read as columns of one row: a block, an erasure, an address that ended."""

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, or_

from bpm.feedback.customers.addresses import email_of, handle_of, phone_of
from bpm.feedback.models import BlockedSender, ContactPoint

_LIVE = BlockedSender.lifted_at.is_(None)


def is_blocked(
    customer_id: int | None, to: str, source: str | ScalarSelect[str], *, was_said_there: bool
) -> ColumnElement[bool]:
    """Whether whoever would be answered is a blocked sender.

    Where they wrote, any address of theirs counts that is blocked; at another address of theirs, that one. `source` is
    where the account `to` is known, if it is one.
    """
    asked = [_there(to, source)]
    if was_said_there and customer_id is not None:
        asked.append(_theirs(customer_id))
    return or_(*asked)


def _there(to: str, source: str | ScalarSelect[str]) -> ColumnElement[bool]:
    found = (("email", "", email_of(to)), ("phone", "", phone_of(to)), ("handle", source, handle_of(to)))
    same = [
        and_(BlockedSender.kind == kind, BlockedSender.scope == scope, BlockedSender.value == value)
        for kind, scope, value in found
        if value
    ]
    return exists().where(_LIVE, or_(*same)) if same else false()


def _theirs(customer_id: int) -> ColumnElement[bool]:
    return exists().where(
        ContactPoint.customer_id == customer_id,
        ContactPoint.ended_at.is_(None),
        BlockedSender.value == ContactPoint.value,
        BlockedSender.kind == ContactPoint.kind,
        BlockedSender.scope == ContactPoint.scope,
        _LIVE,
    )


def has_ended(contact_point_id: int) -> ColumnElement[bool]:
    """Whether somebody said that this address is its customer's no more."""
    return exists().where(ContactPoint.id == contact_point_id, ContactPoint.ended_at.is_not(None))
