"""What the tables of this room hold of customers: nothing."""

from collections.abc import Mapping

from bpm.foundation.personal_data import TableData, free

DATA: Mapping[str, TableData] = {
    "rate_window": TableData(free("A hash; what it was made of is not kept.", "key")),
}
"""Table -> what it holds."""
