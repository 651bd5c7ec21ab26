"""From a flat record to a RawItem: what each column's value says, and what of it cannot be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.values import cells, columns
from bpm.feedback.channels.values.channels import read_channel
from bpm.feedback.channels.values.dates import AS_WRITTEN, is_filler, read_date
from bpm.feedback.channels.values.moments import DateError, Habit, TwoDatesError, WrittenDate
from bpm.feedback.channels.values.numbers import read_number
from bpm.feedback.channels.values.zones import AmbiguousZoneError, zone_of
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

FIELDS = (
    "text",
    "natural_key",
    "said_at",
    "channel",
    "source",
    "subject",
    "question",
    "author_name",
    "author_handle",
    "author_email",
    "author_phone",
    "author_id",
    "thread_key",
    "in_reply_to",
    "revised_at",
    "url",
    "rating",
)
"""What a column can become; a column mapped to nothing is kept in the raw record."""

_READ_APART = frozenset({"channel", "said_at", "revised_at", "rating"})
_PLAIN = tuple(name for name in FIELDS if name not in _READ_APART)
"""Fields that are more than a text."""

_KEYS = frozenset({"natural_key", "author_id", "author_phone", "thread_key", "in_reply_to"})
_WORDS = frozenset({"text", "subject", "question", "author_name"})
_JOINED = {"text": "\n", "question": "\n", "author_name": " "}
"""Fields that several columns tell together, and what stands between."""


@dataclass(frozen=True)
class Columns:
    """What is known of a file's columns before a row is read.

    `fields`: column -> field of an item; `questions`: column of words -> what was asked; `habits`: column -> how it
    writes its dates; `zone_column` tells the zone of a row's times, `time_column` the time of a day's date.
    """

    fields: Mapping[str, str]
    questions: Mapping[str, str] = field(default_factory=dict)
    habits: Mapping[str, Habit] = field(default_factory=dict)
    zone_column: str = ""
    time_column: str = ""
    channel: str = ""
    """On which it was said where neither a record nor a person says it."""


@dataclass(frozen=True)
class Built:
    """An item and what of its record could not be used, a sentence each."""

    item: RawItem
    warnings: tuple[str, ...] = ()


def guess(names: Iterable[str]) -> dict[str, str]:
    """A mapping guessed from column names; each field is taken at most once, by its most usual name."""
    return columns.guess(names)


def check_mapping(mapping: Mapping[str, str]) -> None:
    """InvalidInputError when a column is mapped to a field that does not exist."""
    for column, name in mapping.items():
        if name and not column.startswith("_") and name not in FIELDS:
            raise InvalidInputError(
                _("%(name)r is no field of an item.") % {"name": name},
                place=_("mapping of %(column)r") % {"column": column},
                remedy=_("Use %(fields)s.") % {"fields": ", ".join(FIELDS)},
            )


def said_habit(context: Context) -> Habit:
    """What the options say of dates; InvalidInputError when the zone is none."""
    return _habit(context.option("date_order"), context.option("zone"))


@lru_cache(maxsize=64)
def _habit(order: str, zone: str) -> Habit:
    try:
        meant = zone_of(zone) if zone else None
    except AmbiguousZoneError:
        meant = None
    if zone and meant is None:
        raise InvalidInputError(
            _("%(zone)r is no time zone.") % {"zone": zone}, place="zone", remedy=_("Use a name such as Europe/Berlin.")
        )
    return Habit(order, meant)


def build(record: Mapping[str, Any], mapping: Mapping[str, str], context: Context) -> RawItem:
    """The item that a flat record tells, by column -> field; see `read_record` for what could not be used."""
    return read_record(record, Columns(mapping), context).item


def read_record(record: Mapping[str, Any], known: Columns, context: Context) -> Built:
    """The item that a flat record tells; InvalidInputError when nothing says on which channel it was said.

    An odd cell costs the cell: it is named in the warnings and stays in the raw record.
    """
    reading = _Reading(record, known, context)
    channel = reading.channel()
    values: dict[str, Any] = dict.fromkeys(_PLAIN, "")
    values |= {name: reading.value(name) for name in _PLAIN if name in reading.columns}
    source = values.pop("source") or context.source
    if "@" in values["author_name"] and not values["author_email"]:
        values["author_name"], values["author_email"] = cells.person(values["author_name"])
    url = values["url"]
    values["natural_key"] = values["natural_key"] or cells.key_in_address(url)
    values["question"] = values["question"] or reading.questions()
    item = RawItem(
        channel=channel,
        source=source,
        said_at=reading.instant("said_at"),
        revised_at=reading.instant("revised_at"),
        rating=reading.rating(),
        raw=dict(record),
        **values,
    )
    return Built(item, tuple(reading.warnings))


class _Reading:
    """One record, field by field; gathers what could not be used."""

    def __init__(self, record: Mapping[str, Any], known: Columns, context: Context) -> None:
        self._record, self._known, self._context = record, known, context
        self.columns: dict[str, list[str]] = {}
        """Field -> the columns that tell it here."""
        for column, name in known.fields.items():
            if name and record.get(column) not in (None, ""):
                self.columns.setdefault(name, []).append(column)
        self.warnings: list[str] = []

    def value(self, name: str) -> str:
        """The text of a field; several columns are joined where they tell it together, else the first counts."""
        told = [self._text(name, column) for column in self.columns.get(name, ())]
        told = [text for text in told if text]
        return _JOINED[name].join(told) if name in _JOINED else next(iter(told), "")

    def _text(self, name: str, column: str) -> str:
        value = self._record[column]
        if name in _WORDS:
            return cells.words(value).strip()
        if name not in _KEYS:
            return str(value).strip()
        key = cells.key(value)
        if key is None:
            self._warn(column, _("%(value)r was rounded by a spreadsheet and tells nothing apart; it is left out.")
                       % {"value": str(value)[:60]})  # fmt: skip
        return "" if key is None or is_filler(key) else key

    def questions(self) -> str:
        """What was asked for the words that were given."""
        asked = [self._known.questions.get(column, "") for column in self.columns.get("text", ())]
        return "\n".join(question for question in asked if question)

    def channel(self) -> str:
        """The channel that the record tells, else the file's; InvalidInputError when neither does."""
        written = self.value("channel")
        channel = read_channel(written) if written else ""
        if channel:
            return channel
        usual = self._context.channel or self._known.channel
        if not usual:
            raise InvalidInputError(
                _("%(channel)r is no channel.") % {"channel": written} if written else _("The channel is not known."),
                place="channel",
                remedy=_("Say where it was said with --channel, or in a column."),
            )
        if written and not is_filler(written):
            self._warn(self.columns["channel"][0], _("%(value)r is no channel; %(channel)s is used.")
                       % {"value": written[:60], "channel": usual})  # fmt: skip
        return usual

    def instant(self, name: str) -> datetime | None:
        """The first instant that the field's columns tell."""
        problems: list[str] = []
        for column in self.columns.get(name, ()):
            try:
                found = self._date(name, column)
            except DateError as error:
                problems.append(self._no_date(column, error))
                continue
            if found.doubt:
                self._warn(column, _("%(doubt)s; the time is read as %(zone)s.")
                           % {"doubt": found.doubt, "zone": self._habit(column).zone or "UTC"})  # fmt: skip
            return found.instant
        self.warnings += problems
        return None

    def _date(self, name: str, column: str) -> WrittenDate:
        """The date of a column, with the time of day that a column of its own tells."""
        written, habit = self._record[column], self._habit(column)
        found = read_date(written, habit)
        clock = self._record.get(self._known.time_column) if self._known.time_column and name == "said_at" else None
        if found.timed or not clock or is_filler(clock):
            return found
        try:
            return read_date(f"{written} {clock}", habit)
        except DateError:
            self._warn(self._known.time_column, _("%(value)r is no time of day.") % {"value": str(clock)[:40]})
            return found

    def _habit(self, column: str) -> Habit:
        habit = self._known.habits.get(column) or said_habit(self._context)
        told = self._record.get(self._known.zone_column) if self._known.zone_column else None
        if not told or (habit.zone is not None and self._context.option("zone")):
            return habit
        try:
            return replace(habit, zone=zone_of(str(told)) or habit.zone)
        except AmbiguousZoneError:
            return habit

    def _no_date(self, column: str, error: DateError) -> str:
        remedy = _(" Say the order with --date-order dmy or mdy.") if isinstance(error, TwoDatesError) else ""
        return _("%(column)s: %(why)s; the date is unknown.%(remedy)s") % {
            "column": column, "why": error, "remedy": remedy,
        }  # fmt: skip

    def rating(self) -> float | None:
        """The first number that the rating's columns tell."""
        problems: list[str] = []
        for column in self.columns.get("rating", ()):
            number, problem = read_number(self._record[column])
            if number is not None:
                return number
            if problem:
                problems.append(_("%(column)s: %(why)s; it has no rating.") % {"column": column, "why": problem})
        self.warnings += problems
        return None

    def _warn(self, column: str, what: str) -> None:
        self.warnings.append(f"{column[:80]}: {what}")


def number(value: Any) -> float | None:
    """A rating: see `read_number`; InvalidInputError when it is none."""
    found, problem = read_number(value)
    if problem:
        raise InvalidInputError(f"{problem}.", place="rating", remedy=_("Leave it empty or write 4.5."))
    return found


def instant(value: Any, *, place: str = "said_at", order: str = "") -> datetime:
    """An instant in UTC: see `read_date`; InvalidInputError when there is none. Without a zone it is taken as UTC."""
    try:
        return read_date(value, replace(AS_WRITTEN, order=order)).instant
    except DateError as error:
        remedy = (
            _("Say _date_order=dmy or _date_order=mdy.")
            if isinstance(error, TwoDatesError)
            else _("Write 2026-03-02T09:00:00Z.")
        )
        raise InvalidInputError(f"{error}.", place=place, remedy=remedy) from error
