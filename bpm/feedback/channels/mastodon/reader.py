"""Mastodon: statuses, contexts, notifications and conversations as its interface answers them.

A content warning becomes the subject, an edit a new version (same `uri`, later `edited_at`), a boost the boosted
status itself under its own author. Statuses of the company's own accounts (option `_own`) are nobody's voice, and so
are notifications in which nobody says anything. Ids are per server, so the item is named by its `uri`; replies are
followed by id within the file. Source: docs.joinmastodon.org, entities Status, Notification, Conversation, Context.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, is_own, left_out, records_in, text_at
from bpm.feedback.channels.records.parse import loads
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_SAYS = frozenset(("mention", "status", "update", "quote"))
"""Kinds of notification that bring words of somebody."""


def _fits(part: Part) -> bool:
    record = part.record
    if isinstance(record.get("last_status", False), Mapping | None) and "accounts" in record:
        return True
    account = isinstance(record.get("account"), Mapping) and "acct" in record["account"]
    return account and ("content" in record or isinstance(record.get("reblog"), Mapping) or _is_notification(record))


def _is_notification(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("type"), str) and "content" not in record and "created_at" in record


def _read(part: Part, context: Context) -> Outcome:
    record = part.record
    if "last_status" in record and "accounts" in record:
        status = record["last_status"]
        return _status(status, part, context) if isinstance(status, Mapping) else left_out(_("an empty conversation"))
    if _is_notification(record):
        status = record.get("status")
        if record["type"] not in _SAYS or not isinstance(status, Mapping):
            kind = str(record["type"])[:40]
            return left_out(_("a notification (%(kind)s) in which nobody says anything") % {"kind": kind})
        return _status(status, part, context)
    boosted = record.get("reblog")
    return _status(boosted if isinstance(boosted, Mapping) else record, part, context)


def _status(status: Mapping[str, Any], part: Part, context: Context) -> Outcome:
    try:
        handle = _handle(status)
        if is_own(context, handle):
            return left_out(_("a status of the company's own account"))
        return _item(status, handle, part, context)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidInputError(
            _("The record is no status: %(field)s is missing or of another kind.") % {"field": error},
            remedy=_("Save what GET /api/v1/.../statuses or /context answers."),
        ) from error


def _item(status: Mapping[str, Any], handle: str, part: Part, context: Context) -> Outcome:
    take = Taker(context)
    pictures = [text_at(each, "description") for each in records_in(status.get("media_attachments"))]
    pictures = [each for each in pictures if each]
    warning = str(status.get("spoiler_text") or "")
    own, parent = str(status["id"]), str(status.get("in_reply_to_id") or "")
    shown = {
        "content_warning": warning,
        "pictures": pictures,
        "language": status.get("language"),
        "visibility": status.get("visibility"),
    }
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=to_text(str(status.get("content") or "")) or "\n".join(pictures),
        natural_key=str(status.get("uri") or status.get("url") or own),
        said_at=take.at(status, "created_at"),
        revised_at=take.at(status, "edited_at"),
        subject=warning,
        author_name=str(status["account"].get("display_name") or ""),
        author_handle=handle,
        thread_key=f"status:{part.threads.root(own)}",
        in_reply_to=f"status:{parent}" if parent else "",
        aliases=(f"status:{own}",),
        url=str(status.get("url") or ""),
        extra={name: value for name, value in shown.items() if value},
        raw=dict(status),
    )
    return Outcome(item, warnings=take.warnings)


def _handle(status: Mapping[str, Any]) -> str:
    """`name@server`; accounts of the server itself are written without it."""
    account = str(status["account"]["acct"])
    if "@" in account:
        return account
    host = urlsplit(str(status["account"].get("url") or status.get("uri") or "")).hostname
    return f"{account}@{host}" if host else account


def _expand(part: Part) -> Iterable[Part] | None:
    """A context, with the status itself where it was put in, too."""
    record = part.record
    if "ancestors" not in record and not ("descendants" in record and "status" in record):
        return None
    own = [record["status"]] if isinstance(record.get("status"), Mapping) else []
    found = [*records_in(record.get("ancestors")), *own, *records_in(record.get("descendants"))]
    return [Part(each, {}, part.threads) for each in found]


def parents_in(data: bytes) -> dict[str, str]:
    """Id of a status -> id of what it answers, of the statuses in a value; nothing for what cannot be read."""
    try:
        return dict(_parents(loads(data)))
    except InvalidInputError:
        return {}


def _parents(value: Any) -> Iterable[tuple[str, str]]:
    statuses = [value]
    if isinstance(value, Mapping):
        names = ("ancestors", "descendants", "statuses")
        statuses += [each for name in names for each in records_in(value.get(name))]
        statuses += [value[name] for name in ("status", "last_status", "reblog") if name in value]
    return [
        (str(each["id"]), str(each.get("in_reply_to_id") or ""))
        for each in statuses
        if isinstance(each, Mapping) and "id" in each and "account" in each
    ]


SHAPE = Shape("mastodon", _fits, _read, _expand)
