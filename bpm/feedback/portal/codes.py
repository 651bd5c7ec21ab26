"""Codes by mail: how somebody shows that they read what comes to an address.

1. Whether an address is known is told to nobody: asking is answered alike, and a mail goes out only to a known one.
2. A code has eight digits, holds a quarter of an hour, and bears five tries; an address gets five codes an hour. So
   whoever guesses has 25 tries an hour among 100 million.
3. The newest code counts alone; it works once.
"""

import hmac
from datetime import timedelta
from secrets import randbelow

from sqlalchemy import delete, func, select, update

from bpm import audit, mail
from bpm.feedback.customers.addresses import email_of
from bpm.feedback.models import ContactPoint, Customer, PortalCode, PortalVisit
from bpm.feedback.outbound import labelled
from bpm.feedback.portal.keys import digest
from bpm.feedback.portal.visits import begin_visit
from bpm.feedback.status import ContactKind, MessageKind
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected

CODE_HOLDS = timedelta(minutes=15)
DIGITS = 8
MOST_TRIES = 5
MOST_CODES = 5
"""Within an hour, for one address."""
KIND = MessageKind.PORTAL_CODE
_WRONG = _("This code does not fit, or its time is over.")


def ask_code(work: Work, written: str) -> None:
    """Send a code to an address that is known; nothing happens for others, and nobody is told which it was.

    InvalidInputError for what is no address.
    """
    address = email_of(written)
    if not address:
        raise InvalidInputError(
            _("This is no mail address."), remedy=_("Write it as you use it."),
            fields={"address": _("Write your mail address, such as ann@example.org.")},
        )  # fmt: skip
    hashed = digest(work, "portal address", address)
    lately = select(func.count()).where(
        PortalCode.address_hash == hashed, PortalCode.made_at > work.now() - timedelta(hours=1)
    )
    if (work.session.scalar(lately) or 0) >= MOST_CODES:
        return
    code = f"{randbelow(10**DIGITS):0{DIGITS}}"
    row = PortalCode(
        address_hash=hashed, code_hash=digest(work, "portal code", f"{address} {code}"), made_at=work.now(),
        expires_at=work.now() + CODE_HOLDS, tries=0,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    known = find_point(work, address) is not None
    audit.record(work, "portal_code.ask", audit.Thing("portal code", row.id), after={"mail": known})
    if known:
        _send(work, row.id, address, code)


def find_point(work: Work, address: str) -> int | None:
    """The contact point with that mail address, while it is somebody's."""
    return work.session.scalar(
        select(ContactPoint.id)
        .join(Customer, Customer.id == ContactPoint.customer_id)
        .where(
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.value == address,
            ContactPoint.ended_at.is_(None),
            Customer.erased_at.is_(None),
        )
        .limit(1)
    )


def _send(work: Work, code_id: int, address: str, code: str) -> None:
    text = _(
        "Your code: %(code)s\n\n"
        "Enter it on the page where you asked for it. It holds for %(minutes)s minutes and works once.\n"
        "If you did not ask for it, somebody may have mistyped their address: ignore this message."
    )
    values = {"code": f"{code[:4]} {code[4:]}", "minutes": int(CODE_HOLDS.total_seconds() // 60)}
    mail.queue(
        work, to=address, subject=_("Your code"), text=labelled(KIND, text % values), kind=KIND, key=f"{KIND} {code_id}"
    )


def prove_code(work: Work, written: str, code: str) -> str:
    """Begin a visit; the word for its cookie. ForbiddenError when the code does not fit; the try is counted.

    Whoever calls this has to keep what it wrote even then.
    """
    address, digits = email_of(written), "".join(each for each in code if each.isdigit())
    hashed = digest(work, "portal address", address)
    row = work.session.scalar(
        select(PortalCode).where(PortalCode.address_hash == hashed).order_by(PortalCode.id.desc()).limit(1)
    )
    if row is None or not _take_try(work, row):
        raise ForbiddenError(_WRONG, remedy=_("Ask for a new code."))
    fits = hmac.compare_digest(row.code_hash, digest(work, "portal code", f"{address} {digits}"))
    point_id = find_point(work, address)
    if not fits or point_id is None:
        raise ForbiddenError(_WRONG, remedy=_("Look at the mail again, or ask for a new code."))
    used = update(PortalCode).where(PortalCode.id == row.id, PortalCode.used_at.is_(None)).values(used_at=work.now())
    if affected(work, used) != 1:
        raise ForbiddenError(_WRONG, remedy=_("Ask for a new code."))
    audit.record(work, "portal_code.prove", audit.Thing("portal code", row.id), after={"address": point_id})
    return begin_visit(work, point_id)


def _take_try(work: Work, row: PortalCode) -> bool:
    """Whether one of its tries was left; two at once do not share one."""
    taking = (
        update(PortalCode)
        .where(
            PortalCode.id == row.id,
            PortalCode.tries < MOST_TRIES,
            PortalCode.used_at.is_(None),
            PortalCode.expires_at > work.now(),
        )
        .values(tries=PortalCode.tries + 1)
    )
    return affected(work, taking) == 1


def forget_codes(unit_of_work: Transactions) -> int:
    """Delete codes and visits that are over for a day; gives how many."""
    with unit_of_work() as work:
        before = work.now() - timedelta(days=1)
        gone = affected(work, delete(PortalCode).where(PortalCode.made_at < before))
        return gone + affected(work, delete(PortalVisit).where(PortalVisit.expires_at < before))
