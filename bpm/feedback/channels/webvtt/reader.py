"""WebVTT and SRT: one call a file; only what the customer says is the item's text.

Speakers come from voice tags (`<v Name>`) or from a prefix (`Agent: ...`). Cues may overlap: they are taken in the
order of their start. A cue without speaker goes on with the one before in files that use prefixes; in files with
voice tags it is nobody's. `Key: value` lines in the head or in notes may tell Call-ID, Date, Customer, Email, Phone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, decode
from bpm.feedback.channels.transcript import Turn, told
from bpm.feedback.limits import LONGEST_RECORD
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError

# Possessive and bounded throughout: no character is tried twice from the same place.
_TIMING = re.compile(r"^\s*+((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*+-->\s*+((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3})")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?\s++([^<>]++)>")
_PREFIX = re.compile(r"^\s*+(?:-\s*+)?\[?([A-Z][\w.' -]{0,40}?)\]?\s{0,40}:\s++(?=\S)")
_FACT = re.compile(r"^\s*+(?:NOTE\s++)?([A-Za-z][A-Za-z -]{1,30}):\s*+(\S.*+)$")
_SECTIONS = ("STYLE", "REGION")


@dataclass(frozen=True)
class _Cue:
    start: float
    end: float
    text: str


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """One record: the call."""
    data = stream.read(LONGEST_RECORD)
    if stream.read(1):
        yield Record(1, problem=TOO_LONG, raw=beginning(data))
    else:
        yield Record(1, data, beginning(data))


def read(record: Record, context: Context) -> Row:
    """The item that the transcript tells; InvalidInputError names what does not fit."""
    return Row(record.number, _item(_decoded(record.content), context), raw=record.raw)


def columns(stream: BinaryIO) -> list[str]:
    """Transcripts need no mapping."""
    return []


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return decode(data.removeprefix(b"\xef\xbb\xbf"))


def _item(text: str, context: Context) -> RawItem:
    cues, facts = _read(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not cues:
        raise InvalidInputError("There is no cue in it.", remedy="A cue needs a line like 00:01.000 --> 00:04.000.")
    turns = _turns(cues)
    words, extra = told(turns, context)
    stem = PurePath(context.file_name).stem
    said = facts.get("date") or facts.get("recorded") or facts.get("said-at")
    return RawItem(
        channel=context.channel or "call",
        source=context.source,
        text=words,
        natural_key=facts.get("call-id") or (f"file {stem}" if stem else ""),
        said_at=instant(said, place="Date") if said else None,
        author_name=facts.get("customer", ""),
        author_email=facts.get("email", ""),
        author_phone=facts.get("phone", ""),
        extra=extra,
        raw={"transcript": text},
    )


def _read(text: str) -> tuple[list[_Cue], dict[str, str]]:
    cues: list[_Cue] = []
    facts: dict[str, str] = {}
    for block in re.split(r"\n[ \t]*\n", text):
        rows = block.strip("\n").split("\n")
        place = next((n for n, row in enumerate(rows[:2]) if _TIMING.match(row)), None)
        if place is not None:
            cues += _cue(rows, place)
        elif not rows[0].startswith(_SECTIONS):
            facts |= {m[1].strip().lower().replace(" ", "-"): m[2].strip() for m in map(_FACT.match, rows) if m}
    return sorted(cues, key=lambda cue: (cue.start, cue.end)), facts


def _cue(rows: list[str], place: int) -> list[_Cue]:
    match = _TIMING.match(rows[place])
    if match is None:
        return []
    start, end = _seconds(match[1]), _seconds(match[2])
    return [_Cue(start, max(start, end), "\n".join(rows[place + 1 :]))]


def _seconds(written: str) -> float:
    parts = [float(part) for part in written.replace(",", ".").split(":")]
    return sum(part * (1.0, 60.0, 3600.0)[power] for power, part in enumerate(reversed(parts)))


@dataclass
class _Going:
    """A turn that may go on: its words are put together once, at its end."""

    speaker: str
    words: list[str]
    start: float
    end: float

    def said(self) -> Turn:
        return Turn(self.speaker, " ".join(self.words), self.start, self.end)


def _turns(cues: list[_Cue]) -> list[Turn]:
    """What each says in one go: cues that follow each other from the same speaker are one turn."""
    tagged = any(_VOICE.search(cue.text) for cue in cues)
    turns: list[_Going] = []
    speaker = ""
    for cue in cues:
        for said in _shared(cue, _voices(cue) if tagged else _prefixed(cue, speaker)):
            speaker = said.speaker
            # Cues that touch are one breath; after a pause a new turn begins, so that silence is nobody's talking time.
            if turns and turns[-1].speaker == speaker and abs(said.start - turns[-1].end) < 0.001:
                turns[-1].words += said.words
                turns[-1].end = said.end
            else:
                turns.append(said)
    return [turn.said() for turn in turns]


def _shared(cue: _Cue, spoken: list[tuple[str, str]]) -> Iterator[_Going]:
    """A cue with several voices gives each an equal part of its time, as nothing more is known."""
    length = (cue.end - cue.start) / max(1, len(spoken))
    for speaker, words in spoken:
        yield _Going(speaker, [words], cue.start, cue.start + length)


def _voices(cue: _Cue) -> list[tuple[str, str]]:
    parts = _VOICE.split(cue.text)
    spoken = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return [(speaker.strip(), words) for speaker, text in spoken if (words := _words(text))]


def _prefixed(cue: _Cue, before: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, list[str]]] = []
    for row in cue.text.split("\n"):
        match = _PREFIX.match(row)
        speaker = match[1].strip() if match else rows[-1][0] if rows else before
        words = _words(row[match.end() :] if match else row)
        if words and rows and rows[-1][0] == speaker:
            rows[-1][1].append(words)
        elif words:
            rows.append((speaker, [words]))
    return [(speaker, " ".join(words)) for speaker, words in rows]


def _words(text: str) -> str:
    if "<" not in text and "&" not in text:
        return " ".join(text.split())
    return " ".join(to_text(re.sub(r"<[\d:.,]++>", "", text)).split())
