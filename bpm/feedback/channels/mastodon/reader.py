"""Mastodon: statuses as JSON (a list, one a line, or a context of ancestors and descendants).

A content warning becomes the subject, an edit a new version (same `uri`, later `edited_at`), a boost the boosted
status itself under its own author. Statuses of the company's own accounts (option `_own`) are nobody's voice.
Ids are per server, so the item is named by its `uri`; replies are followed by id within the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson

from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.mastodon.cutting import cut_document
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, lines
from bpm.feedback.limits import LARGEST_DOCUMENT, LONGEST_RECORD
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError

_REMEDY = "Save what GET /api/v1/.../statuses or /context answers."


class _Threads:
    """Which status answers which, and where each exchange begins."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self._roots: dict[str, str] = {}

    def root(self, status_id: str) -> str:
        """The topmost known ancestor; a parent outside the file is the last one known by its id.

        What was walked is remembered, so that a long exchange is not walked again for each of its statuses.
        """
        walked: dict[str, None] = {}
        while status_id not in walked and status_id not in self._roots:
            walked[status_id] = None
            parent = self.parents.get(status_id, "")
            if not parent or parent in walked:
                break
            status_id = parent
        root = self._roots.get(status_id, status_id)
        self._roots |= dict.fromkeys(walked, root)
        return root


@dataclass(frozen=True)
class _Status:
    """One status as bytes, beside which status of the file answers which."""

    data: bytes
    threads: _Threads


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The statuses of the file; `number` counts them from 1."""
    found = list(_statuses(stream))
    threads = _Threads()
    for data in found:
        threads.parents |= _parent_of(data)
    for number, data in enumerate(found, 1):
        if data is None or len(data) > LONGEST_RECORD:
            yield Record(number, problem=TOO_LONG)
        else:
            yield Record(number, _Status(data, threads), beginning(data))


def read(record: Record, context: Context) -> Row:
    """The item that one status tells; InvalidInputError names what does not fit."""
    told: _Status = record.content
    try:
        status = orjson.loads(told.data)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"The record is no JSON: {error}.", remedy=_REMEDY) from error
    if not isinstance(status, dict):
        raise InvalidInputError("The record is no status.", remedy=_REMEDY)
    boosted = status.get("reblog")
    if isinstance(boosted, dict):
        status = boosted
    try:
        handle = _handle(status)
        if handle.lower() in context.names("own") and not context.option("everything"):
            return Row(record.number, ignored="a status of the company's own account", raw=record.raw)
        return Row(record.number, _item(status, handle, told.threads, context), raw=record.raw)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidInputError(
            f"The record is no status: {error} is missing or of another kind.", remedy=_REMEDY
        ) from error


def columns(stream: BinaryIO) -> list[str]:
    """Statuses need no mapping."""
    return []


def _statuses(stream: BinaryIO) -> Iterator[bytes | None]:
    """One a line when the first line is a whole value, else those that the document as a whole lists."""
    first = b"\n"
    while first and not first.strip():
        first = stream.readline(LONGEST_RECORD)
    if not first:
        raise InvalidInputError("The file is empty.", remedy=_REMEDY)
    if _is_whole(first):
        yield from cut_document(first)
        yield from (line for _, line in lines(stream) if line is None or line.strip())
        return
    document = first + stream.read(LARGEST_DOCUMENT + 1)
    if len(document) > LARGEST_DOCUMENT:
        raise InvalidInputError("The document is too large to be held.", remedy="Save one status a line (JSON Lines).")
    if not document.lstrip().startswith((b"[", b"{")):
        raise InvalidInputError("The file is no JSON.", remedy=_REMEDY)
    yield from cut_document(document)


def _is_whole(line: bytes) -> bool:
    """Whether a first line stands for itself, as in JSON Lines."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        # A first line that is broken in itself is a record of its own; one that only stops too early goes on below.
        return line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") and error.pos < len(line.rstrip())
    return True


def _parent_of(data: bytes | None) -> dict[str, str]:
    """Id of a status -> id of what it answers; nothing for what cannot be read."""
    try:
        status = orjson.loads(data or b"")
        return {str(status["id"]): str(status.get("in_reply_to_id") or "")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _item(status: dict[str, Any], handle: str, threads: _Threads, context: Context) -> RawItem:
    pictures = [str(m["description"]) for m in status.get("media_attachments") or [] if m.get("description")]
    warning = str(status.get("spoiler_text") or "")
    own, parent = str(status["id"]), str(status.get("in_reply_to_id") or "")
    edited = status.get("edited_at")
    return RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=to_text(str(status.get("content") or "")) or "\n".join(pictures),
        natural_key=str(status.get("uri") or status.get("url") or own),
        said_at=instant(status["created_at"], place="created_at"),
        revised_at=instant(edited, place="edited_at") if edited else None,
        subject=warning,
        author_name=str(status["account"].get("display_name") or ""),
        author_handle=handle,
        thread_key=f"status:{threads.root(own)}",
        in_reply_to=f"status:{parent}" if parent else "",
        aliases=(f"status:{own}",),
        url=str(status.get("url") or ""),
        extra={
            name: value
            for name, value in (
                ("content_warning", warning),
                ("pictures", pictures),
                ("language", status.get("language")),
                ("visibility", status.get("visibility")),
            )
            if value
        },
        raw=status,
    )


def _handle(status: dict[str, Any]) -> str:
    """`name@server`; accounts of the server itself are written without it."""
    account = str(status["account"]["acct"])
    if "@" in account:
        return account
    host = urlsplit(str(status["account"].get("url") or status.get("uri") or "")).hostname
    return f"{account}@{host}" if host else account
