"""What the outbox holds of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

DATA: Mapping[str, TableData] = {
    "mail_message": TableData(
        free("Kinds and ids of our own.", "key kind unsubscribe_url message_id"),
        {
            "to_address": How.SCRUB,
            "subject": How.SCRUB,
            "text": How.SCRUB,
            "html": How.SCRUB,
            "last_error": How.SCRUB,
        },
    ),
    "mail_sender": TableData(
        free("What the company's own mails look like.", "address name_pattern reply_to signature host tls user")
    ),
}
"""Table -> what it holds."""
