"""Changed conversations, the latest first, listed page by page until one that was seen; then each is read whole.

A conversation that changes meanwhile moves up: it is read again in the next round, and none is passed over. What is
known already is not taken twice. One step is one request, so that a long round lets other connections in between.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import Fetched

MOST_PAGES, FIRST_PAGES = 20, 4
"""Pages of one round, and of the very first one, which would go back for years."""


@dataclass(frozen=True)
class Listed:
    """A conversation: its number over there, and when it changed, in a form that sorts by time."""

    number: str
    at: str


ListPage = Callable[[int], list[Listed]]
"""Gives a page (from 1) of all conversations, the one that changed last on top; empty behind the last one."""
ReadOne = Callable[[str], bytes]
"""Gives the content of a conversation, as its format reads it."""


def walk(connection: Connection, list_page: ListPage, read_one: ReadOne) -> Fetched:
    """The next step of a round."""
    cursor = dict(connection.cursor)
    waiting = list(cursor.get("waiting", ()))
    if connection.trial:
        return _look(list_page, read_one)
    if not waiting:
        return _list(cursor, list_page)
    content = read_one(str(waiting[0]))
    behind = {**cursor, "waiting": waiting[1:]}
    if waiting[1:]:
        return Fetched(behind, content, "json", more=True)
    return _at_its_end(behind, content)


def _look(list_page: ListPage, read_one: ReadOne) -> Fetched:
    first = list_page(1)[:1]
    return Fetched({}, read_one(first[0].number) if first else b"", "json")


def _list(cursor: dict[str, Any], list_page: ListPage) -> Fetched:
    seen, page = str(cursor.get("seen", "")), int(cursor.get("page", 0)) + 1
    listed = list_page(page)
    changed = [each for each in listed if each.at >= seen]
    last = not listed or len(changed) < len(listed) or page >= (MOST_PAGES if seen else FIRST_PAGES)
    top = max([str(cursor.get("top", "")), *(each.at for each in changed)])
    behind = {"seen": seen, "top": top, "page": page, "last": last, "waiting": [each.number for each in changed]}
    return Fetched(behind, more=True) if changed else _at_its_end(behind, b"")


def _at_its_end(behind: dict[str, Any], content: bytes) -> Fetched:
    """The end of a page: of the round, too, or the next one is asked for."""
    if behind["last"]:
        return Fetched({"seen": behind["top"] or behind["seen"]}, content, "json")
    return Fetched(behind, content, "json", more=True)
