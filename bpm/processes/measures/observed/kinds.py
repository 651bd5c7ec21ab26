"""Kinds of link, never mixed: what customers lived through counts, the rest is told apart."""

from datetime import datetime

from bpm.processes.status import AttributionMethod

ORDER = ("by_hand", "said_during", "said_after", "about_artefact", "opened_by", "said_before", "suggested")
"""An item that is linked to the same place in several ways counts there once, under the first of these."""
LIVED = ("by_hand", "said_during", "said_after", "about_artefact")
"""What customers lived through: what figures count unless somebody asks for another kind."""


def kind_of(method: str, said_at: datetime, began: datetime | None, ended: datetime | None) -> str:
    """The kind of a link, from who made it and when the item was said against the case's own time."""
    if method == AttributionMethod.HUMAN:
        return "by_hand"
    if method == AttributionMethod.SUGGESTED:
        return "suggested"
    if began is None:
        return "about_artefact"
    if said_at <= began:
        return "opened_by"
    return "said_after" if ended is not None and said_at > ended else "said_during"
