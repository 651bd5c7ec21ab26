"""A series out of a table `period value [n] [phase]`; what does not fit is named by line and remedy."""

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.charts.series import BETWEEN_EVENTS, COUNTS, Kind, Series
from bpm.statistics.periods import missing_between, odd_ones, periods_of, what_is_missing
from bpm.statistics.tables import Problems, Row, number_of, read_table


def read_series(text: str, kind: Kind, *, file: str = "the table") -> Series:
    """The series of a CSV text for a chart of this kind. InvalidInputError names every line that does not fit."""
    table = read_table(text, file=file, needed=("period", "value"))
    if kind is Kind.P and "n" not in table.columns:
        raise InvalidInputError(
            _("%(file)s, line 1: there is no column n; a p chart shows value of n.") % {"file": file},
            remedy=_("Add a column n: how many there were in the period."),
        )
    problems = Problems(file)
    with_n = "n" in table.columns
    values = [_value(row, kind, problems) for row in table.rows]
    sizes = [_size(row, kind, problems) for row in table.rows] if with_n else None
    if kind is Kind.P and sizes is not None:
        for row, value, size in zip(table.rows, values, sizes, strict=True):
            if value is not None and size is not None and value > size:
                problems.add(
                    row.line,
                    _("value %(value)g is more than n %(n)g.") % {"value": value, "n": size},
                    _("value counts those of the n that it holds for."),
                )
    _look_at_periods(table.rows, kind, problems)
    problems.raise_any()
    return Series(
        names=tuple(row["period"] for row in table.rows),
        values=tuple(value for value in values if value is not None),
        sizes=None if sizes is None else tuple(size for size in sizes if size is not None),
        phases=tuple(row["phase"] for row in table.rows) if "phase" in table.columns else None,
    )


def _value(row: Row, kind: Kind, problems: Problems) -> float | None:
    value = number_of(row, "value", problems)
    if value is None:
        return None
    if kind in COUNTS or kind in BETWEEN_EVENTS:
        if value < 0:
            problems.add(row.line, _("value %(value)g is negative.") % {"value": value}, _("Counts start at 0."))
            return None
        if kind in (*COUNTS, Kind.G) and value != int(value):
            remedy = _("Write the count itself, such as 12, with how many there were in n.")
            problems.add(row.line, _("value %(value)g is no whole number.") % {"value": value}, remedy)
            return None
    return value


def _size(row: Row, kind: Kind, problems: Problems) -> float | None:
    if not row["n"] and kind not in COUNTS:
        return 0.0
    size = number_of(row, "n", problems)
    if size is None:
        return None
    if size < 0:
        problems.add(row.line, _("n %(n)g is negative.") % {"n": size}, _("n says how many there were."))
        return None
    if size == 0 and kind in COUNTS:
        problems.add(
            row.line,
            _("n is 0: of nothing there is no share and no rate."),
            _("Put the period together with the next one, or take longer periods."),
        )
        return None
    if kind is Kind.P and size != int(size):
        problems.add(row.line, _("n %(n)g is no whole number.") % {"n": size}, _("n counts cases."))
        return None
    return size


def _look_at_periods(rows: tuple[Row, ...], kind: Kind, problems: Problems) -> None:
    """Empty, repeated, out of order, or missing; between rare events nothing is missing."""
    seen: dict[str, int] = {}
    before = len(problems.found)
    for row in rows:
        name = row["period"]
        if not name:
            problems.add(row.line, _("period is empty."), _("Write the day, week, month or number of the period."))
        elif name in seen and kind not in BETWEEN_EVENTS:
            problems.add(
                row.line,
                _("the period %(name)s stands on line %(line)s already.") % {"name": name, "line": seen[name]},
                _("One row per period: add the two up, or leave one out."),
            )
        seen.setdefault(name, row.line)
    if len(problems.found) > before or kind in BETWEEN_EVENTS:
        return
    names = [row["period"] for row in rows]
    for place in odd_ones(names):
        message = _("the period “%(name)s” cannot be read as the others are.") % {"name": names[place][:40]}
        problems.add(rows[place].line, message, _("Write it as the others: 2026-03-02, 2026-W10, 2026-03 or 10."))
    if odd_ones(names):
        return
    periods = periods_of(names)
    for index, row in enumerate(rows):
        gone = missing_between(periods, index)
        if gone < 0:
            remedy = _("Sort the rows by period, the oldest first.")
            message = _("the period %(name)s comes after a later one.") % {"name": row["period"]}
            problems.add(row.line, message, remedy)
        elif gone > 0:
            problems.add(
                row.line,
                _("%(n)s missing before %(name)s (the first: %(what)s).")
                % {"n": _n_periods(gone), "name": row["period"], "what": what_is_missing(periods, index)},
                _("Add them, with 0 where nothing came; number the rows 1, 2, 3 if they are left out on purpose."),
            )


def _n_periods(number: int) -> str:
    return _("1 period is") if number == 1 else _("%(n)s periods are") % {"n": number}
