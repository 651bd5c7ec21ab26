"""Logs as tables: one row a visit, in the columns that other tools and `earshot export log` write."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import BinaryIO

from bpm.feedback.channels.csv.reader import table_rows
from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.channels.tables.habits import learn, zone_in_heading
from bpm.feedback.channels.values.dates import is_filler, read_date
from bpm.feedback.channels.values.moments import DateError, Habit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.outside.rows import LogRow, fitted

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("caseid", "case", "caseconceptname", "traceid", "caseidentifier", "processinstanceid", "instanceid"),
    "activity": ("activity", "activityname", "conceptname", "event", "eventname", "task", "step", "operation"),
    "started": ("startedat", "start", "starttime", "starttimestamp", "startdate", "began"),
    "completed": (
        "completedat", "complete", "completetime", "completetimestamp", "end", "endtime", "endtimestamp", "enddate",
        "ended", "finishedat", "timetimestamp", "timestamp", "time", "eventtime", "date", "datetime",
    ),
    "version": ("version", "processversion"),
    "group": ("group", "orggroup", "role", "orgrole", "lane", "department", "team"),
    "customer": ("customer", "customerid", "client", "clientid", "accountid"),
}  # fmt: skip
"""What a column holds -> its names in small letters without marks; the first one found is taken."""
LEARNED_FROM = 2_000
"""Rows that tell the order of days and months."""


def csv_rows(stream: BinaryIO, said: Habit) -> Iterator[LogRow]:
    """The rows of the table; InvalidInputError when it has no column for the case, the activity or any time."""
    rows = table_rows(stream)
    header = next(rows, None)
    if header is None:
        raise InvalidInputError(_("The file is empty."), remedy=_("Export the log again."))
    known = _known(header)
    if unused := [name for at, name in enumerate(header.cells) if name.strip() and at not in known.values()]:
        told = {"names": ", ".join(unused)[:400]}
        yield LogRow(_place(header), note=_("Columns that a log has no place for were left out: %(names)s.") % told)
    first = list(islice(rows, LEARNED_FROM))
    habits = _habits(header, first, known, said)
    yield from (_row(cut, known, habits) for cut in chain(first, rows))


def _known(header: Cut) -> dict[str, int]:
    names = [re.sub(r"[^a-z0-9]", "", cell.casefold()) for cell in header.cells]
    found = {
        what: names.index(next(name for name in called if name in names))
        for what, called in COLUMNS.items()
        if any(name in names for name in called)
    }
    missing = [each for each in ("case", "activity") if each not in found]
    if not {"started", "completed"} & set(found):
        missing.append("started or completed")
    if missing:
        raise InvalidInputError(
            _("The table has no column for: %(missing)s.") % {"missing": ", ".join(missing)},
            place=_place(header),
            remedy=_("Name its columns case_id, activity, started_at, completed_at, version, group, customer."),
        )
    return found


def _habits(header: Cut, rows: Sequence[Cut], known: Mapping[str, int], said: Habit) -> dict[str, Habit]:
    """How each of the two columns of times writes them, learned from the first rows; what was said wins."""
    cells = {
        what: [cut.cells[known[what]] for cut in rows if known[what] < len(cut.cells)]
        for what in ("started", "completed")
        if what in known
    }
    return {
        what: learn(
            found, said, zone=zone_in_heading(header.cells[known[what]]),
            others=[each for other, values in cells.items() if other != what for each in values],
        )
        for what, found in cells.items()
    }  # fmt: skip


def _place(cut: Cut) -> str:
    return _("line %(number)s") % {"number": cut.number}


def _row(cut: Cut, known: Mapping[str, int], habits: Mapping[str, Habit]) -> LogRow:
    place = _place(cut)
    if cut.problem:
        return LogRow(place, reason=cut.problem)

    def cell(what: str) -> str:
        at = known.get(what, -1)
        return " ".join(cut.cells[at].split()) if 0 <= at < len(cut.cells) else ""

    row = LogRow(
        place, case=cell("case"), activity=cell("activity"), version=cell("version"),
        group=cell("group"), customer=cell("customer"), warnings=cut.warnings,
    )  # fmt: skip
    row = fitted(row)
    return row if row.reason else _dated(row, {what: (cell(what), habit) for what, habit in habits.items()})


def _dated(row: LogRow, written: Mapping[str, tuple[str, Habit]]) -> LogRow:
    """The row with its instants, or with the reason why it has none; an odd one costs itself alone."""
    instants: dict[str, datetime | None] = {}
    warnings = list(row.warnings)
    for what, (value, habit) in written.items():
        try:
            instants[what] = None if is_filler(value) else read_date(value, habit).instant
        except DateError as error:
            warnings.append(f"{error}.")
    begun, ended = instants.get("started"), instants.get("completed")
    if begun is None and ended is None:
        why = " ".join(warnings) or _("Its times are empty.")
        remedy = _("Say the order of days and months, or mend the row.")
        return replace(row, reason=f"{_('Nobody can tell when it was.')} {why} {remedy}", warnings=())
    if begun and ended and ended < begun:
        told = {"ended": ended.isoformat(), "begun": begun.isoformat()}
        return replace(row, reason=_("It ends before it begins: %(ended)s is before %(begun)s.") % told)
    return replace(row, started_at=begun, completed_at=ended, warnings=tuple(warnings))
