"""`earshot export`: what is kept, handed out as a stream of JSON Lines, CSV or as an Excel workbook."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import click

from bpm.cli.product import opened
from bpm.feedback import queries
from bpm.foundation.handed_out import write_csv, write_lines, write_xlsx
from bpm.foundation.work import Transactions

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
@click.argument("what", type=click.Choice(list(_STREAMS)))
@click.option("--json", "form", flag_value="json", default="json", help="One JSON object a line (the default).")
@click.option("--csv", "form", flag_value="csv", help="A table with a header; texts never begin a formula.")
@click.option("--xlsx", "form", flag_value="xlsx", help="An Excel workbook.")
def export(what: str, form: str) -> None:
    """Hand out all items, conversations or customers on standard output, the oldest first."""
    app = opened()
    _WRITERS[form](_STREAMS[what](app.unit_of_work), sys.stdout.buffer)
    sys.stdout.buffer.flush()
