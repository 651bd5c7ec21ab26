"""What an import would take in, before it does."""

import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from bpm.errors import InvalidInputError
from bpm.feedback.channels import Context, Row, get_format
from bpm.feedback.channels.fields import guess
from bpm.feedback.normalising import normalise
from bpm.feedback.opening import open_content

UNREADABLE = (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError)
"""What a damaged file raises while it is read."""


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
    channel: str = "",
    source: str = "preview",
    file_name: str = "",
    limit: int = 20,
) -> Preview:
    """The first `limit` rows as they would come in; writes nothing."""
    form = get_format(format_name)
    context = Context(channel or form.channel, source, file_name, dict(mapping))
    columns: list[str] = []
    try:
        columns = form.columns(open_content(io.BytesIO(content))[0])
        rows = [_fit(row) for row in islice(form.parse(open_content(io.BytesIO(content))[0], context), limit)]
    except InvalidInputError as error:
        return Preview((), (), tuple(columns), dict(mapping) or guess(columns), str(error))
    except UNREADABLE as error:
        return Preview((), (), tuple(columns), dict(mapping), f"The file is damaged: {error}. Save it again.")
    return Preview(
        rows=tuple(row for row in rows if not row.reason),
        errors=tuple(row for row in rows if row.reason),
        columns=tuple(columns),
        mapping=dict(mapping) or guess(columns),
    )


def _fit(row: Row) -> Row:
    if row.item is None:
        return row
    try:
        return Row(row.number, normalise(row.item), raw=row.raw)
    except InvalidInputError as error:
        return Row(row.number, reason=str(error), raw=row.raw)
