"""What the tables of this room hold of customers: nothing by their making, words of colleagues apart."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

_MODEL = "A name or code of the model, or of this product."

DATA: Mapping[str, TableData] = {
    "process_owner": TableData(free(_MODEL, "definition_key function")),
    "activity_role": TableData(free(_MODEL, "element function letters")),
    "goal": TableData(free(_MODEL, "definition_key measure"), {"title": How.SCRUB, "reason": How.SCRUB}),
    "goal_owner": TableData(free(_MODEL, "function")),
}
"""Table -> what it holds."""
