"""The header of a table: names that are each there once, further header rows of survey exports, or none at all."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import orjson

from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.channels.values.columns import is_known
from bpm.feedback.channels.values.dates import is_filler, read_date
from bpm.feedback.channels.values.moments import DateError, TwoDatesError
from bpm.feedback.channels.values.plain import plain

_IMPORT_ID = re.compile(r'^\s*\{\s*[\'"]ImportId[\'"]')
_NUMBER = re.compile(r"^[-+]?[\d.,]{1,25}(?:[eE][-+]?\d+)?\s?%?$")
_ADDRESS = re.compile(r"^\S+@\S+\.\w+$|^https?://\S+$")


@dataclass(frozen=True)
class Header:
    """What the rows above the first answer say.

    `names` are unique, `written` as they stand in the file; `labels` is what a second header calls a column, `zones`
    the zone that a third one tells for it.
    """

    names: tuple[str, ...]
    written: tuple[str, ...]
    labels: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)


def is_typed(cell: str) -> bool:
    """Whether a cell is a value that no heading is: a number, a date, an address."""
    text = cell.strip()
    if not text or len(text) > 60:
        return False
    if _NUMBER.match(text) or _ADDRESS.match(text):
        return True
    if not any(letter.isdigit() for letter in text):
        return False
    try:
        read_date(text)
    except TwoDatesError:
        return True
    except DateError:
        return False
    return True


def is_header(cells: Sequence[str], wanted: Collection[str]) -> bool:
    """Whether a first row names columns; `wanted` are the names that the mapping speaks of."""
    if any(cell.strip() in wanted or is_known(cell) for cell in cells if cell.strip()):
        return True
    return not any(is_typed(cell) for cell in cells) and not any(_is_sentence(cell) for cell in cells)


def _is_sentence(cell: str) -> bool:
    return len(cell.split()) >= 5 and cell.rstrip()[-1:] in ".!"


def without_preamble(first: list[Cut]) -> list[Cut]:
    """The rows from the header on: a title of one cell above a table of three columns or more is no header."""
    start = 0
    while start + 2 < len(first) and _filled(first[start]) <= 1 and _wide(first[start + 1 : start + 6]):
        start += 1
    return first[start:]


def without_groups(first: list[Cut]) -> list[Cut]:
    """The rows from the header on: headings over several columns each, above the columns' own names, are none."""
    if len(first) < 3:
        return first
    top, below = first[0].cells, first[1].cells
    over = all(place < len(below) and below[place].strip() for place, cell in enumerate(top) if cell.strip())
    known = [sum(map(is_known, filter(str.strip, cells))) for cells in (top, below)]
    fewer = _filled(first[0]) < _filled(first[1]) and known[0] < known[1] >= 2
    return first[1:] if over and fewer and not any(map(is_typed, below)) else first


def _filled(row: Cut) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def _wide(rows: Sequence[Cut]) -> bool:
    return bool(rows) and max(_filled(row) for row in rows) >= 3


def read_header(first: Cut, rows: Sequence[Cut]) -> tuple[Header, int]:
    """The header, and how many of the rows below belong to it."""
    written = tuple(" ".join(cell.split()) for cell in first.cells)
    names = unique(written)
    count = 0
    labels: tuple[str, ...] = ()
    zones: dict[str, str] = {}
    for place, row in enumerate(rows[:3]):
        if any(_IMPORT_ID.match(cell) for cell in row.cells):
            zones = {name: zone for name, cell in zip(names, row.cells, strict=False) if (zone := _zone_in(cell))}
            count = place + 1
    labelled = count > 1 or (rows and (_answers_nothing(written, rows) or _repeats_names(written, rows)))
    if labelled:
        labels, count = rows[0].cells, max(count, 1)
    called = {name: " ".join(label.split()) for name, label in zip(names, labels, strict=False) if label.strip()}
    return Header(names, written, called, zones), count


def unique(written: Sequence[str]) -> tuple[str, ...]:
    """Names that are each there once: `Comment`, `Comment (2)`; those without one are `column 3`."""
    seen: dict[str, int] = {}
    names = []
    for place, told in enumerate(written, 1):
        name = told or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _zone_in(cell: str) -> str:
    """The zone in a cell `{"ImportId":"recordedDate","timeZone":"America/Denver"}`."""
    if "timeZone" not in cell:
        return ""
    try:
        told = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return ""
    return str(told.get("timeZone", "")) if isinstance(told, dict) else ""


def _answers_nothing(written: Sequence[str], rows: Sequence[Cut]) -> bool:
    """A second header as SurveyMonkey writes it: empty where every answer says who and when, words elsewhere."""
    label, answers = rows[0], rows[1:6]
    who = [place for place, name in enumerate(written) if name and is_known(name) and place < len(label.cells)]
    if not answers or len(who) < 2 or any(label.cells[place].strip() for place in who):
        return False
    said = [cell for cell in label.cells if cell.strip()]
    filled = all(any(row.cells[place].strip() for place in who if place < len(row.cells)) for row in answers)
    return bool(said) and filled and not any(is_typed(cell) for cell in said)


def _repeats_names(written: Sequence[str], rows: Sequence[Cut]) -> bool:
    """A second header as Qualtrics writes it: the names again in words, where the answers have dates and numbers."""
    label, answers = rows[0], rows[1:6]
    if any(is_typed(cell) for cell in label.cells):
        return False
    pairs = [(plain(name), plain(cell)) for name, cell in zip(written, label.cells, strict=False) if cell.strip()]
    same = sum(1 for name, cell in pairs if name == cell and name)
    odd = sum(1 for place, cell in enumerate(label.cells) if cell.strip() and not is_filler(cell)
              and _all_typed(place, answers))  # fmt: skip
    return same >= 2 or (same == 1 and odd >= 1) or odd >= 3


def _all_typed(place: int, answers: Sequence[Cut]) -> bool:
    cells = [row.cells[place] for row in answers if place < len(row.cells) and row.cells[place].strip()]
    return bool(cells) and all(is_typed(cell) for cell in cells)
