"""The trail as a file: CSV that no spreadsheet runs as a formula (OWASP, CSV Injection), or JSON Lines."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bpm.audit.digests import canonical
from bpm.audit.listing import AuditRow, Filters, list_rows
from bpm.foundation.tables import csv_line
from bpm.foundation.work import Transactions

CHUNK = 500
COLUMNS = (
    "id", "position", "at", "who", "actor_kind", "actor_id", "verb", "object_type", "object_id", "words", "reason",
    "before", "after", "request_id", "address", "hash", "erased",
)  # fmt: skip


def export_csv(transactions: Transactions, filters: Filters) -> Iterator[str]:
    """The rows as CSV, newest first, a piece at a time, each read in a short transaction of its own."""
    yield csv_line(COLUMNS)
    for row in _rows(transactions, filters):
        yield csv_line([_cell(getattr(row, name)) for name in COLUMNS])


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


def _cell(value: Any) -> Any:
    """What was before and after is one cell of JSON."""
    return canonical(value) if isinstance(value, dict | list) else value
