"""Incidents in the browser: the bar of every inbox, the list, one incident with everything that is done about it."""

from web.incidents import acts, bar, lists, page, workarounds
from web.incidents.blueprint import blueprint

__all__ = ["acts", "bar", "blueprint", "lists", "page", "workarounds"]
