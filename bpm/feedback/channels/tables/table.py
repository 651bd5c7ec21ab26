"""Records and items of a table: the header is read with the first rows, then row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bpm.feedback.channels.fields import Columns, check_mapping, read_record, said_habit
from bpm.feedback.channels.records import is_own
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.channels.tables.guessing import guess_mapping, is_question, question_of, unread_words
from bpm.feedback.channels.tables.habits import first_without_zone, learn, zone_in_heading, zone_named
from bpm.feedback.channels.tables.header import Header, is_header, read_header, without_groups, without_preamble
from bpm.feedback.channels.tables.nobodys import why_header, why_no_respondent, why_no_words, why_nobodys
from bpm.feedback.channels.tables.usual_channel import usual_channel
from bpm.feedback.channels.values.cells import unwrapped
from bpm.feedback.channels.values.columns import TIME_OF_DAY, TIMEZONE, base_name, is_known
from bpm.feedback.channels.values.plain import plain
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_MOST_ROWS = 1_000
_MOST_LETTERS = 2_000_000
"""How far ahead a table is looked at before its first row is read."""


@dataclass(frozen=True)
class _Line:
    """One row beside what is known of its table."""

    cells: tuple[str, ...]
    names: Sequence[str]
    known: Columns
    warnings: tuple[str, ...] = ()


def cut(rows: Iterator[Cut], context: Context) -> Iterator[Record]:
    """The records of a table; InvalidInputError when it has no header, or no column of words."""
    check_mapping(context.columns)
    rows = (row for row in rows if row.problem or any(cell.strip() for cell in row.cells))
    header, first = _begin(rows, context)
    sample = _sample(header, first)
    known = _known(header, sample, context, first_day=first[0].first_day if first else 0)
    told = (*_told_of_columns(header, context), *_told_of_words(header, sample, known))
    zoneless = _zoneless(first, header, known)
    for place, row in enumerate(chain(first, rows)):
        warnings = row.warnings + (told if place == 0 else ()) + (_ZONE if place == zoneless else ())
        line = _Line(row.cells, header.names, known, warnings)
        yield Record(row.number, line, " | ".join(row.cells[:50])[:500], row.problem)


def read(record: Record, context: Context) -> Row:
    """The item that one record tells; InvalidInputError names what does not fit."""
    line: _Line = record.content
    cells = [unwrapped(cell) for cell in line.cells]
    while len(cells) > len(line.names) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(line.names):
        raise InvalidInputError(
            _("It has %(cells)s cells where the header has %(names)s.")
            % {"cells": len(cells), "names": len(line.names)},
            remedy=_("Put texts that hold the delimiter into quotes."),
        )
    cells += [""] * (len(line.names) - len(cells))
    told = dict(zip(line.names, cells, strict=True))
    built = read_record(told, line.known, context)
    ignored = "" if context.option("everything") else _why_left_out(line, told, cells, built.item)
    if (
        "_own" in context.mapping
        and not ignored
        and is_own(context, built.item.author_email, built.item.author_handle, built.item.author_id)
    ):
        ignored = _("the company's own words")
    return Row(record.number, built.item, ignored=ignored, raw=record.raw, warnings=line.warnings + built.warnings)


def _why_left_out(line: _Line, told: Mapping[str, str], cells: Sequence[str], item: RawItem) -> str:
    again = cells[0] == line.names[0] and why_header(cells, line.names)
    return again or why_no_respondent(told) or why_nobodys(item, cells) or why_no_words(item, line.cells, line.names)


def names(rows: Iterator[Cut]) -> list[str]:
    """The names in the header, each once."""
    return list(_begin(rows, Context("", ""))[0].names)


def mapping(rows: Iterator[Cut], context: Context) -> dict[str, str]:
    """Each column -> field as the table would be read, by names and by the values of the first rows; empty: none."""
    header, first = _begin(rows, context)
    guessed = guess_mapping(header, _sample(header, first))
    return {name: guessed.get(name, "") for name in header.names}


def is_named(rows: Iterator[Cut], context: Context) -> bool:
    """Whether a table has a header with a name that says what its column holds."""
    try:
        return any(map(is_known, _begin(rows, context)[0].names))
    except InvalidInputError:
        return False


def holds(rows: Iterator[Cut], context: Context, field: str) -> bool:
    """Whether a table has a header in which a column tells the field."""
    try:
        header, first = _begin(rows, context)
    except InvalidInputError:
        return False
    fields = _mapped(header, context.columns) if context.columns else guess_mapping(header, _sample(header, first))
    return field in fields.values()


_ZONE = (_("The times tell no zone and are read as UTC; say the zone with --zone, such as Europe/Berlin."),)


def _begin(rows: Iterator[Cut], context: Context) -> tuple[Header, list[Cut]]:
    """The header, and the first rows below it; `rows` goes on behind them."""
    first = without_groups(without_preamble(_some(rows)))
    if not first:
        raise InvalidInputError(
            _("The file is empty."), place=_("line 1"), remedy=_("Choose a file with a header and rows.")
        )
    head = first.pop(0)
    if head.problem:
        raise InvalidInputError(
            _("The header cannot be read: %(why)s") % {"why": head.problem}, place=_("line 1"),
            remedy=_("Choose a file with a header and rows."),
        )  # fmt: skip
    if not is_header(head.cells, context.columns):
        raise InvalidInputError(
            _("The file has no header: its first line holds values (%(cells)s).")
            % {"cells": ", ".join(head.cells)[:100]},
            place=_("line 1"),
            remedy=_("Put a line with the columns' names on top, such as id,text,date."),
        )
    header, count = read_header(head, first)
    return header, first[count:]


def _some(rows: Iterator[Cut]) -> list[Cut]:
    found: list[Cut] = []
    letters = 0
    for row in rows:
        found.append(row)
        letters += sum(map(len, row.cells))
        if len(found) >= _MOST_ROWS or letters >= _MOST_LETTERS:
            break
    return found


def _sample(header: Header, rows: Sequence[Cut]) -> dict[str, list[str]]:
    """Column -> the cells of the first rows that are not empty."""
    sample: dict[str, list[str]] = {name: [] for name in header.names}
    for row in rows:
        for name, cell in zip(header.names, row.cells, strict=False):
            if cell.strip():
                sample[name].append(unwrapped(cell.strip()[:1000]))
    return sample


def _known(header: Header, sample: Mapping[str, Sequence[str]], context: Context, *, first_day: int) -> Columns:
    fields = _mapped(header, context.columns) if context.columns else guess_mapping(header, sample)
    if "text" not in fields.values() and "rating" not in fields.values():
        raise InvalidInputError(
            _("No column holds the customer's words; there are %(names)s.") % {"names": ", ".join(header.names)[:300]},
            place=_("header"),
            remedy=_("Map one of them to text."),
        )
    said = said_habit(context)
    others = [cell for cells in sample.values() for cell in cells[:200]]
    return Columns(
        fields,
        {name: question_of(name, header) for name, field in fields.items() if _asks(name, field, header)},
        {
            name: learn(
                sample[name],
                said,
                others=others,
                first_day=first_day,
                zone=zone_in_heading(name) or zone_named(header.zones.get(name, "")),
            )
            for name, field in fields.items()
            if field in ("said_at", "revised_at")
        },
        next((name for name in header.names if plain(name) in TIMEZONE and name not in fields), ""),
        next((name for name in header.names if base_name(name) in TIME_OF_DAY and name not in fields), ""),
        usual_channel(header.names),
    )


def _asks(name: str, field: str, header: Header) -> bool:
    return field == "text" and is_question(name, header)


def _mapped(header: Header, wanted: Mapping[str, str]) -> dict[str, str]:
    """The mapping with the names as they are: columns of one name follow it together, spelling aside."""
    by_plain = {plain(column): field for column, field in wanted.items()}
    found: dict[str, str] = {}
    for name, written in zip(header.names, header.written, strict=True):
        label = header.labels.get(name, "")
        for called in (name, written, label):
            field = wanted.get(called) or by_plain.get(plain(called) or called)
            if called and field:
                found[name] = field
                break
    return found


def _told_of_columns(header: Header, context: Context) -> tuple[str, ...]:
    """A mapping that speaks of columns which are not there is told once."""
    there = {plain(name) for name in (*header.names, *header.written, *header.labels.values())}
    gone = [column for column, field in context.columns.items() if field and plain(column) not in there]
    if not gone:
        return ()
    return (_("The mapping names columns that are not there: %(names)s.") % {"names": ", ".join(gone)[:200]},)


def _told_of_words(header: Header, sample: Mapping[str, Sequence[str]], known: Columns) -> Iterator[str]:
    """What may be words of customers and is not read: columns of texts, and a first line that may be no header."""
    if unread := unread_words(header, sample, known.fields):
        yield _("These columns hold texts and are not read: %(names)s. Map them to text if customers wrote them.") % {
            "names": ", ".join(unread)[:200]
        }
    if not any(is_known(name) or name.rstrip().endswith("?") for name in header.names) and not header.labels:
        yield _("No name of a column is known; the first line is taken for their names: %(names)s.") % {
            "names": ", ".join(header.names)[:200]
        }


def _zoneless(rows: Sequence[Cut], header: Header, known: Columns) -> int | None:
    """The first of the rows whose time tells no zone while nothing else does."""
    if known.zone_column:
        return None
    places = [header.names.index(name) for name, field in known.fields.items() if field == "said_at"]
    found: list[int] = []
    for place in places:
        cells: list[Any] = [row.cells[place] if place < len(row.cells) else "" for row in rows]
        first = first_without_zone(cells, known.habits[header.names[place]])
        found += [] if first is None else [first]
    return min(found, default=None)
