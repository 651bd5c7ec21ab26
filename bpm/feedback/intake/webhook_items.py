"""The items of a webhook's body, each in the shape that is kept."""

from collections.abc import Iterator
from datetime import datetime

from bpm.feedback.channels import json
from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.webhook import records
from bpm.feedback.intake.normalise import normalise
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError


def items(body: bytes, context: Context, *, now: datetime) -> Iterator[RawItem]:
    """The normalised items in the body, without what is nobody's voice (agents' messages, private notes, events).

    InvalidInputError names the object (from 0) and the field that do not fit.
    """
    for number, record in enumerate(records(body)):
        try:
            for outcome in json.read_record(record, context):
                if outcome.item is not None:
                    yield normalise(outcome.item, now=now)
        except InvalidInputError as error:
            raise InvalidInputError(
                error.message, remedy=error.remedy, place=f"items[{number}].{error.place}".rstrip(".")
            ) from error
