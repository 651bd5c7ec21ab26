"""What is corrected of one customer: name, voice, channel, stage, addresses; each correction can be undone."""

from sqlalchemy import select

from bpm.feedback.customers.addresses import Address, parse_address
from bpm.feedback.customers.company import EVERYWHERE, read_company
from bpm.feedback.models import ContactPoint
from bpm.feedback.people.changes import CONTACT, CUSTOMER, Value, make_change
from bpm.feedback.people.telling_apart import get_customer
from bpm.feedback.raw_item import CHANNELS
from bpm.feedback.status import Voice
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

FIELDS = ("name", "voice", "preferred_channel", "stage")


def correct_customer(work: Work, customer_id: int, field: str, value: str, *, reason: str = "") -> int | None:
    """Set one field (see FIELDS); the change's id, None when it says so already. InvalidInputError for bad values."""
    customer = get_customer(work, customer_id)
    written: str | None = value.strip()[:200]
    if field not in FIELDS:
        raise InvalidInputError(
            _("%(field)r is nothing of a customer.") % {"field": field},
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(FIELDS)},
        )
    if field == "name" and not written:
        raise InvalidInputError(_("A customer has a name."), place="name", remedy=_("Write one."))
    if field == "voice" and written not in set(Voice):
        raise InvalidInputError(
            _("%(written)r is no voice.") % {"written": written},
            place="voice",
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(Voice)},
        )
    if field == "preferred_channel" and written and written not in CHANNELS:
        raise InvalidInputError(
            _("%(written)r is no channel.") % {"written": written},
            place=field,
            remedy=_("Use one of %(known)s, or none.") % {"known": ", ".join(CHANNELS)},
        )
    if field == "stage":
        written = written and written[:40]
    before = getattr(customer, field)
    after = written or None
    if before == after:
        return None
    told = str(before) if before is not None else None
    return make_change(work, "correct", customer.id, [Value(CUSTOMER, customer.id, field, told, after)], reason=reason)


def add_address(work: Work, customer_id: int, written: str, *, source: str = "") -> int:
    """Give a customer an address that somebody told; the change's id. ConflictError when it is another customer's.

    `source` names where an @account is known. InvalidInputError when it is no address, a placeholder or our own.
    """
    customer = get_customer(work, customer_id)
    company = read_company(work, {source})
    address = parse_address(written, company.region_of(source or EVERYWHERE))
    if address is None or address in company.own:
        raise InvalidInputError(
            _("%(written)r is no address of a customer.") % {"written": written.strip()[:80]},
            place="address",
            remedy=_("Write an e-mail address, a phone number with its country, or an @account."),
        )
    address = Address(address.kind, source.strip()[:120] if address.kind == "handle" else "", address.value)
    known = work.session.scalar(
        select(ContactPoint).where(
            ContactPoint.kind == address.kind,
            ContactPoint.scope == address.scope,
            ContactPoint.value == address.value,
        )
    )
    if known is not None:
        raise ConflictError(
            _("%(value)s is known already, of customer %(customer_id)s.")
            % {"value": address.value, "customer_id": known.customer_id},
            remedy=_("Merge both customers, or end the address there first."),
        )
    point = ContactPoint(
        customer_id=customer.id, home_id=customer.id, kind=address.kind, scope="new", value=address.value[:320],
        source=work.actor.name[:120], confidence=1.0, evidence={"method": "told by a colleague"},
        created_at=work.now(), ended_at=work.now(),
    )  # fmt: skip
    work.session.add(point)
    work.session.flush()
    point.scope = _ended(point.id)
    work.session.flush()
    values = [
        Value(CONTACT, point.id, "scope", _ended(point.id), address.scope),
        Value(CONTACT, point.id, "ended_at", work.now().isoformat(), None),
    ]
    return make_change(work, "add_address", customer.id, values)


def end_address(work: Work, point_id: int, *, reason: str = "") -> int:
    """Say that an address is a customer's no more: nobody is recognised by it; the change's id."""
    point = work.session.get(ContactPoint, point_id)
    if point is None:
        raise NotFoundError(_("There is no address %(point_id)s.") % {"point_id": point_id})
    if point.ended_at is not None:
        raise ConflictError(_("This address has ended already."), remedy=_("Look at the customer again."))
    values = [
        Value(CONTACT, point.id, "scope", point.scope, _ended(point.id)),
        Value(CONTACT, point.id, "ended_at", None, work.now().isoformat()),
    ]
    return make_change(work, "end_address", point.customer_id, values, reason=reason)


def _ended(point_id: int) -> str:
    """The scope of an address that is nobody's now, so that somebody else may have it."""
    return f"ended {point_id}"
