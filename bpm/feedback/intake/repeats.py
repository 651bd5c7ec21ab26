"""Tells records without a key apart: by the whole record, and by how often the file has held it before.

Five people who answer in the same words are five rows of a survey; the same file again holds the same five, and an
export that repeats everything holds them and two more. A mail or a call that is there twice is one.
"""

import hashlib
import json
import re
from array import array
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import Any

import orjson

from bpm.feedback.channels import Record, Row

ONE_OF_A_KIND = frozenset({"message", "transcript"})
"""Units of formats whose records are the same thing when they are equal."""

_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{2,3}")

_CUT = "Its id %r was cut by a spreadsheet and names many rows, so the whole row tells it apart. Format ids as text."


class Repeats:
    """Counts the records of one file; 8 bytes a record until one of them has no key."""

    def __init__(self, *, one_of_a_kind: bool) -> None:
        self._one_of_a_kind = one_of_a_kind
        self._before = array("Q")
        self._counts: Counter[int] | None = None

    def count(self, record: Record) -> int:
        """How often the file has held the record, this time included; 0 while nobody has asked for the key of one."""
        if self._one_of_a_kind or record.problem:
            return 0
        short = int.from_bytes(_digest(record)[:8], "big")
        if self._counts is None:
            self._before.append(short)
            return 0
        self._counts[short] += 1
        return self._counts[short]

    def told_apart(self, row: Row, record: Record) -> Row:
        """The row, with a key when its source gave none, or none that tells it apart."""
        item = row.item
        if item is not None and is_cut(item.natural_key.strip()):
            warnings = (*row.warnings, _CUT % item.natural_key.strip())
            item = replace(item, natural_key="")
            row = replace(row, item=item, warnings=warnings)
        if item is None or item.natural_key.strip() or self._one_of_a_kind:
            self.count(record)
            return row
        if self._counts is None:
            self._counts = Counter(self._before)
            self._before = array("Q")
        number = self.count(record)
        key = f"row {_digest(record).hex()[:40]}" + (f" {number}" if number > 1 else "")
        return replace(row, item=replace(item, natural_key=key, former_key="content"))


def is_cut(key: str) -> bool:
    """Whether a spreadsheet has cut the key to a floating-point number (1.29403E+18), which many ids share."""
    return bool(_SCIENTIFIC.fullmatch(key))


def _digest(record: Record) -> bytes:
    """Of the record as it was cut: the first part of its content, where a format keeps more beside it."""
    content = record.content
    if is_dataclass(content) and not isinstance(content, type):
        content = getattr(content, fields(content)[0].name)
    try:
        return hashlib.sha256(_bytes(content)).digest()
    except (TypeError, ValueError, RecursionError):
        return hashlib.sha256(record.raw.encode("utf-8", "replace")).digest()


def _bytes(content: Any) -> bytes:
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content).strip()
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    try:
        return orjson.dumps(content, default=repr, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError, RecursionError):
        # Half surrogates and numbers of any length are no UTF-8 and no 64 bits, but tell a record apart, too.
        return json.dumps(content, default=repr, skipkeys=True).encode()
