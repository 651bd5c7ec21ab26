"""Logs as XES (IEEE 1849-2016): the events of a trace put together to visits by their life cycle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from lxml import etree

from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError, Habit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.outside.rows import LogRow, fitted

BEGINS = frozenset({"start"})
ENDS = frozenset({"complete", "ate_abort", "pi_abort", "withdraw", "autoskip", "manualskip", "skip"})
PASSING = frozenset({"schedule", "assign", "reassign", "suspend", "resume", "enqueue", "enable"})
"""Transitions between which a visit waits or goes on: they neither begin nor end its work."""


def xes_rows(stream: BinaryIO, habit: Habit) -> Iterator[LogRow]:
    """The visits of each trace in turn; InvalidInputError when the file is no XES."""
    number = 0
    try:
        for _event, trace in etree.iterparse(
            stream, events=("end",), tag=("{*}trace", "trace"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            number += 1
            yield from _trace(trace, number, habit)
            trace.clear()
            while trace.getprevious() is not None:
                del trace.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InvalidInputError(
            _("The file is no XES: %(why)s.") % {"why": str(error.msg)[:200]},
            place=_("line %(number)s") % {"number": error.lineno},
            remedy=_("Export the log again as XES, or as CSV."),
        ) from error
    if not number:
        raise InvalidInputError(_("The file holds no trace."), remedy=_("Export the log again as XES, or as CSV."))


@dataclass
class _Open:
    """Visits of one activity that have begun and not ended, the oldest first."""

    rows: list[LogRow] = field(default_factory=list)


def _trace(trace: Any, number: int, habit: Habit) -> Iterator[LogRow]:
    about = _attributes(trace)
    case = " ".join(about.get("concept:name", "").split())
    shared = {"version": about.get("earshot:version") or about.get("version", ""),
              "customer": about.get("earshot:customer") or about.get("customer", "")}  # fmt: skip
    here: dict[tuple[str, str], _Open] = {}
    for at, event in enumerate(trace.iterchildren("{*}event", "event"), start=1):
        place = _("trace %(number)s, event %(at)s") % {"number": number, "at": at}
        told = _attributes(event)
        row = _told(place, case, told, shared)
        yield from [row] if not row.is_visit else _moved(row, told, here, habit)
    for each in here.values():
        yield from each.rows


def _told(place: str, case: str, told: Mapping[str, str], shared: Mapping[str, str]) -> LogRow:
    activity = " ".join(told.get("concept:name", "").split())
    row = LogRow(
        place, case=case, activity=activity, version=told.get("earshot:version") or shared["version"],
        group=told.get("org:group") or told.get("org:role") or "", customer=shared["customer"],
    )  # fmt: skip
    if "earshot:item" in told:
        return LogRow(place, ignored=_("It tells what a customer said, not what a case passed."))
    if not case:
        return LogRow(place, reason=_("Its trace has no name (concept:name), so nobody knows which case it is."))
    if not activity:
        return LogRow(place, reason=_("It has no activity (concept:name)."))
    return fitted(row)


def _moved(row: LogRow, told: Mapping[str, str], here: dict[tuple[str, str], _Open], habit: Habit) -> Iterator[LogRow]:
    """What becomes known with this event: a visit that ended, or nothing yet."""
    transition = told.get("lifecycle:transition", "complete").casefold()
    if transition in PASSING:
        yield LogRow(row.place, ignored=_("The transition “%(name)s” neither begins nor ends work.") % {
            "name": transition})  # fmt: skip
        return
    if transition not in BEGINS | ENDS:
        yield LogRow(row.place, reason=_("%(name)r is no transition of the standard.") % {"name": transition})
        return
    at = _instant(told.get("time:timestamp", ""), habit)
    if isinstance(at, str):
        yield LogRow(row.place, reason=at)
        return
    begun = here.setdefault((row.activity, told.get("concept:instance", "")), _Open())
    if transition in BEGINS:
        begun.rows.append(_with(row, started=at))
    elif begun.rows and (begun.rows[0].started_at or at) <= at:
        first = begun.rows.pop(0)
        yield _with(first, started=first.started_at, completed=at)
    else:
        yield _with(row, completed=at)


def _with(row: LogRow, *, started: datetime | None = None, completed: datetime | None = None) -> LogRow:
    return LogRow(
        row.place, case=row.case, activity=row.activity, started_at=started, completed_at=completed,
        version=row.version, group=row.group, customer=row.customer, warnings=row.warnings,
    )  # fmt: skip


def _instant(written: str, habit: Habit) -> datetime | str:
    if not written:
        return _("It has no time (time:timestamp).")
    try:
        return read_date(written, habit).instant
    except DateError as error:
        return f"{error}."


def _attributes(element: Any) -> dict[str, str]:
    children = element.iterchildren()
    return {str(each.get("key")): str(each.get("value", "")) for each in children if each.get("key") is not None}
