"""Transcripts saved as text: a speaker and what he says on one line, or the speaker (and a time) on a line of his own.

Otter and Teams write `Jane Doe  0:15` above the words, Zoom `[Jane Doe] 09:15:02` or `09:15:02 From Jane to Everyone:`,
Meet `Jane Doe: ...` between lines that hold a time alone, others `[00:12] Agent: ...` or `Agent (00:12): ...`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bpm.feedback.channels.calls.speaker_labels import LONGEST_LABEL, speakers, split_label
from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError

_TIME = r"[\[(]?(\d{1,3}:\d{2}(?::\d{2})?)(?:[.,]\d{1,3})?[\])]?(?:\s?[AaPp][Mm])?"
_ALONE = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}}")
_DATE = r"(?:\[?(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s{1,3})"
_BEFORE = re.compile(rf"\s{{0,9}}{_DATE}?{_TIME}\]?\s{{0,9}}(?:[-–]\s{{1,3}})?(?:From\s{{1,3}})?(?=\S)")
_BEHIND = re.compile(rf"(?<=\s){_TIME}\s{{0,3}}:?$")
_WITHIN = re.compile(rf"{_TIME}\s{{0,9}}:\s{{1,9}}(?=\S)")
_OPENS_A_TIME = frozenset("0123456789[(")
_LONGEST_TIME = 24
"""Characters of a time with brackets around it, at the end of a line."""

_EVERYONE = re.compile(r"\s{1,3}to\s{1,3}(?:Everyone|Hosts and panelists|[^:]{1,60}\(Direct Message\))\s{0,3}(?=:)")
_BY_TOOL = re.compile(
    r"\s{0,9}(?:Meeting ended after|Transcription ended after|This editable transcript was computer generated"
    r"|Transcribed by https?://|Recording (?:started|stopped)|Messages and calls are end-to-end encrypted"
    r"|[^:]{1,80}\s(?:started|stopped)\stranscription\s{0,9}$|(?:\d{1,2}h\s)?\d{1,2}m(?:\s\d{1,2}s)?\s{0,9}$)"
)
_BOLD = re.compile(r"\s{0,9}\*\*([^*\n]{1,80}?)\s?:?\*\*\s?:?\s{0,9}")
_AT_FIRST = re.compile(rf"{_TIME}\s{{1,3}}[|–-]\s{{1,3}}([^:|]{{1,80}})")
_NO_WORDS = re.compile(
    r"<(?:Media omitted|Medien ausgeschlossen|Médias omis|Multimedia omitido)>"
    r"|(?:image|video|audio|sticker|GIF) omitted"
    r"|This message was deleted\.?|Diese Nachricht wurde gelöscht\.?|null"
)
_DATED = re.compile(r"(?=.{0,60}\b(?:19|20)\d{2}\b)(?=[^:]{0,60}\d{1,2}:\d{2}).{10,70}")


@dataclass(frozen=True)
class Line:
    """One line of somebody: `speaker` is empty where it goes on, `at` are seconds from the start where told."""

    speaker: str
    text: str
    at: float | None = None
    date: str = ""
    """A date and time of day in front of the line, as chats write it."""


@dataclass(frozen=True)
class _Piece:
    label: str
    text: str
    at: float | None
    date: str = ""
    above: bool = False


def read_lines(text: str, *, named: Callable[[str], bool]) -> tuple[list[Line], list[str]]:
    """What each says, line by line, and the lines in front of the first speaker; nothing when nobody is named."""
    pieces = [piece for piece in map(_piece, _with_time_behind(text.split("\n"))) if piece]
    above = _speakers_above(pieces)
    inline = speakers(
        (f"{each.label}: x" if each.label else each.text for each in pieces if not each.above), named=named
    )
    found: list[Line] = []
    head: list[str] = []
    at: float | None = None
    for each in pieces:
        at = each.at if each.at is not None else at
        is_speaker = each.label in (above if each.above else inline)
        if is_speaker:
            found.append(Line(each.label, each.text, each.at if each.at is not None else at, each.date))
        elif found and (each.text or each.label):
            found.append(Line("", f"{each.label}: {each.text}" if each.label else each.text))
        elif each.text or each.label:
            head.append(f"{each.label}: {each.text}" if each.label else each.text)
    return found, head


def _with_time_behind(lines: list[str]) -> list[str]:
    """A name alone, with a time alone on the next line, as one line; where that comes once, it may be a title."""
    above = [at for at, line in enumerate(lines[:-1]) if _ALONE.fullmatch(lines[at + 1]) and _names_alone(lines, at)]
    if len(above) < 2:
        return lines
    joined = {at: f"{lines[at].strip()}  {lines[at + 1].strip()}" for at in above}
    return [joined.get(at, line) for at, line in enumerate(lines) if at - 1 not in joined]


def _names_alone(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    return 0 < len(line) <= LONGEST_LABEL // 2 and line[-1] not in ".:!?,;" and (at == 0 or not lines[at - 1].strip())


def _speakers_above(pieces: list[_Piece]) -> set[str]:
    """Labels on lines of their own with a time; one such line alone may as well be a title."""
    labels = [each.label for each in pieces if each.above]
    return set(labels) if len(labels) > 1 else set()


def _piece(line: str) -> _Piece | None:
    if not line.strip() or _BY_TOOL.match(line):
        return None
    if alone := _ALONE.fullmatch(line):
        return _Piece("", "", _seconds(alone[1]))
    if first := _AT_FIRST.fullmatch(line.strip()):
        return _Piece(first[2].strip(), "", _seconds(first[1]), above=True)
    line = _BOLD.sub(r"\1: ", line, count=1) if line.lstrip().startswith("**") else line
    if date := _date_alone(line):
        return _Piece("", f"Date: {date}", None)
    if piece := _above(line.strip()) or _within(line.strip()):
        return piece
    at, date, rest = None, "", line
    if line.lstrip()[:1] in _OPENS_A_TIME and (before := _BEFORE.match(line)):
        at, rest = (None if before[1] else _seconds(before[2])), line[before.end() :]
        date = before[0].strip(" \t[]-–") if before[1] else ""
        rest = _tabbed(_EVERYONE.sub("", rest, count=1))
    label, words = split_label(rest) or ("", rest)
    said = words.strip()
    return _Piece(label, "" if _NO_WORDS.fullmatch(said) else said, at, date)


def _date_alone(line: str) -> str:
    """The date and time that is all of a line, as Teams and Otter write it above a transcript; empty: none."""
    written = line.partition("•")[0].strip()
    if not _DATED.fullmatch(written):
        return ""
    try:
        return written if read_date(written).timed else ""
    except DateError:
        return ""


def _above(line: str) -> _Piece | None:
    """A speaker and a time on a line of their own."""
    if len(line) > LONGEST_LABEL + _LONGEST_TIME or not (
        behind := _BEHIND.search(line, max(0, len(line) - _LONGEST_TIME))
    ):
        return None
    label = line[: behind.start()].strip(" \t-–|[]")
    return _Piece(label, "", _seconds(behind[1]), above=True) if label and ":" not in label else None


def _within(line: str) -> _Piece | None:
    """A time in brackets between the speaker and the colon."""
    at = line.find("(", 1, LONGEST_LABEL)
    match = _WITHIN.match(line, at) if at > 0 else None
    return _Piece(line[:at].strip(), line[match.end() :].strip(), _seconds(match[1])) if match else None


def _tabbed(rest: str) -> str:
    """A speaker and his words parted by a tab, with a colon between."""
    name, tab, words = rest.partition("\t")
    return f"{name.strip().rstrip(':')}: {words}" if tab and name.strip() and ":" not in name.rstrip(": ") else rest


def _seconds(written: str) -> float:
    return float(sum(int(part) * (1, 60, 3600)[power] for power, part in enumerate(reversed(written.split(":")))))
