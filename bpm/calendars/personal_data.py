"""What the tables of this room hold of customers: nothing."""

from collections.abc import Mapping

from bpm.foundation.personal_data import TableData, free

DATA: Mapping[str, TableData] = {
    "business_calendar": TableData(free("Hours and groups of our own.", "name definition")),
    "calendar_of_group": TableData(free("Hours and groups of our own.", "group_key")),
}
"""Table -> what it holds."""
