"""What other systems tell us by themselves: calls that bring items, and what became of messages of ours."""

import re
from collections.abc import Iterable, Mapping

from bpm.feedback.channels import Row
from bpm.feedback.connectors.keeping import secrets_of
from bpm.feedback.connectors.kind import SIGNED_BY
from bpm.feedback.connectors.kinds import KINDS
from bpm.feedback.connectors.mail import OWN_ID, own_addresses
from bpm.feedback.connectors.reading import Meaning
from bpm.feedback.connectors.taking import take_in_rows
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.intake.deliveries import FORMAT
from bpm.feedback.intake.reader import read_body
from bpm.feedback.models import Connector
from bpm.foundation.errors import ForbiddenError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work

MAILBOX = "imap"
"""Kind whose reports are about mails, which are known by their ids whichever mailbox hears of them."""


def hear_reports(work: Work, connector: Connector, rows: Iterable[Row]) -> int:
    """Publish DeliveryHeard for each report about a message of ours; gives how many."""
    heard, is_mail = 0, connector.kind == MAILBOX
    for report in (each for row in rows for each in row.reports):
        if is_mail and not re.fullmatch(OWN_ID, report.remote_id):
            continue  # somebody else wrote from this mailbox
        why = f"{report.recipient}: {report.why}" if report.recipient and report.why else report.why
        number = None if is_mail else connector.id
        work.publish(DeliveryHeard(report.remote_id, report.state, work.now(), why, number))
        heard += 1
    return heard


def receive_call(transactions: Transactions, connector_id: int, headers: Mapping[str, str], body: bytes) -> int:
    """Take in what a connected system posts; how many rows it held.

    The body is read between two transactions. NotFoundError where no such connection is called, ForbiddenError for a
    signature that does not fit or a connection that is paused, InvalidInputError for a body that is none.
    """
    with transactions.reading() as work:
        meaning, now = _proven(work, connector_id, headers, body), work.now()
    context = meaning.context()
    rows = read_body(body, context, now=now)
    with transactions() as work:
        row = work.session.get(Connector, connector_id)
        if row is None:
            raise NotFoundError(_("Nothing is connected here."))
        take_in_rows(work, f"connector {row.id}", context, format_name=FORMAT, rows=rows)
        hear_reports(work, row, rows)
    return len(rows)


def _proven(work: Work, connector_id: int, headers: Mapping[str, str], body: bytes) -> Meaning:
    row = work.session.get(Connector, connector_id)
    kind = KINDS.get(row.kind) if row is not None else None
    if row is None or kind is None or kind.proof is None:
        raise NotFoundError(_("Nothing is connected here."), remedy=_("Look up the address under Sources."))
    secret = secrets_of(work, row).get(SIGNED_BY, "")
    if not secret:
        raise ForbiddenError(
            _("Calls are not expected here."), remedy=_("Enter the secret of the webhook at the source.")
        )
    kind.proof({name.lower(): value for name, value in headers.items()}, body, secret, work.now())
    if row.paused:
        raise ForbiddenError(_("This source is paused."), remedy=_("Resume it; what came meanwhile is fetched."))
    return Meaning(row.channel, row.source, dict(row.settings), own_addresses(work))
