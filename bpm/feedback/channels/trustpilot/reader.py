"""Trustpilot: reviews as its interface and its exports in JSON tell them; the company's reply is not read.

Source: developers.trustpilot.com, business units: reviews.
"""

from collections.abc import Mapping

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem


def _fits(part: Part) -> bool:
    record = part.record
    return "stars" in record and "text" in record and isinstance(record.get("consumer"), Mapping)


def _read(part: Part, context: Context) -> Outcome:
    review, take = part.record, Taker(context)
    order = text_at(review, "referenceId")
    item = RawItem(
        channel=context.channel or "review",
        source=context.source,
        text=text_at(review, "text"),
        natural_key=text_at(review, "id"),
        said_at=take.at(review, "createdAt"),
        revised_at=take.at(review, "updatedAt"),
        subject=text_at(review, "title"),
        author_name=text_at(review, "consumer.displayName"),
        author_id=text_at(review, "consumer.id"),
        author_email=text_at(review, "referralEmail"),
        rating=take.number(review, "stars"),
        extra={"order": order} if order else {},
        raw=dict(review),
    )
    return Outcome(item, warnings=take.warnings)


SHAPE = Shape("trustpilot", _fits, _read)
