"""Cron: the calendar cycles of timers, in one form whatever engine's dialect they were written in.

Our form is `cron ` and six fields, seconds first: second minute hour day-of-month month day-of-week, a year at most.
Quartz (Camunda 7, Flowable, Activiti, jBPM) counts weekdays from 1 = Sunday; Unix and Spring (Zeebe) from 0 = Sunday:
numbers become names, so that no reader has to know. Hours are UTC, or those of a zone in brackets behind the fields.
"""

import re
from datetime import UTC, datetime

from croniter import croniter
from croniter.croniter import CroniterError

from bpm.engine.expressions.times.instants import split_zone
from bpm.foundation.errors import ExpressionError

MARK = "cron "
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELD = re.compile(r"[\w*?/,#-]{1,60}")
_NAMED = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * SUN",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_FAR = 9


def normalised(text: str, *, sunday: int | None) -> str | None:
    """A cron text in our form, or None when it is no cron text or none that can be kept to.

    `sunday` is the number of Sunday in the dialect, 1 or 0; None when it is not known: then numbers of weekdays are
    no text that we understand.
    """
    text, zone = _zoned(text.strip())
    fields = _NAMED.get(text.lower(), text).upper().split()
    if len(fields) == 5:
        fields = ["0", *fields]
    if sunday is None and "?" not in fields:
        # Quartz cannot do without a question mark, and all others count from 0 = Sunday.
        sunday = 0
    if len(fields) not in (6, 7) or not all(_FIELD.fullmatch(field) for field in fields):
        return None
    weekdays = _weekdays(fields[5], sunday)
    if weekdays is None:
        return None
    fields[5] = weekdays
    form = MARK + " ".join(fields) + zone
    try:
        following(form, datetime(2026, 1, 1, tzinfo=UTC))
    except ExpressionError:
        return None
    return form


def is_meant(text: str) -> bool:
    """Whether the text has the form of cron, with numbers, stars and the like, whether or not it can be kept to."""
    fields = _zoned(text.strip())[0].split()
    return len(fields) in (5, 6, 7) and all(map(_FIELD.fullmatch, fields)) and any("*" in field for field in fields)


def _zoned(text: str) -> tuple[str, str]:
    """The text without its zone, and the zone in brackets; some write it in front: `CRON_TZ=Asia/Tokyo 0 9 * * *`."""
    found = re.fullmatch(r"(?:CRON_TZ|TZ)=(\S+)\s+(.*)", text)
    if found:
        return found[2].strip(), f"[{found[1]}]"
    plain, bracket, zone = text.partition("[")
    return plain.strip(), bracket + zone.strip()


def _weekdays(field: str, sunday: int | None) -> str | None:
    """The field with names for numbers; steps (`/2`) and ordinals (`#3`) are no weekdays."""
    if sunday is None and re.search(r"(?<![#/\d])\d", field):
        return None

    def name(found: re.Match[str]) -> str:
        return _DAYS[(int(found[0]) - (sunday or 0)) % 7]

    named = re.sub(r"(?<![#/\d])\d(?=[-,/#L]|$)", name, "*" if field == "0-7" else field)
    # The library writes the last Friday of a month L5.
    return re.sub(
        r"\b([A-Z]{3})L$", lambda found: f"L{_DAYS.index(found[1])}" if found[1] in _DAYS else found[0], named
    )


def following(form: str, after: datetime) -> datetime:
    """The next instant after `after` that the text in our form names; raises ExpressionError when there is none."""
    try:
        fields, zone = split_zone(form.removeprefix(MARK))
        days = croniter(fields, after.astimezone(zone or UTC), second_at_beginning=True, max_years_between_matches=_FAR)
        at: datetime = days.get_next(datetime).astimezone(UTC)
    except (CroniterError, ValueError, KeyError, IndexError, OverflowError, AttributeError, TypeError) as error:
        raise ExpressionError(
            f"{form.removeprefix(MARK)!r} names no instant: {error}.", remedy="Write for example 0 0 9 * * MON-FRI."
        ) from None
    return at
