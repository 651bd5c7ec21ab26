"""Verdicts as pins on the drawing of a process: what a change did, at the activity that it changed."""

from collections.abc import Iterable, Mapping
from typing import Literal

from bpm.processes.verdicts import Badge
from web.ui.diagrams import Pin

_TONES: Mapping[str, Literal["bad", "warn", "info"]] = {"worse": "bad", "not shown": "warn"}


def verdict_pins(badges: Iterable[Badge]) -> tuple[Pin, ...]:
    """One pin for each; the row of the page with the id `verdict-N` answers it."""
    return tuple(
        Pin(each.element, each.verdict, _TONES.get(each.verdict, "info"), f"verdict-{each.plan_id}")
        for each in badges
        if each.element
    )
