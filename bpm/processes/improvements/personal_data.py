"""What the tables of the improvement register hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

_OURS = "A word of the product's own, or a name or number that our people gave to a thing of ours."

DATA: Mapping[str, TableData] = {
    "improvement_sheet": TableData(free(_OURS, "origin_ref"), {"origin_label": How.SCRUB}),
    "improvement_owner": TableData(),
    "improvement_event": TableData(free(_OURS, "verb before after"), {"reason": How.SCRUB, "evidence": How.SCRUB}),
    "improvement_evidence": TableData(free(_OURS, "check_key ref"), {"words": How.SCRUB}),
    "improvement_value": TableData(free(_OURS, "unit"), {"how": How.SCRUB}),
    "improvement_view": TableData({}, {"words": How.SCRUB}),
    "ctq_node": TableData(free(_OURS, "measure"), {"words": How.SCRUB}),
    "customer_talk": TableData({}, {"why": How.WORDS, "note": How.WORDS}, (Rows("customer", "customer_id"),)),
    "improvement_telling": TableData({}, {"text": How.SCRUB}),
    "improvement_told": TableData({}, {"why": How.SCRUB}, (Rows("customer", "customer_id"), Rows("item", "item_id"))),
    "theme_told": TableData(free("Where our own words stand.", "ref")),
}
"""Table -> what it holds."""
