"""Whether a source's key names the thing it named before: keys are row numbers, are cut by spreadsheets, start anew.

Pure; what a key cannot tell apart is told apart by who said it, when, and in which words.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bpm.feedback.customers import Address, addresses_of
from bpm.feedback.limits import LONGEST_KEY
from bpm.feedback.raw_item import RawItem

FAR = timedelta(days=2)
"""From so far apart on, two dates of one key are two things: when something was said does not change by an edit."""

ALIKE = 0.4
"""Share of words in common from which on two texts are one that was edited."""


@dataclass(frozen=True)
class Known:
    """What is known of the thing that a key named so far."""

    text: str
    author_name: str
    said_at: datetime | None
    addresses: Sequence[Address]


def key_apart(raw: RawItem) -> str:
    """The key of an item whose source's key names something else: the same for the same thing, whenever it comes."""
    who = raw.author_id or raw.author_email or raw.author_handle or raw.author_phone or raw.author_name
    when = raw.said_at.isoformat() if raw.said_at else ""
    told = hashlib.sha256("\x1f".join((who, when, raw.text)).encode("utf-8", "replace")).hexdigest()[:16]
    if raw.natural_key.endswith(f" ~{told}"):
        return raw.natural_key
    return f"{raw.natural_key[: LONGEST_KEY - 18]} ~{told}"


def other_author(raw: RawItem, known: Known) -> bool | None:
    """Whether somebody else says it; None when nobody can tell.

    Two addresses of one kind are two people, one in common is one; names count where no address does.
    """
    told = addresses_of(raw)
    if told and known.addresses:
        there = {_anyones(each) for each in known.addresses}
        if set(told) & there:
            return False
        kinds = {(each.kind, each.scope) for each in there}
        return True if any((each.kind, each.scope) in kinds for each in told) else None
    if raw.author_name and known.author_name and not told and not known.addresses:
        return raw.author_name.casefold() != known.author_name.casefold()
    return None


def _anyones(address: Address) -> Address:
    """An address of several people's (see `customers.recognition`) without the name of one of them."""
    return replace(address, scope="") if address.kind in ("email", "phone") else address


def reused(raw: RawItem, known: Known, *, same_words: bool, same_file: bool) -> bool:
    """Whether the key plainly names another thing now; a time of change would say that it is the same one."""
    other, far = other_author(raw, known), _far(raw, known)
    if same_file and not same_words:
        return other is True or (not _same_instant(raw, known) and not _alike(raw.text, known.text))
    if far and other is True:
        return True
    if same_words or not far:
        return False
    is_mail = raw.channel == "email" and "@" in raw.natural_key
    return is_mail or (other is None and not _alike(raw.text, known.text))


def weakly_reused(raw: RawItem, known: Known) -> bool:
    """Whether the key may name another thing, which counts where half of a file does so."""
    if raw.revised_at is not None or _same_instant(raw, known) or other_author(raw, known) is False:
        return False
    return not _alike(raw.text, known.text)


def _far(raw: RawItem, known: Known) -> bool:
    return raw.said_at is not None and known.said_at is not None and abs(raw.said_at - known.said_at) > FAR


def _same_instant(raw: RawItem, known: Known) -> bool:
    return raw.said_at is not None and raw.said_at == known.said_at


def _alike(one: str, other: str) -> bool:
    """Whether two texts have most of their words in common."""
    first, second = (set(re.findall(r"\w+", text[:4000].casefold())) for text in (one, other))
    return bool(first & second) and len(first & second) >= ALIKE * min(len(first), len(second))
