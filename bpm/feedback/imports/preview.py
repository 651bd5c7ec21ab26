"""What an import would take in, before it does."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bpm.feedback.channels import Context, Row, get_format
from bpm.feedback.intake.reader import File, ReaderStoppedError, read_columns, read_first
from bpm.foundation.bounded_child import ChildLostError
from bpm.foundation.errors import InvalidInputError

MOST_STOPS = 3
"""How often a preview goes on behind a record that stopped its reader."""


@dataclass(frozen=True)
class Preview:
    """The first rows of a file. `problem` says why the file as a whole cannot be read; `mapping` is what was used."""

    rows: tuple[Row, ...]
    errors: tuple[Row, ...]
    columns: tuple[str, ...]
    mapping: dict[str, str]
    problem: str = ""


def preview(
    content: bytes,
    format_name: str,
    mapping: Mapping[str, str],
    *,
    now: datetime,
    channel: str = "",
    source: str = "preview",
    file_name: str = "",
    limit: int = 20,
) -> Preview:
    """The first `limit` rows as they would come in, read in the child; writes nothing. `now` is the clock's."""
    form = get_format(format_name)
    file = File(format_name, Context(channel or form.channel, source, file_name, dict(mapping)), now)
    columns: dict[str, str] = {}
    try:
        columns = read_columns(io.BytesIO(content), file)
        rows = _first_rows(content, file, limit)
    except InvalidInputError as error:
        return Preview((), (), tuple(columns), dict(mapping) or _guessed(columns), str(error))
    except ChildLostError:
        return Preview((), (), (), dict(mapping), f"Its columns cannot be read in time. {_SMALLER}")
    return Preview(
        rows=tuple(row for row in rows if not row.reason),
        errors=tuple(row for row in rows if row.reason),
        columns=tuple(columns),
        mapping=dict(mapping) or _guessed(columns),
    )


def _guessed(columns: Mapping[str, str]) -> dict[str, str]:
    return {column: field for column, field in columns.items() if field}


_SMALLER = "Choose another format, or split the file."


def _first_rows(content: bytes, file: File, limit: int) -> list[Row]:
    """The first rows; a record that stops its reader is named and passed over, a few times."""
    set_aside: dict[int, str] = {}
    while True:
        try:
            return read_first(io.BytesIO(content), replace(file, set_aside=set_aside), rows=limit).rows
        except ReaderStoppedError as stopped:
            if len(set_aside) == MOST_STOPS or stopped.place_in_file in set_aside:
                return stopped.before.rows
            set_aside[stopped.place_in_file] = stopped.message
