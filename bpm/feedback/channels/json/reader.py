"""JSON of any source: a list, a wrapped list, one object a line, JavaScript around it; its content decides.

Each record is read by the source that its own fields tell (see shapes); one that no source knows is read by its
names, or by the mapping. What is known as nobody's voice stays that with a mapping, too.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count, repeat
from typing import Any, BinaryIO

from bpm.feedback.channels import mastodon
from bpm.feedback.channels.fields import check_mapping
from bpm.feedback.channels.json.opening import is_lines, looks_like_json, opened
from bpm.feedback.channels.json.shapes import SHAPES
from bpm.feedback.channels.json.splitter import split
from bpm.feedback.channels.json.wrappers import parts_of
from bpm.feedback.channels.jsonl import flatten, read_plain
from bpm.feedback.channels.records import Outcome, Part, Threads
from bpm.feedback.channels.records.parse import loads
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, lines
from bpm.feedback.channels.tables import order_in
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

AHEAD = 40_000_000
"""Bytes of statuses that are held to see what answers what: servers answer with the newest first."""


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The records of the file: `number` counts lines where it holds one object a line, else entries."""
    check_mapping(context.columns)
    whole, begins = opened(stream)
    if not begins:
        raise InvalidInputError(_("The file is empty."), remedy=_("Save it again."))
    order = order_told(begins)
    if is_lines(begins):
        yield from _with_order(_of_lines(whole), order)
        return
    if begins[:1] not in b"[{" and not looks_like_json(begins):
        raise InvalidInputError(
            _("The file is no JSON."), remedy=_("Save a list of objects, or one object a line; or choose its format.")
        )
    yield from _with_order(_of_document(whole), order)


_DATES = re.compile(rb'"\s{0,3}(\d{1,2}([./-])\d{1,2}\2\d{2,4}(?:[ T,][^"\\]{0,30})?)"')


def order_told(beginning: bytes) -> str:
    """The order of day and month that dates at a file's beginning can only have; empty when they tell none."""
    return order_in(found[1].decode() for found in _DATES.finditer(beginning) if found[1].isascii())


def _with_order(records: Iterator[Record], order: str) -> Iterator[Record]:
    """The records, each knowing in which order its file writes days and months."""
    if not order:
        return records
    return (
        replace(each, content=replace(each.content, date_order=order)) if isinstance(each.content, Part) else each
        for each in records
    )


def _of_lines(stream: BinaryIO) -> Iterator[Record]:
    threads = Threads()
    for number, line in lines(stream):
        if line is None:
            yield Record(number, problem=TOO_LONG)
        elif line.strip():
            yield from _records(line, {}, threads, repeat(number).__next__)


def _of_document(stream: BinaryIO) -> Iterator[Record]:
    """Values one after the other; of statuses some are held back, so that replies find what they answer."""
    threads, next_number = Threads(), count(1).__next__
    held: deque[tuple[bytes, str]] = deque()
    size, ahead = 0, 0
    for number, piece in enumerate(split(stream)):
        if piece.data is None:
            yield Record(next_number(), problem=TOO_LONG)
            continue
        ahead = AHEAD if number == 0 and b'"account"' in piece.data else ahead
        if ahead:
            threads.parents |= mastodon.parents_in(piece.data)
        held.append((piece.data, piece.member))
        size += len(piece.data)
        while held and size > ahead:
            data, member = held.popleft()
            size -= len(data)
            yield from _records(data, {"list": member} if member else {}, threads, next_number)
    for data, member in held:
        yield from _records(data, {"list": member} if member else {}, threads, next_number)


def _records(data: bytes, around: Mapping[str, Any], threads: Threads, number: Callable[[], int]) -> Iterator[Record]:
    try:
        value = loads(data)
    except InvalidInputError as error:
        yield Record(number(), problem=str(error), raw=beginning(data))
        return
    told = beginning(data)
    for part in parts_of(value, around, threads):
        if part is None:
            yield Record(number(), problem=_("It is no JSON object."), raw=told)
        else:
            yield Record(number(), part, told)


def read(record: Record, context: Context) -> Row:
    """The row of one record; InvalidInputError names what does not fit."""
    return _row(record, read_part(record.content, context))


def read_statuses(record: Record, context: Context) -> Row:
    """The row of a Mastodon status; InvalidInputError when the record is none."""
    if not mastodon.SHAPE.fits(record.content):
        raise InvalidInputError(
            _("The record is no status."), remedy=_("Save what GET /api/v1/.../statuses or /context answers.")
        )
    return _row(record, mastodon.SHAPE.read(record.content, context))


def read_record(record: Mapping[str, Any], context: Context) -> list[Outcome]:
    """What one object of a webhook tells: an item, or why there is none, for each record in it."""
    parts = parts_of(record, {}, Threads())
    return [read_part(part, context) for part in parts if part is not None]


def read_part(part: Part, context: Context) -> Outcome:
    """By the source that the record's own fields tell, else by their names; what a person wants all the same, too."""
    if part.date_order and not context.option("date_order"):
        context = replace(context, mapping={**context.mapping, "_date_order": part.date_order})
    shape = next((each for each in SHAPES if each.fits(part)), None)
    if shape is None:
        return read_plain(part.record, context)
    outcome = shape.read(part, context)
    if outcome.ignored and context.option("everything"):
        return _by_names(part, outcome, context)
    if not context.columns or outcome.item is None:
        return outcome
    mapped = read_plain(part.record, context)
    return mapped if mapped.item is None else replace(mapped, warnings=(*outcome.warnings, *mapped.warnings))


def _by_names(part: Part, outcome: Outcome, context: Context) -> Outcome:
    """What a record holds that its source calls nobody's voice, where its fields tell it."""
    try:
        found = read_plain(part.record, context)
    except InvalidInputError:
        return outcome
    return found if found.item is not None and found.item.text.strip() else outcome


def _row(record: Record, outcome: Outcome) -> Row:
    item = outcome.item
    left = {"ignored": outcome.ignored, "raw": record.raw}
    return Row(record.number, item, **left, warnings=outcome.warnings, reports=outcome.reports)


def columns(stream: BinaryIO) -> list[str]:
    """The names of the first record's fields; none where its source is known and needs no mapping."""
    try:
        for record in cut(stream, Context("", "")):
            if isinstance(record.content, Part):
                known = any(shape.fits(record.content) for shape in SHAPES)
                return [] if known else list(flatten(record.content.record))
    except InvalidInputError:
        return []
    return []
