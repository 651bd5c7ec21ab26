"""Small tables as people send them (CSV): rows with their lines, read in a bounded child."""

import csv
import io

from bpm.foundation.bounded_child import Sent, read_apart
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

BETWEEN = ",;\t"


def read_rows(sent: Sent) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that holds something, the header too; 1 is the first line.

    TooLargeError, and InvalidInputError with place and remedy for what is no CSV in UTF-8.
    """
    return [(line, cells) for line, cells in read_apart(rows_of, sent, sent.name)]


def rows_of(content: bytes, file_name: str) -> list[tuple[int, list[str]]]:
    """In the child: the rows; cells stand between what the first line has most of: commas, semicolons or tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInputError(
            _("%(file)s, line %(line)s: this is not UTF-8.") % {"file": file_name, "line": line},
            remedy=_("Save the table as CSV, in UTF-8."),
        ) from error
    first = next(iter(text.split("\n", 1)))
    lines = csv.reader(io.StringIO(text), delimiter=max(BETWEEN, key=first.count), strict=True)
    try:
        return [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InvalidInputError(
            _("%(file)s, line %(line)s: this is no CSV: %(why)s.")
            % {"file": file_name, "line": lines.line_num, "why": str(error)},
            remedy=_("Save the table as CSV, in UTF-8."),
        ) from error
