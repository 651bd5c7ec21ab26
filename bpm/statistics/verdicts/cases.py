"""The cases of a verdict: a table `case_id arm started_at customer outcome [observed_until] [group] [period]`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.tables import Problems, Row, number_of, read_table
from bpm.statistics.verdicts.plan import Design, Outcome, Plan

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
NEEDED = ("case_id", "arm", "started_at", "customer", "outcome")
MIX = ("channel", "source", "product", "region", "language")
"""Further columns whose mix over the arms is looked at, where they are there."""
_YES = {"1": 1.0, "true": 1.0, "yes": 1.0, "1.0": 1.0}
_NO = {"0": 0.0, "false": 0.0, "no": 0.0, "0.0": 0.0}
_OLD = re.compile(r"old|control|before|pre|base(line)?|current|off|as_is|a|v?0+")
_NEW = re.compile(r"new|treat(ment|ed)?|test|variant|after|post|changed?|on|to_be|b")
_DAY = 86_400


@dataclass(frozen=True)
class Cases:
    """One row per case; `arm` is 0 for the old version and 1 for the new one, days count from the first start."""

    arms: tuple[str, str]
    ids: Sequence[str]
    arm: Places
    started: Floats
    outcome: Floats
    customer: Places
    until: Floats | None
    """Days since the first start at which it was last looked at; inf: for long enough."""
    group: Places | None
    groups: tuple[str, ...]
    period: Places
    periods: tuple[str, ...]
    mixes: dict[str, Places]
    """Columns whose share in each arm should be the same, by name."""
    whole_days: bool
    """Whether starts are days without a time."""
    maybe: Floats | None = None
    """What each case would have given if all that is only suggested were confirmed; None: nothing is."""

    def __len__(self) -> int:
        return len(self.outcome)

    def only(self, keep: NDArray[np.bool_]) -> "Cases":
        """Those cases alone."""
        return replace(
            self,
            ids=[each for each, kept in zip(self.ids, keep, strict=True) if kept],
            arm=self.arm[keep],
            started=self.started[keep],
            outcome=self.outcome[keep],
            customer=self.customer[keep],
            until=None if self.until is None else self.until[keep],
            group=None if self.group is None else self.group[keep],
            period=self.period[keep],
            mixes={name: codes[keep] for name, codes in self.mixes.items()},
            maybe=None if self.maybe is None else self.maybe[keep],
        )

    @property
    def n(self) -> tuple[int, int]:
        """Cases of the old and of the new version."""
        new = int(self.arm.sum())
        return len(self) - new, new


def read_cases(text: str, plan: Plan, *, file: str = "the table") -> Cases:
    """The cases of a CSV text. InvalidInputError names every line that does not fit, with its remedy."""
    needed = (*NEEDED, "group") if plan.design is Design.STAGED else NEEDED
    table = read_table(text, file=file, needed=needed)
    problems = Problems(file)
    starts = [_instant(row, "started_at", problems) for row in table.rows]
    outcomes = [_outcome(row, plan.outcome, problems) for row in table.rows]
    ends = [_until(row, start, problems) for row, start in zip(table.rows, starts, strict=True)]
    _look_at_ids(table.rows, problems)
    problems.raise_any()
    names = _arms({row["arm"] for row in table.rows}, plan, file)
    started = np.array([start or 0.0 for start in starts])
    first = float(started.min())
    customers = [row["customer"] or f"\x00{place}" for place, row in enumerate(table.rows)]
    groups, group = _codes([row["group"] for row in table.rows])
    days = (started - first) / _DAY
    periods, period = _periods(table.rows, started, with_column="period" in table.columns)
    watched = "observed_until" in table.columns
    return Cases(
        arms=names,
        ids=[row["case_id"] for row in table.rows],
        arm=np.array([int(row["arm"] == names[1]) for row in table.rows], dtype=np.intp),
        started=days,
        outcome=np.array([outcome or 0.0 for outcome in outcomes]),
        customer=_codes(customers)[1],
        until=np.array([(end - first) / _DAY for end in ends]) if watched else None,
        group=group if "group" in table.columns else None,
        groups=groups,
        period=period,
        periods=periods,
        mixes={
            name: _codes([row[name] for row in table.rows])[1]
            for name in ("group", *MIX)
            if name in table.columns and not (name == "group" and plan.design is Design.STAGED)
        },
        whole_days=all(len(row["started_at"]) == 10 for row in table.rows),
    )


def _arms(found: set[str], plan: Plan, file: str) -> tuple[str, str]:
    """The old arm and the new one, by the plan or by their names."""
    if plan.control and plan.control not in found:
        raise InvalidInputError(
            _("%(file)s has no case of the arm %(arm)s that the plan names as control.")
            % {"file": file, "arm": plan.control},
            remedy=_("Its arms are: %(arms)s.") % {"arms": ", ".join(sorted(found))},
        )
    if len(found) != 2:
        raise InvalidInputError(
            _("%(file)s has %(n)s arms (%(arms)s); a verdict compares two.")
            % {"file": file, "n": len(found), "arms": ", ".join(sorted(found)[:5])},
            remedy=_("Write the old or the new version into the column arm of each case."),
        )
    old, new = sorted(found, key=lambda name: (name != plan.control if plan.control else _age_of(name), _natural(name)))
    return old, new


def _age_of(name: str) -> int:
    words = re.split(r"[\s_\-.]+", name.strip().lower())
    if any(_OLD.fullmatch(word) for word in words):
        return 0
    return 2 if any(_NEW.fullmatch(word) for word in words) else 1


def _natural(name: str) -> list[tuple[int, int, str]]:
    """v2 before v10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


def _outcome(row: Row, kind: Outcome, problems: Problems) -> float | None:
    cell = row["outcome"]
    if kind is Outcome.SHARE:
        value = {**_YES, **_NO}.get(cell.lower())
        if value is None:
            shown = cell[:40]
            problems.add(row.line, _("outcome “%(cell)s” is no share of a case.") % {"cell": shown}, _("Write 1 or 0."))
        return value
    value = number_of(row, "outcome", problems)
    if kind is Outcome.RATE and value is not None and value < 0:
        problems.add(row.line, _("outcome %(x)g is negative.") % {"x": value}, _("Count from 0."))
        return None
    return value


def _instant(row: Row, column: str, problems: Problems) -> float | None:
    """Seconds since 1970; an instant without a zone is UTC."""
    cell = row[column]
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        problems.add(
            row.line,
            _("%(column)s “%(cell)s” is no instant.") % {"column": column, "cell": cell[:40]},
            _("Write a day or an instant of ISO 8601, such as 2026-03-02 or 2026-03-02T09:30:00Z."),
        )
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _until(row: Row, start: float | None, problems: Problems) -> float:
    """Empty: it was looked at for long enough."""
    if not row["observed_until"]:
        return float("inf")
    until = _instant(row, "observed_until", problems)
    if until is None or start is None:
        return float("inf")
    if until < start:
        problems.add(
            row.line,
            _("observed_until lies before started_at."),
            _("Write until when it was looked at whether the outcome came."),
        )
    return until


def _look_at_ids(rows: Sequence[Row], problems: Problems) -> None:
    """Each case once in its arm; a case in both arms is no fault of the file but of the split, and is told there."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not row["case_id"]:
            problems.add(row.line, _("case_id is empty."), _("Give each case its id."))
            continue
        if not row["arm"]:
            problems.add(row.line, _("arm is empty."), _("Write the version that the case ran on."))
        key = (row["case_id"], row["arm"])
        if key in seen:
            problems.add(
                row.line,
                _("the case %(id)s stands on line %(line)s already.") % {"id": row["case_id"][:40], "line": seen[key]},
                _("One row per case: put the two together."),
            )
        seen.setdefault(key, row.line)


def _codes(names: Sequence[str]) -> tuple[tuple[str, ...], Places]:
    """Distinct names in order, and the place of each."""
    distinct = sorted(set(names))
    places = {name: place for place, name in enumerate(distinct)}
    return tuple(distinct), np.array([places[name] for name in names], dtype=np.intp)


def _periods(rows: Sequence[Row], started: Floats, *, with_column: bool) -> tuple[tuple[str, ...], Places]:
    """Periods in the order in which they began; weeks from Monday where the table names none."""
    if with_column and all(row["period"] for row in rows):
        first: dict[str, float] = {}
        for row, start in zip(rows, started, strict=True):
            first[row["period"]] = min(start, first.get(row["period"], start))
        names = sorted(first, key=lambda name: (first[name], _natural(name)))
    else:
        weeks = [_week_of(start) for start in started]
        low, high = min(weeks), max(weeks)
        names = [date.fromordinal(week * 7 + 1).isoformat() for week in range(low, high + 1)]
        return tuple(names), np.array([week - low for week in weeks], dtype=np.intp)
    places: dict[Any, int] = {name: place for place, name in enumerate(names)}
    return tuple(names), np.array([places[row["period"]] for row in rows], dtype=np.intp)


def _week_of(start: float) -> int:
    return (datetime.fromtimestamp(start, UTC).toordinal() - 1) // 7
