"""The demo story: people, processes and four weeks of real customer voice, so that every screen has something true."""

from bpm.demo.loading import State, is_demo, load, state, wipe
from bpm.demo.people import PASSWORD, PEOPLE

__all__ = ["PASSWORD", "PEOPLE", "State", "is_demo", "load", "state", "wipe"]
