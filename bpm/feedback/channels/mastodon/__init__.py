"""Mastodon: statuses as JSON (a list, one a line, or a context of ancestors and descendants).

A content warning becomes the subject, an edit a new version (same `uri`, later `edited_at`), a boost the boosted
status itself under its own author. Statuses of the company's own accounts (option `_own`) are nobody's voice.
Ids are per server, so the item is named by its `uri`; replies are followed by id within the file.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson

from bpm.errors import InvalidInputError
from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.rows import Context, Row, lines
from bpm.feedback.raw import RawItem

LARGEST_DOCUMENT = 200_000_000
"""Bytes of a file that is one JSON document and has to be read whole."""


def parse(stream: BinaryIO, context: Context) -> Iterator[Row]:
    """The statuses of the file; `number` counts them from 1."""
    statuses = list(_statuses(stream))
    parents = {
        str(s["id"]): str(s.get("in_reply_to_id") or "") for _, s in statuses if isinstance(s, dict) and "id" in s
    }
    for number, status in statuses:
        yield _row(number, status, parents, context)


def columns(stream: BinaryIO) -> list[str]:
    """Statuses need no mapping."""
    return []


def _statuses(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    first = next((line for _, line in lines(stream) if line is None or line.strip()), None)
    if first is None:
        raise InvalidInputError("The file is empty or its first line is too long.", remedy="Choose a statuses JSON.")
    try:
        document = orjson.loads(first)
    except orjson.JSONDecodeError:
        yield from enumerate(_whole(first + stream.read(LARGEST_DOCUMENT)), 1)
        return
    found = _listed(document)
    yield from enumerate(found, 1)
    for number, line in lines(stream):
        if line is None or line.strip():
            yield len(found) + number, _line(line)


def _line(line: bytes | None) -> Any:
    try:
        return orjson.loads(line or b"")
    except orjson.JSONDecodeError:
        return None


def _whole(data: bytes) -> list[Any]:
    try:
        return _listed(orjson.loads(data))
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(
            f"The file is no JSON: {error}.", remedy="Save what GET /api/v1/.../statuses or /context answers."
        ) from error


def _listed(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("ancestors"), list):
        status = [document["status"]] if "status" in document else []
        return [*document["ancestors"], *status, *document.get("descendants", [])]
    if isinstance(document, dict) and isinstance(document.get("statuses"), list):
        return list(document["statuses"])
    return [document]


def _row(number: int, status: Any, parents: Mapping[str, str], context: Context) -> Row:
    raw = orjson.dumps(status)[:500].decode("utf-8", "replace")
    if not isinstance(status, dict):
        return Row(number, reason="The record is no status.", raw=raw)
    boosted = status.get("reblog")
    if isinstance(boosted, dict):
        status = boosted
    try:
        handle = _handle(status)
        if handle.lower() in context.names("own"):
            return Row(number, ignored="a status of the company's own account", raw=raw)
        return Row(number, _item(status, handle, parents, context), raw=raw)
    except InvalidInputError as error:
        return Row(number, reason=str(error), raw=raw)
    except (KeyError, TypeError, AttributeError) as error:
        return Row(number, reason=f"The record is no status: {error} is missing or of another kind.", raw=raw)


def _item(status: dict[str, Any], handle: str, parents: Mapping[str, str], context: Context) -> RawItem:
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
        thread_key=f"status:{_root(own, parents)}",
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


def _root(status_id: str, parents: Mapping[str, str]) -> str:
    """The topmost known ancestor; a parent outside the file is the last one known by its id."""
    seen = {status_id}
    while (parent := parents.get(status_id, "")) and parent not in seen:
        seen.add(parent)
        status_id = parent
    return status_id
