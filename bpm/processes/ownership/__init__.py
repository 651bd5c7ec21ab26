"""Owned together: joint owners and the customers' voice of a process, and who has which part at each activity."""

from bpm.processes.ownership.giving import give_part, take_back_part, wire
from bpm.processes.ownership.goals import (
    GoalDraft,
    GoalRow,
    Progress,
    Standing,
    end_goal,
    list_goals,
    save_goal,
    stands,
)
from bpm.processes.ownership.owners import FEWEST, Owner, Owners, list_owners, owned_by, owners_of, set_owners
from bpm.processes.ownership.raci import LETTERS, Activity, accountable, derive, with_said
from bpm.processes.ownership.roles import Matrix, Said, gaps_of, matrix_of, what_blocks

__all__ = [
    "FEWEST",
    "LETTERS",
    "Activity",
    "GoalDraft",
    "GoalRow",
    "Matrix",
    "Owner",
    "Owners",
    "Progress",
    "Said",
    "Standing",
    "accountable",
    "derive",
    "end_goal",
    "gaps_of",
    "give_part",
    "list_goals",
    "list_owners",
    "matrix_of",
    "owned_by",
    "owners_of",
    "save_goal",
    "set_owners",
    "stands",
    "take_back_part",
    "what_blocks",
    "wire",
    "with_said",
]
