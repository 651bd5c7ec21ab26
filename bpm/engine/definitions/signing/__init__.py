"""Signing: which departments sign a process's versions, what each said of one, and when that lapses."""

from bpm.engine.definitions.signing.departments import FEWEST, departments_of, set_departments, signing_departments
from bpm.engine.definitions.signing.lapsing import take_the_place_of_others
from bpm.engine.definitions.signing.signatures import sign, want_changes, withdraw

__all__ = [
    "FEWEST",
    "departments_of",
    "set_departments",
    "sign",
    "signing_departments",
    "take_the_place_of_others",
    "want_changes",
    "withdraw",
]
