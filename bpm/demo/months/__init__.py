"""The months before the demo's four weeks: one change that helped, one that did nothing, and a third version."""

from bpm.demo.months.telling import DAYS, LENGTH, live_through

__all__ = ["DAYS", "LENGTH", "live_through"]
