"""The rows of a webhook's body, each an item in the shape that is kept, or why it is nobody's voice."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from bpm.feedback.channels import json
from bpm.feedback.channels.rows import Context, Row, beginning
from bpm.feedback.channels.webhook import records
from bpm.feedback.intake.normalise import normalise
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError


def rows(body: bytes, context: Context, *, now: datetime) -> Iterator[Row]:
    """What the body holds, numbered by its objects from 1; agents' messages, private notes and events are left out.

    A row that is left out holds what it would be, where its source can tell. InvalidInputError names the object
    (from 0) and the field that do not fit.
    """
    everything = replace(context, mapping={**context.mapping, "_everything": "yes"})
    for number, record in enumerate(records(body)):
        try:
            yield from _rows(number + 1, record, (context, everything), now)
        except InvalidInputError as error:
            raise InvalidInputError(
                error.message, remedy=error.remedy, place=f"items[{number}].{error.place}".rstrip(".")
            ) from error


def _rows(number: int, record: Mapping[str, Any], contexts: tuple[Context, Context], now: datetime) -> Iterator[Row]:
    usual, everything = contexts
    for place, outcome in enumerate(json.read_record(record, usual)):
        if outcome.item is not None:
            yield Row(number, normalise(outcome.item, now=now), warnings=outcome.warnings)
            continue
        wanted = json.read_record(record, everything)[place].item
        told = beginning(orjson.dumps(record))
        left = {"ignored": outcome.ignored, "raw": told}
        yield Row(number, _normal(wanted, now), **left, warnings=outcome.warnings, reports=outcome.reports)


def _normal(item: RawItem | None, now: datetime) -> RawItem | None:
    """The item that a row would be that is left out; None when it is not fit, which is no fault of the call."""
    try:
        return normalise(item, now=now) if item is not None else None
    except InvalidInputError:
        return None
