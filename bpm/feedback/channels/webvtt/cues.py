"""The cues of WebVTT, SRT and SBV files, also where empty lines are missing or stand inside a cue.

A line with timings begins a cue, and everything until the next one is its words; the number or name in front of the
next timings is not. Only WebVTT has NOTE, STYLE and REGION blocks; they end with an empty line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

# Possessive and bounded throughout: no character is tried twice from the same place.
_TIME = r"((?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?)"
_TIMING = re.compile(rf"^\s*+{_TIME}\s*+-{{1,2}}>\s*+{_TIME}(?:\s|$)")
_SBV = re.compile(r"^\s*+(\d{1,2}:\d{2}:\d{2}\.\d{3}),(\d{1,2}:\d{2}:\d{2}\.\d{3})\s*+$")
_BLOCK = re.compile(r"^(NOTE|STYLE|REGION)(?:\s|$)")
_OF_TEAMS = re.compile(r"^\s*+\d:(?:\d:\d{1,2}|\d{2}:\d)\.\d{1,6}\s*+-->", re.MULTILINE)
"""Only Teams writes times without leading zeros, in the text of its Word files: the speaker stands on the next line."""
_NUMBER = re.compile(r"\s*+\d{1,7}\s*+")
_NAME = re.compile(r"\s*+(?=\S{0,80}?\d)[\w./:-]{1,80}\s*+")


@dataclass(frozen=True)
class Cue:
    """Words that stand on the screen from `start` to `end`, in seconds."""

    start: float
    end: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The cues in the order of their start, and the lines of the head and of notes."""

    cues: list[Cue]
    around: list[str]


@dataclass
class _Open:
    start: float
    end: float
    rows: list[str] = field(default_factory=list)
    gap: bool = False
    """An empty line stands in front of the last row."""


def read_cues(text: str) -> Cues:
    """The cues of a file whose lines end in \\n; none when it has no timings."""
    web = text.lstrip().startswith("WEBVTT")
    found: list[_Open] = []
    around: list[str] = []
    block, empty = "", True
    for line in text.split("\n"):
        if timing := _TIMING.match(line) or _SBV.match(line):
            if found and not empty:
                _drop_name(found[-1], around)
            start, end = _seconds(timing[1]), _seconds(timing[2])
            found.append(_Open(start, max(start, end)))
            block = ""
        elif not line.strip():
            block = ""
        elif web and empty and (mark := _BLOCK.match(line)):
            block = mark[1]
            around.append(line)
        elif block or not found:
            around += [line] if block in ("", "NOTE") else []
        else:
            found[-1].rows.append(line)
            found[-1].gap = empty
        empty = not line.strip()
    if not web and _OF_TEAMS.search(text):
        for each in found:
            _take_name(each)
    cues = [Cue(each.start, each.end, tuple(each.rows)) for each in found]
    return Cues(list(_without_repeats(sorted(cues, key=lambda cue: (cue.start, cue.end)))), around)


def _drop_name(last: _Open, around: list[str]) -> None:
    """The line directly in front of timings is the cue's number, or its name where an empty line parts it."""
    if last.rows and (_NUMBER.fullmatch(last.rows[-1]) or (last.gap and _NAME.fullmatch(last.rows[-1]))):
        around.append(last.rows.pop())


def _take_name(cue: _Open) -> None:
    """The first line names who says the others, as a voice of WebVTT does."""
    if len(cue.rows) > 1 and "<" not in cue.rows[0]:
        cue.rows[:2] = [f"<v {cue.rows[0].strip()}>{cue.rows[1]}"]


def _without_repeats(cues: list[Cue]) -> Iterator[Cue]:
    """Cues that say again what stands there still (rolling captions, cues written twice) without the repetition."""
    before: Cue | None = None
    for cue in cues:
        rows = list(cue.rows)
        if before is not None and before.rows and cue.start <= before.end + 0.011:
            if (cue.start, cue.end, cue.rows) == (before.start, before.end, before.rows):
                continue
            while rows and len(rows[0].split()) > 2 and rows[0].strip() == before.rows[-1].strip():
                rows.pop(0)
        if rows:
            yield replace(cue, rows=tuple(rows))
        before = cue if cue.rows else before


def _seconds(written: str) -> float:
    parts = [float(part) for part in written.replace(",", ".").split(":")]
    return sum(part * (1.0, 60.0, 3600.0)[power] for power, part in enumerate(reversed(parts)))
