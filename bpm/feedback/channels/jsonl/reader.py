"""JSON Lines: one object a line, mapped by name, with `text` or with the `turns` of a call or chat."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from bpm.feedback.channels.calls import Turn, told
from bpm.feedback.channels.fields import Built, Columns, check_mapping, guess, read_record
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, lines
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError

_LONG_NUMBER = re.compile(rb"[:\[,\s]-?\d{19}")

_TURNS = ("turns", "utterances", "messages")


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The lines of the file; `number` counts them from 1."""
    check_mapping(context.columns)
    for number, line in lines(stream):
        if line is None:
            yield Record(number, problem=TOO_LONG)
            continue
        data = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if data.strip():
            yield Record(number, data, beginning(data))


def read_line(record: Record, context: Context) -> Row:
    """The item that one line tells; InvalidInputError names what does not fit."""
    told_by_line = _loaded(record.content)
    if not isinstance(told_by_line, dict):
        raise InvalidInputError("The line is no JSON object.", remedy="Write one object a line.")
    built = _built(told_by_line, context)
    return Row(record.number, built.item, raw=record.raw, warnings=built.warnings)


def _loaded(line: bytes) -> Any:
    """The value on a line; whole numbers of more than 18 digits stay texts, for they are ids of which all counts."""
    try:
        value = orjson.loads(line)
        return json.loads(line, parse_int=_whole) if _LONG_NUMBER.search(line) else value
    except ValueError as error:
        raise InvalidInputError(f"The line is no JSON: {error}.", remedy="Write one object a line.") from error


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= 18 else digits


def columns(stream: BinaryIO) -> list[str]:
    """The names of the first object's fields."""
    for _, line in lines(stream):
        try:
            record = orjson.loads(line or b"")
        except orjson.JSONDecodeError:
            continue
        if isinstance(record, dict):
            return list(flatten(record))
    return []


def read(record: Mapping[str, Any], context: Context) -> RawItem:
    """The item that one object tells; InvalidInputError names the field that does not fit."""
    return _built(record, context).item


def _built(record: Mapping[str, Any], context: Context) -> Built:
    flat = flatten(record)
    built = read_record(flat, Columns(context.columns or guess(flat)), context)
    item = built.item
    turns = next((record[name] for name in _TURNS if isinstance(record.get(name), list)), None)
    if turns and not item.text:
        call = told([_turn(turn) for turn in turns], context)
        item = replace(item, text=call.text, extra=call.extra)
    return Built(replace(item, raw=dict(record)), built.warnings)


def flatten(record: Mapping[str, Any], *, depth: int = 3) -> dict[str, Any]:
    """Fields of inner objects become `outer.inner`, `depth` levels deep; lists stay out (the raw record keeps them)."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            inner = flatten(value, depth=depth - 1) if depth else {}
            flat.update({f"{name}.{part}": what for part, what in inner.items()})
        elif not isinstance(value, list):
            flat[name] = value
    return flat


def _turn(turn: Any) -> Turn:
    if not isinstance(turn, dict):
        raise InvalidInputError("A turn is no object.", place="turns", remedy='Write {"role": ..., "text": ...}.')
    speaker = turn.get("role") or turn.get("speaker") or turn.get("participant") or ""
    start, end = turn.get("start"), turn.get("end")
    return Turn(
        speaker=str(speaker),
        text=str(turn.get("text") or turn.get("content") or "").strip(),
        start=float(start) if isinstance(start, int | float) else None,
        end=float(end) if isinstance(end, int | float) else None,
    )
