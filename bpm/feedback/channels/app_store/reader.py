"""App Store: customer reviews as the public feed (RSS as JSON) and App Store Connect's interface answer them.

Source: itunes.apple.com/rss/customerreviews (each value under `label`); developer.apple.com, CustomerReview.
"""

from collections.abc import Iterable, Mapping

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_ANSWER = "customerReviewResponses"


def _fits(part: Part) -> bool:
    record = part.record
    if record.get("type") in ("customerReviews", _ANSWER) and isinstance(record.get("attributes"), Mapping):
        return True
    return (
        isinstance(record.get("id"), Mapping)
        and "label" in record["id"]
        and ("im:rating" in record or "im:name" in record)
    )


def _read(part: Part, context: Context) -> Outcome:
    review = part.record
    if review.get("type") == _ANSWER:
        return left_out(_("the company's own words"))
    if "im:name" in review and "im:rating" not in review:
        return left_out(_("the app itself, not a review"))
    take = Taker(context)
    fed = "im:rating" in review
    inner = "" if fed else "attributes."
    # The feed gives one time, that of the last change; the interface's reviews keep theirs when they are changed.
    item = RawItem(
        channel=context.channel or "review",
        source=context.source,
        text=text_at(review, "content.label", f"{inner}body"),
        natural_key=text_at(review, "id.label", "id"),
        said_at=take.at(review, "updated.label", f"{inner}createdDate"),
        revised_at=take.at(review, "updated.label") if fed else None,
        subject=text_at(review, "title.label", f"{inner}title"),
        author_name=text_at(review, "author.name.label", f"{inner}reviewerNickname"),
        author_id=text_at(review, "author.uri.label"),
        rating=take.number(review, "im:rating.label", f"{inner}rating"),
        raw=dict(review),
    )
    return Outcome(item, warnings=take.warnings)


def _expand(part: Part) -> Iterable[Part] | None:
    entries = get(part.record, "feed.entry")
    if isinstance(entries, Mapping):  # a feed of one review is written without a list
        return [Part(entries)]
    found = records_in(entries)
    return [Part(each) for each in found] if found else None


SHAPE = Shape("app_store", _fits, _read, _expand)
