"""CSV: any delimiter, any usual encoding, quotes as they come; a workbook that is named CSV is read as what it is."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, islice
from typing import BinaryIO

from bpm.feedback.channels import tables, xlsx
from bpm.feedback.channels.csv import dialect
from bpm.feedback.channels.csv.dialect import SAMPLE, find_delimiter, told
from bpm.feedback.channels.csv.encoding import beginning, text_lines
from bpm.feedback.channels.csv.splitting import records
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


def looks_like_table(start: bytes) -> bool:
    """Whether a file that is called a text begins like a table."""
    lines = list(islice(text_lines(BytesIO(start)), SAMPLE))
    return dialect.looks_like_table(lines[:-1] if len(lines) > 2 else lines)


_PAGE = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<\?xml[^>]*>\s*<(?:html|table))", re.IGNORECASE)


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The records of the file; `number` is the line on which one starts, the header being line 1."""
    return tables.cut(table_rows(stream, context), context)


def read(record: Record, context: Context) -> Row:
    """The item that one record tells; InvalidInputError names what does not fit."""
    return tables.read(record, context)


def columns(stream: BinaryIO) -> list[str]:
    """The names in the header, each once."""
    return tables.names(table_rows(stream, Context("", "")))


def mapping(stream: BinaryIO, context: Context) -> dict[str, str]:
    """Each column -> field as the file would be read without a mapping; empty: none."""
    return tables.mapping(table_rows(stream, context), context)


def table_rows(stream: BinaryIO, context: Context | None = None) -> Iterator[tables.Cut]:
    """The rows of a table, of whatever kind of file; with a context of a workbook's sheet that holds words."""
    start, whole = beginning(stream)
    if xlsx.is_workbook(start):
        return xlsx.rows(whole, context)
    if _PAGE.match(start):
        raise InvalidInputError(
            _("The file is a web page and no table."),
            place=_("line 1"),
            remedy=_("Open it in a spreadsheet and save it as CSV or XLSX."),
        )
    lines = text_lines(whole)
    first = list(islice(lines, SAMPLE))
    while first and first[0][1] is not None and not first[0][1].strip():
        first.pop(0)
    delimiter = told(first[0][1] or "") if first else ""
    if delimiter:
        first.pop(0)
    return records(chain(first, lines), delimiter or find_delimiter(first))
