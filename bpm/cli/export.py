"""`earshot export`: what is kept, as a stream of JSON Lines, CSV or an Excel workbook; what cases lived, as a log."""

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import click

from bpm.cli.product import opened
from bpm.feedback import queries
from bpm.feedback.privacy.raw_records import note_export, read_records
from bpm.foundation.tables import write_csv, write_lines, write_xlsx
from bpm.foundation.work import Transactions
from bpm.processes import event_log, outside

BATCH = 500
"""Rows whose raw records are read together."""

_WRITERS: dict[str, Callable[[Iterator[dict[str, Any]], BinaryIO], None]] = {
    "json": write_lines,
    "csv": write_csv,
    "xlsx": write_xlsx,
}
_STREAMS: dict[str, Callable[[Transactions], Iterator[dict[str, Any]]]] = {
    "items": queries.stream_items,
    "conversations": queries.stream_conversations,
    "customers": queries.stream_customers,
}


@click.command()
@click.argument("what", type=click.Choice([*_STREAMS, "log"]))
@click.option("--json", "form", flag_value="json", default="json", help="One JSON object a line (the default).")
@click.option("--csv", "form", flag_value="csv", help="A table with a header; texts never begin a formula.")
@click.option("--xlsx", "form", flag_value="xlsx", help="An Excel workbook.")
@click.option("--process", "key", default="", help="log: key of the process whose cases are handed out.")
@click.option(
    "--format", "log_format", type=click.Choice(list(event_log.FORMATS)), default="csv", help="log: its format."
)
@click.option("--raw", is_flag=True, help="With each item's record as it was received, nothing masked; on record.")
@click.option("--reason", default="", help="Why the raw records are handed out; needed with --raw.")
def export(what: str, form: str, key: str, log_format: str, raw: bool, reason: str) -> None:
    """Hand out all items, conversations or customers on standard output, the oldest first; private data is masked.

    `log`: the visits of a process's cases and what was said about them, as CSV, XES or OCEL 2.0 (JSON).
    """
    if what == "log":
        _export_log(key, log_format)
        return
    if raw and (what, form) != ("items", "json"):
        raise click.UsageError("Records as they were received come with items as JSON Lines: export items --raw.")
    app = opened()
    rows = _STREAMS[what](app.unit_of_work)
    if raw:
        with app.unit_of_work() as work:
            note_export(work, reason=reason)
        rows = _with_records(app.unit_of_work, rows)
    _WRITERS[form](rows, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _export_log(key: str, log_format: str) -> None:
    if not key:
        raise click.UsageError("Say which process: export log --process KEY.")
    app = opened()
    with app.unit_of_work.reading() as work:
        outside.demand_here(work, key)
    event_log.read_cases(app.unit_of_work, key)
    for chunk in event_log.FORMATS[log_format].written(lambda: event_log.read_cases(app.unit_of_work, key)):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def _with_records(transactions: Transactions, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each item with its record as received, read for some of them at a time."""
    while batch := list(islice(rows, BATCH)):
        with transactions.reading() as work:
            records = read_records(work, [row["id"] for row in batch])
        yield from (row | {"raw": records.get(row["id"], {})} for row in batch)
