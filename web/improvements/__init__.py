"""Improvements in the browser: the list, each with its page, the board with its gates, the sheet."""

from web.improvements import ctq, dmaic, listing, pages, results, telling, two_way, worth
from web.improvements.blueprint import blueprint

__all__ = ["blueprint", "ctq", "dmaic", "listing", "pages", "results", "telling", "two_way", "worth"]
