"""What the tables of notices hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

_OURS = "Of people who sign in here, not of customers."

DATA: Mapping[str, TableData] = {
    "person_notice": TableData(
        free("A kind of this product.", "kind about_type"),
        {"key": How.SCRUB, "subject": How.SCRUB, "link": How.SCRUB},
    ),
    "notice_preference": TableData(free(_OURS, "kind")),
    "notice_profile": TableData(free(_OURS, "address zone")),
    "notice_cue": TableData(free("A kind of this product.", "kind")),
}
"""Table -> what it holds."""
