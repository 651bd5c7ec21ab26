"""What an update might say, for a person to change and to send: machines draft, people speak. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bpm.feedback.status import IncidentStatus, UpdateKind
from bpm.foundation.texts import _

NEXT_AFTER = timedelta(hours=1)
"""When the next word is promised unless a person says otherwise."""
_STEP = timedelta(minutes=15)


@dataclass(frozen=True)
class Draft:
    """Words for a person to change, and the promise that goes with them."""

    kind: UpdateKind
    text: str
    next_at: datetime | None


def draft_words(title: str, status: IncidentStatus, *, began_at: datetime, now: datetime, zone: str = "UTC") -> Draft:
    """By how far the incident is: that it is known, that it goes on, or that it is over."""
    said = {"title": title, "since": _clock(began_at, zone)}
    next_at = _rounded(now + NEXT_AFTER)
    said["next"] = _clock(next_at, zone)
    if status is IncidentStatus.WATCHING:
        text = _(
            "%(title)s: this works again. We are sorry for the trouble. If it does not work for you, tell us here."
        )
        return Draft(UpdateKind.ALL_CLEAR, text % said, None)
    if status is IncidentStatus.ACKNOWLEDGED:
        text = _("%(title)s: we are still working on it. We will write again by %(next)s.")
        return Draft(UpdateKind.UPDATE, text % said, next_at)
    text = _(
        "We know about this since %(since)s: %(title)s. We are working on it and are sorry for the trouble. "
        "We will write again by %(next)s."
    )
    return Draft(UpdateKind.ACKNOWLEDGEMENT, text % said, next_at)


def _rounded(at: datetime) -> datetime:
    """Up to the next quarter of an hour: a promise that people can remember."""
    start = at.replace(minute=0, second=0, microsecond=0)
    steps = -((start - at) // _STEP)
    return start + _STEP * steps


def _clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} ({local.tzname()})"
