"""With whom an item lands, whose it becomes, and who may have it: by channel, complexity, training, load, presence."""

from bpm.processes.routing.assignments import (
    Owner,
    UntrainedError,
    assign,
    demand_training,
    give_up,
    is_away,
    owners,
    people_in,
    set_presence,
    sweep_assignments,
    wire,
)
from bpm.processes.routing.many import AssignedTogether, assign_many, undo_assignments
from bpm.processes.routing.reasons import Reason, list_reasons
from bpm.processes.routing.shadowing import Learner, list_learners, shadow
from bpm.processes.routing.store import get_table, lands_in, places_of, save_table
from bpm.processes.routing.table import ADVOCATES, Facts, Landing, Row, Table, land, table_from

__all__ = [
    "ADVOCATES",
    "AssignedTogether",
    "Facts",
    "Landing",
    "Learner",
    "Owner",
    "Reason",
    "Row",
    "Table",
    "UntrainedError",
    "assign",
    "assign_many",
    "demand_training",
    "get_table",
    "give_up",
    "is_away",
    "land",
    "lands_in",
    "list_learners",
    "list_reasons",
    "owners",
    "people_in",
    "places_of",
    "save_table",
    "set_presence",
    "shadow",
    "sweep_assignments",
    "table_from",
    "undo_assignments",
    "wire",
]
