"""Signed webhooks: the sender proves that it knows the secret and that the call is fresh."""

from bpm.feedback.channels.webhook.proofs import NAMES, prove
from bpm.feedback.channels.webhook.reader import MOST_ITEMS, records, sign, verify

__all__ = ["MOST_ITEMS", "NAMES", "prove", "records", "sign", "verify"]
