"""Improvements in the browser: the list, each with its page, the board with its gates, the sheet."""

from web.improvements import dmaic, listing, pages
from web.improvements.blueprint import blueprint

__all__ = ["blueprint", "dmaic", "listing", "pages"]
