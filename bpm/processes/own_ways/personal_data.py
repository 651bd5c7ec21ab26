"""What the tables of customers' own processes hold of them, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

_MODEL = "A name or code of the model, or of this product."

DATA: Mapping[str, TableData] = {
    "mandatory_step": TableData(free(_MODEL, "definition_key element"), {"why": How.SCRUB}),
    "own_way": TableData(
        free(_MODEL, "definition_key"),
        {"steps": How.STRIP, "reason": How.WORDS},
        (Rows("customer", "customer_id"),),
    ),
    "own_way_step": TableData(free(_MODEL, "element"), {"text": How.WORDS}, (Rows("case", "instance_id"),)),
}
"""Table -> what it holds."""
