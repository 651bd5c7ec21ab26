"""`earshot export`: what is kept, handed out as a stream of JSON Lines."""

import sys

import click
import orjson

from bpm.cli.product import opened
from bpm.feedback import queries


@click.group()
def export() -> None:
    """Hand out what is kept, one row after the other however many there are."""


@export.command("items")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line (JSON Lines); the only way so far.")
def items(as_json: bool) -> None:
    """What customers said: every current item, the oldest received first."""
    _ = as_json
    app = opened()
    out = sys.stdout.buffer
    for row in queries.stream_items(app.unit_of_work):
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
    out.flush()
