"""What every channel hands in: one thing that was said, as the source told it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.feedback.status import Channel

CHANNELS = tuple(each.value for each in Channel)
"""Where a customer can say something."""
PUBLIC_CHANNELS = (Channel.SOCIAL.value, Channel.REVIEW.value)
"""Where everybody can read it."""


@dataclass(frozen=True)
class AttachedFile:
    """A file that came with what was said; `content` is base64, empty when it was left out (`left_out`: why)."""

    name: str
    size: int
    """Bytes."""
    content: str = ""
    left_out: str = ""


@dataclass(frozen=True)
class RawItem:
    """One thing that was said; only `channel`, `source` and `text` are always there.

    `natural_key` is the source's own id of it (empty: the content decides; `former_key` is what a release before
    would have made of it); `source` scopes it, `said_at` is the source's own instant (None: nobody knows).
    `question` is what a survey asked for this answer. `author_*` are contact points as written by the source.
    `thread_key` names the exchange it belongs to, `in_reply_to` what it answers, `aliases` are other names by which
    replies may refer to it. `revised_at` is the source's time of this version of an item that was edited in place.
    `language` is ISO 639-1 where it was looked for and found. `extra` is what screens may show (turns of a call,
    content warning), `raw` the record as received, `attachments` what came with it; those of a version that is known
    already are not kept twice. `masked` and `fingerprint` come with normalising: what was masked in its words (kind
    -> how often), and the hash of the words as received, by which a version is known again however they are masked.
    """

    channel: str
    source: str
    text: str
    natural_key: str = ""
    former_key: str = ""
    said_at: datetime | None = None
    subject: str = ""
    question: str = ""
    author_name: str = ""
    author_handle: str = ""
    author_email: str = ""
    author_phone: str = ""
    author_id: str = ""
    thread_key: str = ""
    in_reply_to: str = ""
    aliases: tuple[str, ...] = ()
    revised_at: datetime | None = None
    url: str = ""
    rating: float | None = None
    language: str | None = None
    language_p: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[AttachedFile, ...] = ()
    masked: dict[str, int] = field(default_factory=dict)
    fingerprint: str = ""


def with_fields(item: RawItem, **fields: Any) -> RawItem:
    """A copy with some fields set anew; `dataclasses.replace` reads and writes all of them, for each row of a file."""
    copied = object.__new__(RawItem)
    copied.__dict__.update(item.__dict__, **fields)
    return copied
