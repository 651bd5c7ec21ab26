"""Processes that run elsewhere: their logs taken in, and what the logs show."""

from web.elsewhere.pages import blueprint

__all__ = ["blueprint"]
