"""Reasons: what an operator does is done for one, and it goes on record."""

from bpm.foundation.errors import InvalidInputError


def demand_reason(reason: str) -> str:
    """The reason without blanks around it; InvalidInputError when there is none."""
    if not reason.strip():
        say = "Say in a few words why."
        raise InvalidInputError("This needs a reason.", remedy=say, fields={"reason": say})
    return reason.strip()
