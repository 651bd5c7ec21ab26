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

from bpm.errors import InvalidInputError
from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.rows import LONGEST_RECORD, Context, Row, decode
from bpm.feedback.channels.transcript import Turn, told
from bpm.feedback.raw import RawItem

_TIMING = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_PREFIX = re.compile(r"^\s*(?:-\s*)?\[?([A-Z][\w.' -]{0,40}?)\]?\s*:\s+(?=\S)")
_FACT = re.compile(r"^\s*(?:NOTE\s+)?([A-Za-z][A-Za-z -]{1,30}):\s*(.+?)\s*$")
_SECTIONS = ("STYLE", "REGION")


@dataclass(frozen=True)
class _Cue:
    start: float
    end: float
    text: str


def parse(stream: BinaryIO, context: Context) -> Iterator[Row]:
    """One row: the call."""
    data = stream.read(LONGEST_RECORD)
    if stream.read(1):
        yield Row(1, reason=f"The transcript is longer than {LONGEST_RECORD // 1_000_000} MB.")
        return
    try:
        yield Row(1, _item(_decoded(data), context))
    except InvalidInputError as error:
        yield Row(1, reason=str(error), raw=data[:500].decode("utf-8", "replace"))


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
            facts |= {m[1].strip().lower().replace(" ", "-"): m[2] for m in map(_FACT.match, rows) if m}
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


def _turns(cues: list[_Cue]) -> list[Turn]:
    """What each says in one go: cues that follow each other from the same speaker are one turn."""
    tagged = any(_VOICE.search(cue.text) for cue in cues)
    turns: list[Turn] = []
    speaker = ""
    for cue in cues:
        parts = list(_voices(cue)) if tagged else list(_prefixed(cue, speaker))
        for turn in parts:
            speaker = turn.speaker
            if turns and turns[-1].speaker == speaker and turn.start is not None and _follows(turns[-1], turn.start):
                before = turns.pop()
                turn = Turn(speaker, f"{before.text} {turn.text}", before.start, turn.end)  # noqa: PLW2901
            turns.append(turn)
    return turns


def _follows(turn: Turn, start: float) -> bool:
    """Cues that touch are one breath; after a pause a new turn begins, so that silence is nobody's talking time."""
    return turn.end is not None and abs(start - turn.end) < 0.001


def _voices(cue: _Cue) -> Iterator[Turn]:
    parts = _VOICE.split(cue.text)
    for speaker, text in [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]:
        if words := _words(text):
            yield from _share(cue, speaker.strip(), words, len([p for p in parts[2::2] if _words(p)]))


def _share(cue: _Cue, speaker: str, words: str, voices: int) -> Iterator[Turn]:
    """A cue with several voices gives each an equal part of its time, as nothing more is known."""
    length = (cue.end - cue.start) / max(1, voices)
    yield Turn(speaker, words, cue.start, cue.start + length)


def _prefixed(cue: _Cue, before: str) -> Iterator[Turn]:
    rows: list[tuple[str, str]] = []
    for row in cue.text.split("\n"):
        match = _PREFIX.match(row)
        speaker = match[1].strip() if match else rows[-1][0] if rows else before
        words = _words(row[match.end() :] if match else row)
        if words and rows and rows[-1][0] == speaker:
            rows[-1] = (speaker, f"{rows[-1][1]} {words}")
        elif words:
            rows.append((speaker, words))
    for speaker, words in rows:
        yield from _share(cue, speaker, words, len(rows))


def _words(text: str) -> str:
    return " ".join(to_text(re.sub(r"<[\d:.,]+>", "", text)).split())
