"""Google Business Profile: reviews of places, as its interface answers them and as an account's export holds them.

The business's own reply is not read; of a translated comment what was written is. Source: developers.google.com/
my-business, accounts.locations.reviews (`reviewer`, `starRating` as a word, `createTime`, `updateTime`).
"""

import re
from collections.abc import Mapping

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem

_STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
_ORIGINAL = re.compile(r"\(Original\)\s*(.+)\Z", re.DOTALL)
_TRANSLATED = re.compile(r"\s*\(Translated by Google\).*\Z", re.DOTALL)


def _fits(part: Part) -> bool:
    record = part.record
    return "starRating" in record and isinstance(record.get("reviewer"), Mapping) and "createTime" in record


def _read(part: Part, context: Context) -> Outcome:
    review, take = part.record, Taker(context)
    nameless = review["reviewer"].get("isAnonymous") is True
    item = RawItem(
        channel=context.channel or "review",
        source=context.source,
        text=_written(text_at(review, "comment")),
        natural_key=text_at(review, "reviewId", "name"),
        said_at=take.at(review, "createTime"),
        revised_at=take.at(review, "updateTime"),
        author_name="" if nameless else text_at(review, "reviewer.displayName"),
        rating=_STARS.get(text_at(review, "starRating").upper()),
        raw=dict(review),
    )
    return Outcome(item, warnings=take.warnings)


def _written(comment: str) -> str:
    """What somebody wrote, without the translation that stands before or behind it."""
    original = _ORIGINAL.search(comment)
    return original[1].strip() if original else _TRANSLATED.sub("", comment).strip() or comment


SHAPE = Shape("google_business", _fits, _read)
