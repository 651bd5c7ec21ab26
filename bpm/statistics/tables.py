"""Tables of figures as people hand them in (CSV): columns by name; rows that do not fit, by line and remedy."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bpm.foundation.errors import InvalidInputError, TooLargeError
from bpm.foundation.texts import _

MOST_ROWS = 1_000_000
MOST_NAMED = 10
"""So many problems are named one by one."""
_LONGEST_SHOWN = 40


@dataclass
class Problems:
    """What does not fit in one file, gathered so that all of it can be put right at once."""

    file: str
    found: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, line: int, message: str, remedy: str) -> None:
        """`line` as an editor counts, 1 is the header."""
        self.found.append((line, message, remedy))

    def raise_any(self) -> None:
        """InvalidInputError that names the first ten by line, if there are any."""
        if not self.found:
            return
        self.found.sort(key=lambda each: each[0])
        named = [
            _("%(file)s, line %(line)s: %(message)s %(remedy)s")
            % {"file": self.file, "line": line, "message": message, "remedy": remedy}
            for line, message, remedy in self.found[:MOST_NAMED]
        ]
        if len(self.found) > MOST_NAMED:
            named.append(_("and %(more)s lines more") % {"more": len(self.found) - MOST_NAMED})
        raise InvalidInputError("\n".join(named))


@dataclass(frozen=True)
class Row:
    """One line of a table; cells by the lower-case name of their column, without white space around."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(text: str, *, file: str, needed: Iterable[str]) -> Table:
    """The rows of a CSV text with a header; commas, semicolons or tabs between cells, as the header has them.

    InvalidInputError when a column is not there or a row has too many cells; TooLargeError beyond a million rows.
    """
    header, _rest, _more = text.lstrip("\ufeff").partition("\n")
    between = max(",;\t", key=header.count)
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=between)
    try:
        return table_of(((lines.line_num, cells) for cells in lines), file=file, needed=needed)
    except csv.Error as error:
        raise InvalidInputError(
            _("%(file)s, line %(line)s: this is no CSV: %(why)s.")
            % {"file": file, "line": lines.line_num, "why": str(error)},
            remedy=_("Save the table as CSV, in UTF-8."),
        ) from error


def table_of(lines: Iterable[tuple[int, Sequence[str]]], *, file: str, needed: Iterable[str]) -> Table:
    """A table of (number of the line, cells), the header first; raises as `read_table`."""
    given = iter(lines)
    _line, header = next(given, (1, []))
    columns = tuple(name.strip().lower() for name in header)
    _refuse_columns(columns, file=file, needed=tuple(needed))
    rows, problems = [], Problems(file)
    for line, cells in given:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns):
            problems.add(line, _("there are more cells than columns."), _("Put texts into quotes."))
            continue
        rows.append(Row(line, {c: cell.strip() for c, cell in zip(columns, cells, strict=False)}))
        if len(rows) > MOST_ROWS:
            raise TooLargeError(_("%(file)s has more than a million rows.") % {"file": file})
    problems.raise_any()
    if not rows:
        raise InvalidInputError(
            _("%(file)s has no rows.") % {"file": file}, remedy=_("Write one row per line below the header.")
        )
    return Table(columns, tuple(rows))


def _refuse_columns(columns: tuple[str, ...], *, file: str, needed: tuple[str, ...]) -> None:
    gone = [name for name in needed if name not in columns]
    if gone:
        raise InvalidInputError(
            _("%(file)s, line 1: there is no column %(names)s.") % {"file": file, "names": ", ".join(gone)},
            remedy=_("The first line names the columns: %(names)s.") % {"names": ", ".join(needed)},
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise InvalidInputError(
            _("%(file)s, line 1: the column %(names)s stands twice.") % {"file": file, "names": ", ".join(twice)},
            remedy=_("Leave one of them out."),
        )


def number_of(row: Row, column: str, problems: Problems) -> float | None:
    """The finite number of a cell; None and a problem when it is none."""
    cell = row[column]
    if not cell:
        problems.add(row.line, _("%(column)s is empty.") % {"column": column}, _("Write a number, or 0 for none."))
        return None
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in cell:
        comma = "," in cell and cell.replace(",", ".", 1).replace(".", "", 1).lstrip("-").isdigit()
        remedy = _("Write decimals with a point.") if comma else _("Write a number, such as 12 or 3.5.")
        shown = cell[:_LONGEST_SHOWN]
        problems.add(row.line, _("%(column)s “%(cell)s” is no number.") % {"column": column, "cell": shown}, remedy)
        return None
    return number
