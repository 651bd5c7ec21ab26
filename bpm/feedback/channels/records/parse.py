"""JSON as it is found: long numbers stay whole, encodings of old tools are read, what is none is told."""

import codecs
import json
import re
from typing import Any

import orjson

from bpm.feedback.channels.rows import decode
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_LONG_NUMBER = re.compile(rb"[:\[,\s]-?\d{19}")
_LONGEST_NUMBER = 18
"""Digits that any reader of JSON holds exactly; ids have more."""


def loads(data: bytes) -> Any:
    """The value; numbers of more than 18 digits as texts, as they are names. InvalidInputError when it is no JSON."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        if not _LONG_NUMBER.search(data):
            return orjson.loads(data)
        return _patient(data)
    except orjson.JSONDecodeError as error:
        why = str(error)
        try:
            return _patient(data)
        except (ValueError, RecursionError):
            raise InvalidInputError(
                _("It is no JSON: %(why)s.") % {"why": why}, remedy=_("Write one object a line, or one document.")
            ) from None


def _patient(data: bytes) -> Any:
    """The standard library reads half surrogates, NaN and raw control characters, too."""
    return json.loads(decode(data), strict=False, parse_int=_number)


def _number(written: str) -> int | str:
    return written if len(written.lstrip("-")) > _LONGEST_NUMBER else int(written)
