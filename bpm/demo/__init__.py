"""The demo story: people, processes, months and weeks of customer voice, so that every screen has something to show."""

from bpm.demo.loading import State, begin, go_on, load, state, wipe
from bpm.demo.people import PASSWORD, PEOPLE
from bpm.demo.removal import Part, demand_other, is_there, remove, what_goes

__all__ = [
    "PASSWORD",
    "PEOPLE",
    "Part",
    "State",
    "begin",
    "demand_other",
    "go_on",
    "is_there",
    "load",
    "remove",
    "state",
    "what_goes",
    "wipe",
]
