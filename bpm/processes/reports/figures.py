"""A report's figures in words, for mails and files: one line of cells for each group of each measure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.asking import Row, answers
from bpm.processes.measures.catalogue import MEASURES, Measure, MeasureKind
from bpm.processes.reports.spec import Spec

HEAD = ("measure", "group", "value", "low", "high", "n", "shown", "unit", "version", "not_ended", "kinds", "sources")


def rows_of(work: Work, spec: Spec) -> dict[str, list[Row]]:
    """{measure: its rows}; errors as of `measures.asking.ask`."""
    return answers(work, spec.question(spec.measures[0], work.now()), spec.measures)


def cells(found: dict[str, list[Row]]) -> Iterator[Sequence[object]]:
    """Lines of a table under `HEAD`; numbers as they are: shares from 0 to 1, times in seconds."""
    for name, rows in found.items():
        measure = MEASURES[name]
        for row in rows:
            low, high = row.interval or (None, None)
            yield (
                measure.title, row.title or _("all"), row.value, low, high, row.n, row.shown, measure.unit, row.version,
                row.running, _counts(row.kinds), _counts(row.sources),
            )  # fmt: skip


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def in_words(value: float | None, measure: Measure) -> str:
    """`42 %`, `3.1`, `2 h 5 min`; or that it is not shown."""
    if value is None:
        return _("not shown")
    if measure.kind is MeasureKind.SHARE:
        return f"{value * 100:.1f} %" if 0 < value < 0.1 else f"{value * 100:.0f} %"
    if measure.kind is MeasureKind.DURATION:
        return _length(timedelta(seconds=value))
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


def _length(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if value < timedelta(minutes=2):
        return _("%(n)s s") % {"n": round(value.total_seconds())}
    parts = [(_("%(n)s d"), days), (_("%(n)s h"), hours), (_("%(n)s min"), 0 if days else minutes % 60)]
    return " ".join(words % {"n": n} for words, n in parts if n)


def verdict(row: Row, measure: Measure) -> str:
    """`42 % (31 % to 54 %), n = 60`, or why there is no figure."""
    if not row.shown or row.interval is None:
        return _("not shown (n = %(n)s)") % {"n": row.n}
    low, high = (in_words(each, measure) for each in row.interval)
    told = {"value": in_words(row.value, measure), "low": low, "high": high, "n": row.n}
    return _("%(value)s (%(low)s to %(high)s), n = %(n)s") % told
