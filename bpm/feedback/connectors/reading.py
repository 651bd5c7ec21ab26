"""What a poll brought, read in the bounded child: rows in the shape that is kept."""

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from bpm.feedback.channels import Context, Row
from bpm.feedback.connectors.kind import Fetched
from bpm.feedback.connectors.wishes import OPTIONS
from bpm.feedback.intake.reader import File, ReaderStoppedError, read_batches, read_first
from bpm.foundation.texts import _

MOST_STOPS = 20
"""How often the reading of one answer goes on behind a record that stopped its reader."""


@dataclass(frozen=True)
class Meaning:
    """How what comes from a connection is to be read."""

    channel: str
    source: str
    settings: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    """Addresses that we write from."""

    def context(self, own: tuple[str, ...] = ()) -> Context:
        """For the readers; `own`: accounts of the company that the other side told."""
        mapping = {f"_{name}": self.settings[name] for name in OPTIONS if self.settings.get(name)}
        names = "\n".join(filter(None, (mapping.get("_own", "").replace(",", "\n"), *self.own, *own)))
        return Context(self.channel, self.source, self.source, {**mapping, **({"_own": names} if names else {})})


def read_all(fetched: Fetched, meaning: Meaning, *, now: datetime) -> list[Row]:
    """Every row; a record that stops its reader is a row with its reason. InvalidInputError when it is no such file."""
    if not fetched.content:
        return []
    file, rows = File(fetched.format, meaning.context(fetched.own), now), list[Row]()
    for _time in range(MOST_STOPS):
        try:
            rows += _rest(fetched.content, replace(file, start=len(rows)))
        except ReaderStoppedError as stopped:
            rows += stopped.before.rows
            file = replace(file, set_aside={**file.set_aside, stopped.place_in_file: stopped.message})
        else:
            break
    else:
        rows.append(Row(len(rows) + 1, reason=_NOT_READ))
    rows = [replace(row, warnings=(*row.warnings, *_of(fetched, row))) for row in rows]
    return [_in_language(row, meaning.settings.get("language", "")) for row in rows]


_NOT_READ = _(
    "So many records stopped their reader that the rest of this answer was not read. Look at the source, then read it"
    " from the beginning."
)


def _of(fetched: Fetched, row: Row) -> tuple[str, ...]:
    told = fetched.warnings.get(row.number)
    return (told,) if told else ()


def _rest(content: bytes, file: File) -> Iterator[Row]:
    with closing(read_batches(io.BytesIO(content), file)) as batches:
        for batch in batches:
            yield from batch.rows


def read_some(fetched: Fetched, meaning: Meaning, *, now: datetime, rows: int) -> list[Row]:
    """The first rows, for a person who waits."""
    if not fetched.content:
        return []
    file = File(fetched.format, meaning.context(fetched.own), now)
    try:
        return read_first(io.BytesIO(fetched.content), file, rows=rows).rows
    except ReaderStoppedError as stopped:
        return [*stopped.before.rows, Row(stopped.place_in_file + 1, reason=stopped.message)]


def _in_language(row: Row, language: str) -> Row:
    """The row in the language that a person named."""
    if not language or row.item is None:
        return row
    return replace(row, item=replace(row.item, language=language, language_p=1.0))
