"""What attached files hold of customers, and how it is erased: the row stays as a trace, as of a removed file."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, Rows, TableData, free

DATA: Mapping[str, TableData] = {
    "attachment": TableData(
        free("Kinds of this product.", "about_type media_type"),
        {"name": How.WORDS, "sha256": How.BLANK},
        (Rows("case", "about_id", ("about_type", "case")), Rows("item", "about_id", ("about_type", "item"))),
    ),
    "attachment_piece": TableData({}, {"data": How.BLANK}, (Rows("attachment", "attachment_id"),), deleted=True),
}
"""Table -> what it holds."""
