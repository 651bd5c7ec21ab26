"""Which delimiter a table has: the one by which its lines fit its header, not the one its header is full of."""

import re
from collections.abc import Sequence

from bpm.feedback.channels.csv.splitting import records
from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.channels.values.columns import is_known

DELIMITERS = (",", ";", "\t", "|")

MOST_TITLES = 6
"""Lines above the header that say what the table is."""

SAMPLE = 60
"""Lines that tell the delimiter."""

_SEP = re.compile(r'^\s*"?sep=(\\t|.)"?[\s,;]*$', re.IGNORECASE)


def told(line: str) -> str:
    """The delimiter that a first line `sep=;` names, as spreadsheets write it; empty when it does not."""
    match = _SEP.match(line)
    return "" if match is None else match[1].replace("\\t", "\t")


def find_delimiter(lines: Sequence[tuple[int, str | None]]) -> str:
    """The delimiter of a file's first lines; empty when each of them is one cell."""
    best, most = "", 0.0
    for delimiter in DELIMITERS:
        fits = _fit(_below_titles([row for row in records(iter(lines), delimiter) if row.cells]))
        if fits > most:
            best, most = delimiter, fits
    return best


def looks_like_table(lines: Sequence[tuple[int, str | None]]) -> bool:
    """Whether a text's first lines are a table: two names of columns on top, and as many cells below."""
    lines = [line for line in lines if line[1] is None or line[1].strip()]
    delimiter = find_delimiter(lines) if len(lines) > 1 else ""
    if not delimiter:
        return False
    head, *below = records(iter(lines), delimiter)
    named = sum(map(is_known, filter(str.strip, head.cells)))
    return named >= 2 and any(len(row.cells) == len(head.cells) for row in below)


def _below_titles(rows: list[Cut]) -> list[tuple[int, int]]:
    """The widths of the rows, from the header on: lines of one cell above names of columns are titles."""
    for place, row in enumerate(rows[: MOST_TITLES + 1]):
        if len(row.cells) >= 3 and sum(map(is_known, row.cells)) >= 2:
            return [_width(each) for each in rows[place:]]
        if len(row.cells) > 1:
            break
    return [_width(each) for each in rows]


def _width(row: Cut) -> tuple[int, int]:
    """(cells, cells without empty ones at the end)."""
    filled = len(row.cells)
    while filled > 1 and not row.cells[filled - 1].strip():
        filled -= 1
    return len(row.cells), filled


def _fit(rows: list[tuple[int, int]]) -> float:
    """How well the rows fit the header; nought when it has one cell."""
    if not rows:
        return 0
    header, _ = rows[0]
    others = rows[1:]
    if header < 2:
        usual = max((width for width, _ in others), key=[width for width, _ in others].count, default=0)
        if usual < 3 or len(others) < 3 or [width for width, _ in others].count(usual) < len(others) * 0.9:
            return 0
        header = usual
    points = [1.0 if width == header else 0.5 if 1 < filled <= header else 0 for width, filled in others]
    share = sum(points) / len(points) if points else 1.0
    return share + 0.03 * min(header, 20) if share >= 0.25 else 0.01 * min(header, 20)
