"""From a flat record to a RawItem: which column means what, and what its value says."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from bpm.feedback.channels.rows import Context
from bpm.feedback.limits import LONGEST_DATE
from bpm.feedback.raw_item import CHANNELS, RawItem
from bpm.foundation.errors import InvalidInputError

FIELDS = (
    "text",
    "natural_key",
    "said_at",
    "channel",
    "source",
    "subject",
    "question",
    "author_name",
    "author_handle",
    "author_email",
    "author_phone",
    "author_id",
    "thread_key",
    "in_reply_to",
    "revised_at",
    "url",
    "rating",
)
"""What a column can become; a column mapped to nothing is kept in the raw record."""

_READ = frozenset({"text", "channel", "source", "said_at", "revised_at", "rating"})
"""Fields that are more than a plain text."""

_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "comment", "comments", "body", "message", "content", "review", "feedback", "verbatim",
             "narrative", "reviewtext", "answer", "opentext", "cdescr", "consumercomplaintnarrative"),
    "natural_key": ("id", "naturalkey", "reviewid", "responseid", "ticketid", "commentid", "messageid",
                    "complaintid", "uuid", "externalid"),
    "said_at": ("saidat", "postedat", "createdat", "date", "datetime", "timestamp", "time", "submittedat",
                "created", "recordeddate", "datereceived", "reviewcreatedate", "reviewdate"),
    "revised_at": ("revisedat", "updatedat", "editedat", "lastmodified", "modifiedat", "reviewlastupdatedate"),
    "channel": ("channel",),
    "source": ("source",),
    "subject": ("subject", "title", "reviewtitle", "headline"),
    "author_name": ("authorname", "name", "customername", "fullname", "customer", "reviewer", "nickname"),
    "author_handle": ("author", "authorhandle", "handle", "username", "user", "screenname"),
    "author_email": ("authoremail", "email", "emailaddress", "mail", "recipientemail", "customeremail"),
    "author_phone": ("authorphone", "phone", "phonenumber", "mobile", "tel", "telephone", "caller"),
    "author_id": ("authorid", "customerid", "userid", "accountid", "contactid"),
    "thread_key": ("threadkey", "threadid", "conversationid", "thread"),
    "in_reply_to": ("inreplyto", "parentid", "replyto"),
    "url": ("url", "link", "permalink", "reviewlink"),
    "rating": ("rating", "stars", "score", "starrating", "nps", "csat"),
}  # fmt: skip


def guess(columns: Iterable[str]) -> dict[str, str]:
    """A mapping guessed from column names; each field is taken at most once, by its most usual name."""
    return dict(_guess(tuple(columns)))


@lru_cache(maxsize=256)
def _guess(columns: tuple[str, ...]) -> dict[str, str]:
    plain = {column: re.sub(r"[^a-z0-9]", "", column.lower()) for column in columns}
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        best = min((c for c in plain if plain[c] in names and c not in found), key=lambda c: names.index(plain[c]),
                   default=None)  # fmt: skip
        if best is not None:
            found[best] = field
    return found


def check_mapping(mapping: Mapping[str, str]) -> None:
    """InvalidInputError when a column is mapped to a field that does not exist."""
    for column, field in mapping.items():
        if field and not column.startswith("_") and field not in FIELDS:
            raise InvalidInputError(
                f"{field!r} is no field of an item.", place=f"mapping of {column!r}", remedy=f"Use {', '.join(FIELDS)}."
            )


def build(record: Mapping[str, Any], columns: Mapping[str, str], context: Context) -> RawItem:
    """The item that a flat record tells; InvalidInputError names the column that does not fit.

    Several columns mapped to `text` are joined by line breaks (pros and cons of a review).
    """
    values: dict[str, Any] = {}
    for column, field in columns.items():
        value = record.get(column)
        if value is None or value == "" or not field:
            continue
        values[field] = f"{values[field]}\n{value}" if field == "text" and field in values else value
    channel = str(values.pop("channel", context.channel) or "").strip().lower()
    if channel not in CHANNELS:
        raise InvalidInputError(
            f"{channel!r} is no channel." if channel else "The channel is not known.",
            place="channel",
            remedy=f"Use one of {', '.join(CHANNELS)}.",
        )
    order = context.option("date_order")
    rest: dict[str, Any] = {field: str(value).strip() for field, value in values.items() if field not in _READ}
    return RawItem(
        channel=channel,
        source=str(values.pop("source", "") or context.source),
        text=str(values.pop("text", "")),
        said_at=_instant(values.pop("said_at", None), "said_at", order),
        revised_at=_instant(values.pop("revised_at", None), "revised_at", order),
        rating=number(values.pop("rating", None)),
        raw=dict(record),
        **rest,
    )


def _instant(value: Any, place: str, order: str) -> datetime | None:
    return None if value is None else instant(value, place=place, order=order)


def number(value: Any) -> float | None:
    """A rating: `4`, `4.5`, `4,5` or `9/10` (the 9); InvalidInputError else."""
    if value is None:
        return None
    try:
        found = float(str(value).split("/")[0].strip().replace(",", "."))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise InvalidInputError(f"{value!r} is no number.", place="rating", remedy="Leave it empty or write 4.5.")
    return found


_DAYS = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?$")


def instant(value: Any, *, place: str = "said_at", order: str = "") -> datetime:
    """An instant in UTC from ISO 8601, RFC 5322, seconds or milliseconds since 1970, or a written date.

    Without a zone it is taken as UTC. `order` (`dmy` or `mdy`) settles 03/04/2026; with dots the day comes first.
    """
    written = str(value).strip()
    try:
        if len(written) > LONGEST_DATE:
            raise ValueError("a date is short")  # noqa: TRY301 (told like every other fault)
        found = _epoch(written) or _iso(written) or _written(written, order) or parsedate_to_datetime(written)
        # Near the ends of the calendar a zone leads out of it.
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except InvalidInputError:
        raise
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise InvalidInputError(
            f"{written[:80]!r} is no date that can be read.", place=place, remedy="Write 2026-03-02T09:00:00Z."
        ) from error


def _epoch(written: str) -> datetime | None:
    if not re.fullmatch(r"\d{9,13}(\.\d+)?", written):
        return None
    seconds = float(written)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _iso(written: str) -> datetime | None:
    if not re.match(r"\d{4}-?\d{2}-?\d{2}", written):
        return None
    return datetime.fromisoformat(re.sub(r"\s*(UTC|GMT)$", "+00:00", written))


def _written(written: str, order: str) -> datetime | None:
    match = _DAYS.match(written)
    if not match:
        return None
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if mark == "." or first > 12:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    if order not in ("dmy", "mdy"):
        raise InvalidInputError(
            f"{written!r} can be two dates.", place="said_at", remedy="Say _date_order=dmy or _date_order=mdy."
        )
    day, month = (first, second) if order == "dmy" else (second, first)
    hour = int(match[5] or 0)
    if match[8]:
        hour = hour % 12 + (12 if match[8].lower() == "pm" else 0)
    found = date(year, month, day)
    return datetime(found.year, found.month, found.day, hour, int(match[6] or 0), int(match[7] or 0), tzinfo=UTC)
