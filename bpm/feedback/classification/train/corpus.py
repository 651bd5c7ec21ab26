"""Labelled items: the shipped corpus, and any JSON Lines file in the same shape."""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from bpm.feedback.classification.said import Said
from bpm.feedback.classification_result import KINDS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

LABELLED_FILE = Path(__file__).parent.parent / "corpus" / "labelled.jsonl.gz"
SHIPPED_FILES = tuple(
    LABELLED_FILE.with_name(f"{name}.jsonl.gz") for name in ("labelled", "labelled_more", "labelled_written")
)
_PUNCTUATION = re.compile(r"[^\w\s@']")


@dataclass(frozen=True)
class Labelled:
    """One item and what a person read in it; a label nobody gave is None, and is then not learned from.

    `kinds` has the primary one first. `weight` is how much it counts in training. `group` is held out as a whole when
    the figures for unseen sources are made.
    """

    text: str
    channel: str = ""
    source: str = ""
    kinds: tuple[str, ...] | None = None
    sentiment: int | None = None
    urgency: int | None = None
    topic: str | None = None
    weight: float = 1.0
    held_with: str = ""
    question: str = ""
    rating: float | None = None
    language: str | None = None

    @property
    def said(self) -> Said:
        """What a pipeline gets to read of it."""
        return Said(self.text, self.channel, self.question, self.rating)

    @property
    def group(self) -> str:
        """The source, by channel where one source has several."""
        return self.held_with or f"{self.source} {self.channel}".strip()

    @property
    def primary(self) -> str | None:
        """The kind to act on first."""
        return self.kinds[0] if self.kinds else None


def read_shipped() -> list[Labelled]:
    """Every labelled item that comes with the product."""
    return [item for path in SHIPPED_FILES for item in read_labelled(path)]


def read_labelled(path: Path = LABELLED_FILE) -> list[Labelled]:
    """The items of a JSON Lines file, gzip or plain, or of a CSV file with a header (text, topic, channel ...).

    InvalidInputError names the line that does not fit.
    """
    return read_content(path.read_bytes(), path.name)


def read_content(content: bytes, name: str) -> list[Labelled]:
    """What `read_labelled` reads, of a file that is at hand; `name` tells its format."""
    if name.lower().endswith(".csv"):
        return [_fitting(record, place) for record, place in _rows(content, name)]
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return [_read(line, f"{name}, line {number}") for number, line in _lines(content)]


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield number, line


def _rows(content: bytes, name: str) -> Iterator[tuple[dict[str, Any], str]]:
    table = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    for row in table:
        filled = {str(column).strip().lower(): value for column, value in row.items() if value}
        if filled:
            yield filled, f"{name}, line {table.line_num}"


def _read(line: bytes, place: str) -> Labelled:
    try:
        return _fitting(orjson.loads(line), place)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(
            _("this is not JSON: %(error)s.") % {"error": error},
            place=place,
            remedy=_('Write one JSON object a line: {"text": ...}.'),
        ) from error


def _fitting(record: dict[str, Any], place: str) -> Labelled:
    try:
        return labelled(record)
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInputError(
            _("this is not a labelled item: %(error)s.") % {"error": error},
            place=place,
            remedy=_('Write one JSON object a line: {"text": ..., "kinds": ["complaint"], "sentiment": -1}.'),
        ) from error


def labelled(record: dict[str, Any]) -> Labelled:
    """One item of `record`; ValueError, TypeError or KeyError says what does not fit."""
    if not isinstance(record, dict):
        raise TypeError("a line holds one JSON object")
    kinds = record.get("kinds") or ([record["primary"]] if record.get("primary") else None)
    if isinstance(kinds, str):
        kinds = [kind.strip() for kind in re.split("[;,]", kinds)]
    if kinds is not None and not set(kinds) <= set(KINDS):
        raise ValueError(f"unknown kind among {', '.join(map(str, kinds))}")
    if kinds and record.get("primary"):
        kinds = [record["primary"], *(kind for kind in kinds if kind != record["primary"])]
    text, stance = record["text"], record.get("sentiment")
    if not isinstance(text, str):
        raise TypeError("text must be a string")
    return Labelled(
        text=text,
        channel=str(record.get("channel") or ""),
        source=str(record.get("source") or ""),
        kinds=tuple(kinds) if kinds else None,
        sentiment=None if stance is None else (float(stance) > 0.33) - (float(stance) < -0.33),
        urgency=None if record.get("urgency") is None else min(3, max(0, int(record["urgency"]))),
        topic=str(record["topic"]).strip() if record.get("topic") else None,
        weight=float(record.get("weight", 1.0)),
        question=str(record.get("question") or ""),
        rating=None if record.get("rating") is None else float(record["rating"]),
    )


def bare(text: str) -> str:
    """`text` as a transcript or a hurried typist would have it: lower case, no punctuation."""
    return _PUNCTUATION.sub(" ", text.lower())


def bare_copies(items: Iterable[Labelled]) -> list[Labelled]:
    """Of each short item a bare copy, from no channel, at half weight: case and punctuation must not decide."""
    copies = []
    for item in items:
        plain = bare(item.text)
        if len(item.text) < 400 and plain != item.text:
            copies.append(replace(item, text=plain, channel="", held_with=item.group, weight=item.weight / 2))
    return copies
