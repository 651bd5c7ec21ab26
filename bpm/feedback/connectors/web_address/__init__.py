"""An address that answers with a file of items: JSON, JSON Lines or a table."""

from bpm.feedback.connectors.web_address.fetching import KIND

__all__ = ["KIND"]
