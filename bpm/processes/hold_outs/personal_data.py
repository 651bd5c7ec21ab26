"""What the tables of notices with a hold-out hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

DATA: Mapping[str, TableData] = {
    "proactive_notice": TableData(
        free("A name of ours, or of the model.", "title definition_key salt"), {"text": How.SCRUB}
    ),
    "notice_customer": TableData({}, {"stayed": How.SCRUB}, (Rows("customer", "customer_id"),)),
}
"""Table -> what it holds."""
