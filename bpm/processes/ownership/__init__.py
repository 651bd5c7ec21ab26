"""Owned together: joint owners and the customers' voice of a process, and who has which part at each activity."""

from bpm.processes.ownership.giving import give_part, take_back_part, wire
from bpm.processes.ownership.owners import FEWEST, Owner, Owners, list_owners, owned_by, owners_of, set_owners
from bpm.processes.ownership.raci import LETTERS, Activity, accountable, derive, with_said
from bpm.processes.ownership.roles import Matrix, Said, gaps_of, matrix_of, what_blocks

__all__ = [
    "FEWEST",
    "LETTERS",
    "Activity",
    "Matrix",
    "Owner",
    "Owners",
    "Said",
    "accountable",
    "derive",
    "gaps_of",
    "give_part",
    "list_owners",
    "matrix_of",
    "owned_by",
    "owners_of",
    "set_owners",
    "take_back_part",
    "what_blocks",
    "wire",
    "with_said",
]
