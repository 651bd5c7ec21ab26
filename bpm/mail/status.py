"""In which states a mail can be: a closed list, held by a constraint of the database."""

from enum import StrEnum


class MailStatus(StrEnum):
    """Of a mail in the outbox."""

    CREATED = "created"
    SENDING = "sending"
    """A worker talks to the mail server about it."""
    SENT = "sent"
    """The mail server took it."""
    DELAYED = "delayed"
    """A temporary failure: it is tried again at `next_at`."""
    FAILED = "failed"
    """The mail server refused it for good, or it was tried for too long."""
    PERHAPS_SENT = "perhaps_sent"
    """Whoever sent it died, or the connection broke, before the mail server's answer was on record."""


WAITING = frozenset({MailStatus.CREATED, MailStatus.DELAYED})
"""A worker takes it up by itself."""
NEEDS_A_PERSON = frozenset({MailStatus.FAILED, MailStatus.PERHAPS_SENT})
"""It is sent again only if a person says so."""
