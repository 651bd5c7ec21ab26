"""What the rows of a poll or a call tell of messages of ours, stated as facts for whoever keeps their states."""

import re
from collections.abc import Iterable

from bpm.feedback.channels import Row
from bpm.feedback.connectors.mail import OWN_ID
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.models import Connector
from bpm.foundation.work import Work

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
