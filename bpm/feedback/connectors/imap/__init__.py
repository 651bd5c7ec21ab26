"""A folder of a mailbox, by IMAP (RFC 9051, RFC 3501)."""

from bpm.feedback.connectors.imap.fetching import KIND

__all__ = ["KIND"]
