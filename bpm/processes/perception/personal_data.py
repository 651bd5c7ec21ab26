"""What the tables of perception studies hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import TableData, free

_OURS = "Written by our own people for all who are asked."

DATA: Mapping[str, TableData] = {
    "perception_study": TableData(free(_OURS, "title question items salt")),
    "perception_ranking": TableData(
        free(_OURS, "round") | free("A salted hash and an order of items: nobody is told by it.", "person_hash places")
    ),
}
"""Table -> what it holds."""
