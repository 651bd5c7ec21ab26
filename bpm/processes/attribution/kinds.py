"""The kinds of a link, never mixed: what opened a case is not what a customer lived through in it."""

from datetime import datetime

from bpm.processes.status import AttributionMethod, LinkKind

LIVED = (LinkKind.SAID_DURING, LinkKind.SAID_AFTER, LinkKind.ABOUT_ARTEFACT, LinkKind.BY_HAND)
"""What customers lived through: the kinds that figures count unless they say otherwise.

What opened a case and what was said before it are counted apart; a suggestion never counts until it is confirmed.
"""


SURE = (AttributionMethod.RECORDED, AttributionMethod.HUMAN)
"""Methods of links that figures count; suggested ones wait for a person."""


def kind_by_time(said_at: datetime, started_at: datetime, ended_at: datetime | None) -> LinkKind:
    """Of a link that the run recorded: said before the case began, while it ran, or after it had ended."""
    if said_at <= started_at:
        return LinkKind.SAID_BEFORE
    return LinkKind.SAID_DURING if ended_at is None or said_at < ended_at else LinkKind.SAID_AFTER
