"""Reading tables that a test writes itself."""

import io

from bpm.feedback.channels import FORMATS, Context, Row


def rows_of(content: str | bytes, *, channel: str = "survey", form: str = "csv", **mapping: str) -> list[Row]:
    """The rows of a table's content; keywords with `_` in front are options, others columns."""
    data = content.encode() if isinstance(content, str) else content
    stream = io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type]  # all it reads is bytes
    return list(FORMATS[form].parse(stream, Context(channel, "s", "f", mapping)))


def texts_of(content: str | bytes, **mapping: str) -> list[str]:
    """The words of each row, or why there is no item."""
    return [row.item.text if row.item else row.reason or row.ignored for row in rows_of(content, **mapping)]
