"""The demo story: people, processes and four weeks of customer voice, so that every screen has something to show."""

from bpm.demo.loading import State, begin, go_on, load, state, wipe
from bpm.demo.people import PASSWORD, PEOPLE

__all__ = ["PASSWORD", "PEOPLE", "State", "begin", "go_on", "load", "state", "wipe"]
