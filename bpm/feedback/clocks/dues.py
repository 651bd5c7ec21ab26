"""When something is due by a business calendar, around the times in which the customer was asked; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpm import calendars
from bpm.calendars import Calendar
from bpm.foundation.errors import InvalidInputError

WARNED_AT = 0.75
"""Share of the open time after which people are told that it is near."""


@dataclass(frozen=True)
class Pause:
    """The customer was asked; `end` None: they have not said anything since."""

    begin: datetime
    end: datetime | None


@dataclass(frozen=True)
class Due:
    """When it is due, and when that is near; both None while the clock stands still."""

    at: datetime | None
    near_at: datetime | None
    paused_at: datetime | None = None


def due(calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Pause] = ()) -> Due:
    """The instant when `target` of open time has passed since `start`, not counting the pauses.

    None where that is more than ten years away, and while a pause has no end. Pauses may overlap.
    """
    stands = still_since(pauses)
    at = _reached(calendar, start, target, pauses)
    if at is not None and (stands is None or at <= stands):
        return Due(at, _reached(calendar, start, target * WARNED_AT, pauses))
    return Due(None, None, stands)


def still_since(pauses: Iterable[Pause]) -> datetime | None:
    """Since when a clock stands still now; None while it goes."""
    return min((pause.begin for pause in pauses if pause.end is None), default=None)


def _reached(calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Pause]) -> datetime | None:
    left = target
    for pause in sorted(pauses, key=lambda each: each.begin):
        if pause.end is not None and pause.end <= start:
            continue
        worked = calendars.between(calendar, start, pause.begin) if pause.begin > start else timedelta(0)
        if worked >= left:
            break
        if pause.end is None:
            return None
        left -= worked
        start = pause.end
    try:
        return calendars.add(calendar, start, left)
    except InvalidInputError:
        return None
