"""A Mastodon account: who mentions it, and what is said under hashtags and with words."""

from bpm.feedback.connectors.mastodon.fetching import KIND

__all__ = ["KIND"]
