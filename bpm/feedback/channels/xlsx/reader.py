"""Excel workbooks: the first sheet with a column of words, with what its cells show; others are named as left out.

A sheet that is hidden is read only where no other one fits; rows that a filter hides are rows.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

from bpm.feedback.channels import tables
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.limits import ALWAYS_UNPACKED, LARGEST_DOCUMENT, MOST_UNPACKED
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_PARTS = 5_000
"""Files within one workbook."""

LOOKED_AT = 60
"""Rows of a sheet in which words are looked for."""

SOURCE_LOOKED_AT = 1_000_000
"""Bytes of a sheet's source in which formulas without values are looked for."""

_VALUELESS = re.compile(rb"</f>\s{0,9}(?:<v\s{0,9}/>|<v>\s{0,9}</v>)?\s{0,9}</c>")
_ERROR = re.compile(r"#(?:N/A|NAME\?|DIV/0!|[A-Z_]{3,20}[!?]|GETTING_DATA)|Err:\d{3}")

_FROM_1904 = 1_462
"""Days from Excel's usual first day to that of workbooks which count from 1904."""

MOST_CELLS = 500
"""Cells of one row that are read."""


def is_workbook(beginning: bytes) -> bool:
    """Whether a file begins as a workbook, old or new, or as another packed document."""
    return beginning.startswith((_ZIP, _OLD))


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The records of the first sheet with rows; `number` is the row of the sheet."""
    return tables.cut(rows(stream, context), context)


def read(record: Record, context: Context) -> Row:
    """The item that one record tells; InvalidInputError names what does not fit."""
    return tables.read(record, context)


def columns(stream: BinaryIO) -> list[str]:
    """The names in the header, each once."""
    return tables.names(rows(stream, Context("", "")))


def mapping(stream: BinaryIO, context: Context) -> dict[str, str]:
    """Each column -> field as the file would be read without a mapping; empty: none."""
    return tables.mapping(rows(stream, context), context)


def rows(stream: BinaryIO, context: Context | None) -> Iterator[Cut]:
    """The rows of the sheet that is read; without a context of the first one with two rows.

    InvalidInputError when the workbook cannot be opened.
    """
    from openpyxl import load_workbook  # with numpy 50 MB, which only the child that reads needs

    content = stream.read(LARGEST_DOCUMENT + 1)
    _check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # a library meets foreign bytes: whatever it raises, they are no workbook
        raise InvalidInputError(
            _("The workbook cannot be opened: %(why)s.") % {"why": str(error)[:200] or type(error).__name__},
            remedy=_("Open it in a spreadsheet and save it again as .xlsx or .csv."),
        ) from error
    sheet = _chosen(book.worksheets, context)
    if sheet is None:
        return iter(())
    told = [each.title for each in book.worksheets if each is not sheet]
    warnings = []
    if told:
        said = _("Only one sheet is read; left out: %(names)s. Import them as files of their own.")
        warnings.append(said % {"names": ", ".join(told)[:300]})
    if _VALUELESS.search(_beginning_of(content, sheet)):
        warnings.append(_("Formulas stand in it without their values. Save it in a spreadsheet, then import it again."))
    first_day = _FROM_1904 if book.epoch.year == 1904 else 0
    return _with_warnings(_cuts(sheet), tuple(warnings), first_day)


def _chosen(sheets: list[Any], context: Context | None) -> Any:
    """The first sheet that holds words, else a score, else two rows, else the first; shown ones before hidden ones.

    Of those that hold words one with a name of a column that is known comes before covers and notes.
    """
    shown = sorted(sheets, key=lambda sheet: sheet.sheet_state != "visible")
    begun = [(sheet, _first(sheet, LOOKED_AT)) for sheet in shown]
    tabled = [(sheet, first) for sheet, first in begun if context is not None and len(first) > 1]
    named = [(sheet, first) for sheet, first in tabled if tables.is_named(iter(first), context or Context("", ""))]
    for field, sheets_of in (("text", named), ("text", tabled), ("rating", tabled)):
        for sheet, first in sheets_of:
            if context is not None and tables.holds(iter(first), context, field):
                return sheet
    return next((sheet for sheet, first in begun if len(first) > 1), shown[0] if shown else None)


def _first(sheet: Any, count: int) -> list[Cut]:
    return list(islice(_cuts(sheet), count))


def _beginning_of(content: bytes, sheet: Any) -> bytes:
    """Source of a sheet's first rows."""
    place = sheet._worksheet_path  # noqa: SLF001 -- the library tells it nowhere else
    with zipfile.ZipFile(io.BytesIO(content)) as archive, suppress(KeyError), archive.open(place) as part:
        return part.read(SOURCE_LOOKED_AT)
    return b""


def _with_warnings(found: Iterator[Cut], warnings: tuple[str, ...], first_day: int) -> Iterator[Cut]:
    """The rows, each with the first day of the workbook; the first below the header bears what is said of the sheet."""
    for place, row in enumerate(found):
        told = warnings if place == 1 else ()
        yield replace(row, warnings=(*told, *row.warnings), first_day=first_day) if told or first_day else row


def _cuts(sheet: Any) -> Iterator[Cut]:
    sheet.reset_dimensions()  # what a file says of its size would fill every row up to it
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = tuple(map(_shown, row[:MOST_CELLS]))
        if any(cells):
            yield Cut(number, cells)


def _shown(value: Any) -> str:
    """A cell's value as text that the readers of tables understand."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        whole_day = value.time() == time() and value.tzinfo is None
        return f"{value:%Y-%m-%d}" if whole_day else value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | time | timedelta):
        return str(value)
    text = str(value)
    return "" if text[:1] in "#E" and _ERROR.fullmatch(text) else text


def _check(content: bytes) -> None:
    """InvalidInputError when it is no workbook of today, or one that would grow too large."""
    if content.startswith(_OLD):
        raise InvalidInputError(
            _("The workbook is protected by a password.")
            if _ENCRYPTED in content
            else _("The file is a workbook of the old kind (.xls)."),
            remedy=_("Open it in a spreadsheet and save it as .xlsx without a password, or as .csv."),
        )
    if len(content) > LARGEST_DOCUMENT:
        raise InvalidInputError(_("The workbook is too large."), remedy=_("Save its sheet as CSV and import that."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise InvalidInputError(_("The workbook is damaged."), remedy=_("Save it again.")) from error
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise InvalidInputError(
            _("The file is packed, but no Excel workbook."), remedy=_("Save the table as .xlsx or .csv.")
        )
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > max(
        ALWAYS_UNPACKED, MOST_UNPACKED * len(content)
    ):
        raise InvalidInputError(
            _("The workbook grows too large when it is unpacked."), remedy=_("Save its sheet as CSV and import that.")
        )
