"""Alarms in the browser: what left what is usual, with its chart, its causes and who sees to it."""

from web.alarms.pages import blueprint

__all__ = ["blueprint"]
