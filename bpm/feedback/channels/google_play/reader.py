"""Google Play: reviews as the developer interface answers them.

A review is edited in place: the same `reviewId` with a later `lastModified` is its next version. The developer's own
answer is not read. Source: developers.google.com/android-publisher, Review.
"""

from collections.abc import Mapping

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, left_out, records_in
from bpm.feedback.channels.records.take import text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _


def _fits(part: Part) -> bool:
    record = part.record
    return "reviewId" in record and any("userComment" in each for each in records_in(record.get("comments")))


def _read(part: Part, context: Context) -> Outcome:
    review = part.record
    said = next((each["userComment"] for each in records_in(review["comments"]) if "userComment" in each), None)
    if not isinstance(said, Mapping):
        return left_out(_("a review without words"))
    take = Taker(context)
    title, _tab, words = text_at(said, "text").rpartition("\t")
    item = RawItem(
        channel=context.channel or "review",
        source=context.source,
        text=words.strip(),
        natural_key=text_at(review, "reviewId"),
        said_at=take.at(said, "lastModified.seconds"),
        revised_at=take.at(said, "lastModified.seconds"),
        subject=title.strip(),
        author_name=text_at(review, "authorName"),
        rating=take.number(said, "starRating"),
        raw=dict(review),
    )
    return Outcome(item, warnings=take.warnings)


SHAPE = Shape("google_play", _fits, _read)
