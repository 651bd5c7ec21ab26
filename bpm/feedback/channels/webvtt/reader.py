"""Call transcripts as WebVTT, SRT, SBV or text: one call a file; only what the customer says is the item's text.

Speakers come from voice tags (`<v Name>`) or from a prefix (`Agent: ...`). Cues may overlap: they are taken in the
order of their start. A cue without speaker goes on with the one before in files that use prefixes; in files with
voice tags it is nobody's. `Key: value` lines in the head or in notes may tell Call-ID, Date, Customer, Email, Phone.
"""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from bpm.feedback.channels.calls import Told, Turn, row_of, told
from bpm.feedback.channels.calls.roles import plain, without_additions
from bpm.feedback.channels.calls.speaker_labels import speakers, split_label
from bpm.feedback.channels.calls.start import start_of_call
from bpm.feedback.channels.fields import said_habit
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, decode
from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError
from bpm.feedback.channels.webvtt.cues import Cue, read_cues
from bpm.feedback.channels.webvtt.metadata import with_words
from bpm.feedback.channels.webvtt.plain_text import Line, read_lines
from bpm.feedback.limits import LONGEST_RECORD
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?\s++([^<>]++)>")
_STYLE = re.compile(r"</?(?:font|[biu]|span|c)(?:[\s.][^<>]{0,200})?>|\{\\an?\d{1,2}\}", re.IGNORECASE)
"""How words are drawn, which may stand around a speaker's name."""
_FACT = re.compile(r"^\s*+(?:NOTE\s++)?([A-Za-z][A-Za-z -]{1,30}):\s*+(\S.*+)$")
_DATES = ("date", "recorded", "said-at", "call-date", "start", "start-time")


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """One record: the call."""
    data = stream.read(LONGEST_RECORD)
    if stream.read(1):
        yield Record(1, problem=TOO_LONG, raw=beginning(data))
    else:
        yield Record(1, data, beginning(data))


def read(record: Record, context: Context) -> Row:
    """The item that the transcript tells; InvalidInputError names what does not fit."""
    text = _decoded(record.content).replace("\r\n", "\n").replace("\r", "\n")
    script = _script(text, context)
    call = told(script.turns, context)
    said_at, warning = _said_at(script, context)
    item = RawItem(
        channel=context.channel or "call",
        source=context.source,
        text=call.text,
        natural_key=script.facts.get("call-id") or f"transcript {_hash(text)}",
        said_at=said_at,
        author_name=script.facts.get("customer", "") or call.name,
        author_email=script.facts.get("email", ""),
        author_phone=script.facts.get("phone", "") or call.phone,
        extra=call.extra,
        raw={"transcript": text},
    )
    return row_of(record, item, _with_warning(call, warning))


def columns(stream: BinaryIO) -> list[str]:
    """Transcripts need no mapping."""
    return []


def _with_warning(call: Told, warning: str) -> Told:
    return call if not warning else Told(call.text, call.extra, (*call.warnings, warning), call.name, call.phone)


def _hash(text: str) -> str:
    """Tools call every transcript the same, so its words tell it apart, not its name."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:40]


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with or without its mark, or what `decode` makes of it."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace")
    odd, even = data[1:400:2].count(0), data[:400:2].count(0)
    if max(odd, even) > len(data[:400]) // 4:
        return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    return decode(data.removeprefix(codecs.BOM_UTF8))


@dataclass(frozen=True)
class _Script:
    """Who says what, the facts of the head and notes, and the date in front of the first line where there is one."""

    turns: list[Turn]
    facts: dict[str, str]
    date: str = ""


def _script(text: str, context: Context) -> _Script:
    named = _named(context)
    cues = with_words(read_cues(text))
    if cues.cues:
        return _Script(_turns(cues.cues, named), _facts(cues.around))
    found, head = read_lines(text, named=named)
    if not found:
        raise InvalidInputError(
            _("There is no cue in it, and no line that begins with a speaker."),
            remedy=_(
                "A cue needs a line like 00:01.000 --> 00:04.000; in a text lines begin with a speaker and a colon."
            ),
        )
    return _Script(list(_joined(_spoken(found))), _facts(head), next((each.date for each in found if each.date), ""))


def _said_at(script: _Script, context: Context) -> tuple[datetime | None, str]:
    """By the file itself, else by the user or the file's name; a date that cannot be read costs the date."""
    written = next((script.facts[name] for name in _DATES if name in script.facts), "") or script.date
    if not written:
        return start_of_call(context)
    try:
        return read_date(written, said_habit(context)).instant, ""
    except DateError as error:
        why = _("Date: %(why)s; the file's name or --said-at tells it, else it is unknown.") % {"why": error}
        return start_of_call(context)[0], why


def _named(context: Context) -> Callable[[str], bool]:
    names = {plain(name) for name in context.names("agents") | context.names("customers")}
    return lambda label: plain(label) in names or plain(without_additions(label)) in names


def _facts(lines: Iterable[str]) -> dict[str, str]:
    return {m[1].strip().lower().replace(" ", "-"): m[2].strip() for m in map(_FACT.match, lines) if m}


@dataclass
class _Going:
    """A turn that may go on: its words are put together once, at its end."""

    speaker: str
    words: list[str]
    start: float | None
    end: float | None

    def said(self) -> Turn:
        return Turn(self.speaker, " ".join(self.words), self.start, self.end)


def _turns(cues: list[Cue], named: Callable[[str], bool]) -> list[Turn]:
    """What each says in one go: cues that follow each other from the same speaker are one turn."""
    tagged = any(_VOICE.search(row) for cue in cues for row in cue.rows)
    if not tagged:
        cues = [replace(cue, rows=tuple(_STYLE.sub("", row) for row in cue.rows)) for cue in cues]
    known = frozenset() if tagged else speakers((row for cue in cues for row in cue.rows), named=named)
    return list(_joined(_said(cues, known, tagged=tagged)))


def _said(cues: list[Cue], known: frozenset[str], *, tagged: bool) -> Iterator[_Going]:
    speaker = ""
    for cue in cues:
        for going in _shared(cue, _voices(cue) if tagged else _prefixed(cue, speaker, known)):
            speaker = going.speaker
            yield going


def _joined(spoken: Iterable[_Going]) -> Iterator[Turn]:
    """Pieces that touch are one breath; after a pause a new turn begins, so that silence is nobody's talking time."""
    last: _Going | None = None
    for going in spoken:
        if last is not None and last.speaker == going.speaker and _touch(last, going):
            last.words += going.words
            last.end = going.end
            continue
        if last is not None:
            yield last.said()
        last = going
    if last is not None:
        yield last.said()


def _touch(last: _Going, going: _Going) -> bool:
    return last.end is not None and going.start is not None and abs(going.start - last.end) < 0.001


def _spoken(lines: list[Line]) -> Iterator[_Going]:
    """The turns of a text: a line without speaker goes on with the one before."""
    open_turn: _Going | None = None
    for line in lines:
        if line.speaker or open_turn is None:
            if open_turn is not None and open_turn.words:
                yield open_turn
            open_turn = _Going(line.speaker, [], line.at, None)
        if line.text:
            open_turn.words.append(line.text)
    if open_turn is not None and open_turn.words:
        yield open_turn


def _shared(cue: Cue, spoken: list[tuple[str, str]]) -> Iterator[_Going]:
    """A cue with several voices gives each an equal part of its time, as nothing more is known."""
    length = (cue.end - cue.start) / max(1, len(spoken))
    for speaker, words in spoken:
        yield _Going(speaker, [words], cue.start, cue.start + length)


def _voices(cue: Cue) -> list[tuple[str, str]]:
    parts = _VOICE.split("\n".join(cue.rows))
    spoken = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return [(to_text(speaker).strip(), words) for speaker, text in spoken if (words := _words(text))]


def _prefixed(cue: Cue, before: str, known: frozenset[str]) -> list[tuple[str, str]]:
    rows: list[tuple[str, list[str]]] = []
    for row in cue.rows:
        label, rest = split_label(row) or ("", row)
        named = label in known
        speaker = label if named else rows[-1][0] if rows else before
        words = _words(rest if named else row)
        if words and rows and rows[-1][0] == speaker:
            rows[-1][1].append(words)
        elif words or (named and not rows):
            rows.append((speaker, [words]))
    return [(speaker, " ".join(filter(None, words))) for speaker, words in rows]


def _words(text: str) -> str:
    if "<" not in text and "&" not in text:
        return " ".join(text.split())
    return " ".join(to_text(re.sub(r"<[\d:.,]++>", "", text)).split())
