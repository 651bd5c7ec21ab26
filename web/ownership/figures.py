"""Figures of the catalogue of measures as people read and write them: shares in %, times in hours."""

from datetime import timedelta

from bpm.foundation.texts import _
from bpm.processes.measures.catalogue import Measure, MeasureKind
from web.ui.formats import duration, number, percent

HOUR = 3600.0


def unit_of(measure: Measure) -> str:
    """The unit in which a target is written."""
    if measure.kind is MeasureKind.SHARE:
        return "%"
    return _("hours") if measure.kind is MeasureKind.DURATION else measure.unit


def value_of(measure: Measure, written: float) -> float:
    """What was written, as measures count it: shares from 0 to 1, times in seconds."""
    if measure.kind is MeasureKind.SHARE:
        return written / 100
    return written * HOUR if measure.kind is MeasureKind.DURATION else written


def told(measure: Measure, value: float | None) -> str:
    """A figure in words; `not shown` where there is none."""
    if value is None:
        return _("not shown")
    if measure.kind is MeasureKind.SHARE:
        return percent(value)
    if measure.kind is MeasureKind.DURATION:
        return duration(timedelta(seconds=value))
    return f"{number(value, 1)} {measure.unit}"


def between(measure: Measure, interval: tuple[float, float] | None) -> str:
    """An interval in words; empty where there is none."""
    if interval is None:
        return ""
    low, high = (told(measure, each) for each in interval)
    if measure.kind not in (MeasureKind.SHARE, MeasureKind.DURATION):
        low = low.removesuffix(f" {measure.unit}")  # said once, behind both ends
    return _("%(low)s to %(high)s") % {"low": low, "high": high}
