"""The trail as a file: CSV that no spreadsheet runs as a formula (OWASP, CSV Injection), or JSON Lines."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bpm.audit.digests import canonical
from bpm.audit.listing import AuditRow, Filters, list_rows
from bpm.foundation.work import Transactions

CHUNK = 500
COLUMNS = (
    "id", "position", "at", "who", "actor_kind", "actor_id", "verb", "object_type", "object_id", "words", "reason",
    "before", "after", "request_id", "address", "hash", "erased",
)  # fmt: skip
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""What a cell of text must not begin with."""


def export_csv(transactions: Transactions, filters: Filters) -> Iterator[str]:
    """The rows as CSV, newest first, a piece at a time, each read in a short transaction of its own."""
    yield csv_line(COLUMNS)
    for row in _rows(transactions, filters):
        yield csv_line([csv_cell(getattr(row, name)) for name in COLUMNS])


def export_lines(transactions: Transactions, filters: Filters) -> Iterator[str]:
    """The rows as JSON Lines, newest first."""
    for row in _rows(transactions, filters):
        yield json.dumps(as_json(row), ensure_ascii=False, default=str) + "\n"


def as_json(row: AuditRow) -> dict[str, Any]:
    """A row as a JSON object; instants are ISO 8601 in UTC."""
    return {**asdict(row), "at": row.at.isoformat()}


def _rows(transactions: Transactions, filters: Filters) -> Iterator[AuditRow]:
    after: int | None = None
    while True:
        with transactions.reading() as work:
            page = list_rows(work, filters, after=after, limit=CHUNK)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


def csv_cell(value: Any) -> str:
    """A value as a cell: no text in it begins as a formula does."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return str(value)
    text = canonical(value) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.lstrip(" '\"").startswith(_LIVE) else text


def csv_line(cells: Any) -> str:
    """A line of a CSV file."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()
