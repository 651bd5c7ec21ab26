"""A Bluesky account: who mentions or answers it, and what is said with words; answered over the AT protocol."""

from bpm.feedback.connectors.bluesky.fetching import KIND

__all__ = ["KIND"]
