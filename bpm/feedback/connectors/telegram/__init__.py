"""A Telegram bot: what people write to it, answered in the same chat."""

from bpm.feedback.connectors.telegram.fetching import KIND

__all__ = ["KIND"]
