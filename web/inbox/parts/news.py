"""What is new in a conversation since the reader last looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bpm import audit
from bpm.feedback.queries import Entry, Stream
from bpm.foundation.texts import _
from bpm.foundation.work import Work

MOST_LINES = 6
_LABELS = {
    "reply": _("answered"),
    "decision": _("decided"),
    "distribution": _("handed over"),
}


@dataclass(frozen=True)
class NewsLine:
    """One thing that happened; `label` says what, `text` quotes it."""

    label: str
    text: str
    at: datetime
    item_id: int


@dataclass(frozen=True)
class News:
    """What happened since `since`, the newest first; `more` are left out."""

    since: datetime
    lines: tuple[NewsLine, ...]
    more: int


def news_of(work: Work, stream: Stream) -> News | None:
    """By the reader's own reads on record; None for who sees the conversation for the first time."""
    ids = {entry.item_id for entry in stream.entries}
    since = audit.last_read(work, "feedback.read", "feedback", ids)
    return None if since is None else news_since(stream.entries, since, me=work.actor.display_name)


def news_since(entries: Sequence[Entry], since: datetime, *, me: str) -> News:
    """What others did and customers said after that; pure. What came late counts by when it was received."""
    new = [each for each in entries if _known_at(each) > since and (each.kind == "item" or each.who != me)]
    lines = [NewsLine(_label(each), each.text or each.label, _known_at(each), each.item_id) for each in new]
    lines.sort(key=lambda line: line.at, reverse=True)
    return News(since, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))


def _known_at(entry: Entry) -> datetime:
    return entry.item.received_at if entry.item is not None else entry.at


def _label(entry: Entry) -> str:
    if entry.kind == "item":
        return _("%(who)s on %(channel)s") % {"who": entry.who, "channel": entry.channel}
    return f"{entry.who} {_LABELS.get(entry.kind, entry.kind)}"
