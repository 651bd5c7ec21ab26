"""Numbers of orders, bills and deliveries in words: what a case can be known by. Pure, linear in the text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_OBJECTS = frozenset(
    {
        "order", "invoice", "bill", "delivery", "parcel", "shipment", "tracking", "ticket", "contract", "case",
        "reference", "booking", "policy", "claim", "return", "number", "ref",
    }
)  # fmt: skip
"""Words before a bare number that say that it names something."""
_NAMES = re.compile(r"(order|invoice|bill|deliver|parcel|shipment|tracking|ticket|contract|reference|booking|claim)")
_WORD = re.compile(r"[A-Za-z0-9]{1,40}(?:[-_/][A-Za-z0-9]{1,40}){0,4}")
_DATE = re.compile(r"\d{4}-\d{1,2}(-\d{1,2})?|(19|20)\d\d|\d{1,2}[-/]\d{1,2}([-/]\d{2,4})?")
_DIGITS = 4
"""Digits from which on a number is one that somebody gave to something."""
_NEAR = 2
"""Words between the kind of thing and its number, as in “order number 4711”."""
MOST = 8
"""Numbers of one text that are looked up."""


def numbers_in(text: str) -> list[tuple[str, str]]:
    """(kind of thing or "", number) in the order said: after a word such as order, or with letters as in INV-20931."""
    found: list[tuple[str, str]] = []
    since = _NEAR + 1
    kind = ""
    for word in _WORD.findall(text[:20_000]):
        folded = word.casefold()
        digits = sum(each.isdigit() for each in word)
        named = folded.removesuffix("s")
        if named in _OBJECTS:
            kind, since = (kind if named in ("number", "ref") and since <= _NEAR else named), 0
            continue
        since += 1
        if digits < _DIGITS or _DATE.fullmatch(word):
            continue
        if since <= _NEAR or (any(each.isalpha() for each in word) and word != folded.lower() + "th"):
            found.append((kind if since <= _NEAR else "", word))
    return list(dict.fromkeys(found))[:MOST]


def numbers_of_values(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same of a case's values whose name says that they name something, as order_id or invoiceNumber."""
    found = []
    for name, value in values.items():
        kind = _NAMES.search(name.casefold())
        if kind and isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value).strip()
            if 3 <= len(text) <= 60 and any(each.isdigit() for each in text):
                found.append((kind[0], text))
    return found[:MOST]


def spellings(numbers: Iterable[tuple[str, str]]) -> set[str]:
    """How a key of a case may be written for them: alone, or behind the kind of thing."""
    found: set[str] = set()
    for kind, number in numbers:
        for each in (number, number.upper(), number.lower()):
            found.add(each)
            for prefix in (kind, kind.capitalize(), kind.upper()) if kind else ():
                found.update(f"{prefix}{mark}{each}" for mark in ("-", "", "_", " ", "#", ":"))
    return found
