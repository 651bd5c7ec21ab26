"""What is masked in a text: spans of one type each, without overlap, and the text without them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["phone", "card", "iban", "ssn", "email", "name", "address", "account"]

KINDS: tuple[Kind, ...] = ("email", "iban", "card", "ssn", "phone", "account", "address", "name")
"""Every type; where two would cover the same characters, the earlier one names them."""

_RANK = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive) of the input hold a value of this type."""

    type: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """The text with `[type]` in place of every value, and where the values stood in the input."""

    text: str
    spans: tuple[Span, ...] = ()


def settle(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Without overlaps and in order: what overlaps becomes one span over all of it, so that no part stays."""
    settled: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if settled and span.start < settled[-1].end:
            before = settled.pop()
            kind = _stronger(before, span)
            settled.append(Span(kind, before.start, max(before.end, span.end)))
        else:
            settled.append(span)
    return tuple(settled)


def _stronger(one: Span, other: Span) -> Kind:
    """An address holds numbers and names; it names the whole when it covers the other one."""
    for outer, inner in ((one, other), (other, one)):
        if outer.type == "address" and outer.start <= inner.start and inner.end <= outer.end:
            return "address"
    return min(one.type, other.type, key=_RANK.__getitem__)


def replaced(text: str, spans: tuple[Span, ...]) -> str:
    """The text with `[type]` where the spans (in order, without overlaps) stand."""
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], f"[{span.type}]"]
        done = span.end
    return "".join([*pieces, text[done:]])
