"""`earshot export`: what is kept, handed out as a stream of JSON Lines."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click
import orjson

from bpm.cli.product import opened
from bpm.feedback import queries
from bpm.feedback.privacy.raw_records import note_export, read_records

BATCH = 500
"""Rows whose raw records are read together."""


@click.group()
def export() -> None:
    """Hand out what is kept, one row after the other however many there are."""


@export.command("items")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (JSON Lines); the only way so far.")
@click.option("--raw", is_flag=True, help="With each item's record as it was received, nothing masked; on record.")
@click.option("--reason", default="", help="Why the raw records are handed out; needed with --raw.")
def items(as_json: bool, raw: bool, reason: str) -> None:
    """What customers said: every current item, the oldest received first. Private data is masked."""
    _ = as_json
    app = opened()
    out = sys.stdout.buffer
    if raw:
        with app.unit_of_work() as work:
            note_export(work, reason=reason)
    for rows in _batched(queries.stream_items(app.unit_of_work)):
        with app.unit_of_work.reading() as work:
            records = read_records(work, [row["id"] for row in rows]) if raw else {}
        for row in rows:
            told = row | ({"raw": records.get(row["id"], {})} if raw else {})
            out.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
    out.flush()


def _batched(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Some rows at a time, so that their records are read together."""
    while batch := list(islice(rows, BATCH)):
        yield batch
