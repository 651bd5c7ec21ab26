"""Records inside of a document that only wraps them: pages of an interface, exports, lists in lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from bpm.feedback.channels.json.shapes import SHAPES
from bpm.feedback.channels.json.splitter import LISTS_OF_RECORDS
from bpm.feedback.channels.records import Part, Threads, records_in

DEEPEST = 12
"""Wrappers within wrappers."""

_LISTS = frozenset(name.decode() for name in LISTS_OF_RECORDS) - {"messages", "answers"}
_WORDS = frozenset(("text", "body", "content", "message", "comment", "review", "feedback", "description", "verbatim"))


def parts_of(value: Any, around: Mapping[str, Any], threads: Threads) -> Iterator[Part | None]:
    """The records in a value, in order; None for something that is no object."""
    open_parts: list[tuple[Any, Mapping[str, Any], int]] = [(value, around, 0)]
    while open_parts:
        each, outside, depth = open_parts.pop()
        if isinstance(each, list) and depth < DEEPEST and each and all(isinstance(one, Mapping | list) for one in each):
            open_parts += [(one, outside, depth + 1) for one in reversed(each)]
            continue
        if not isinstance(each, Mapping):
            yield None
            continue
        part = Part(each, outside, threads)
        inner = _inside(part) if depth < DEEPEST else None
        if inner is None:
            yield part
        else:
            open_parts += [(one.record, one.around, depth + 1) for one in reversed(inner)]


def _inside(part: Part) -> list[Part] | None:
    for shape in SHAPES:
        found = shape.expand(part)
        if found is not None:
            return list(found)
    if any(shape.fits(part) for shape in SHAPES):
        return None
    return _wrapped(part)


def _wrapped(part: Part) -> list[Part] | None:
    """The list in an object that has nothing else to say: {"tickets": [...], "next_page": null}."""
    record = part.record
    if any(isinstance(record.get(name), str) for name in _WORDS):
        return None
    lists = [name for name, value in record.items() if name in _LISTS and records_in(value)]
    if "id" in record or not lists:
        inner = record.get("data")
        only = isinstance(inner, Mapping) and "id" not in record and any(records_in(each) for each in inner.values())
        return [Part(inner, record)] if only and isinstance(inner, Mapping) else _empty(record)
    rest = {name: value for name, value in record.items() if name not in lists}
    return [Part(each, {**rest, "list": name}) for name in lists for each in records_in(record[name])]


def _empty(record: Mapping[str, Any]) -> list[Part] | None:
    """A page without records."""
    return [] if any(name in _LISTS and value == [] for name, value in record.items()) and "id" not in record else None
