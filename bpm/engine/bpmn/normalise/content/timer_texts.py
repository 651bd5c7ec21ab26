"""What a timer's text means by itself: ISO 8601, cron, and the short forms of vendors."""

import re
from dataclasses import dataclass

from bpm.engine.expressions.dialects import FreeTextError
from bpm.engine.expressions.times import cron, schedules
from bpm.engine.expressions.times.instants import in_brackets, instant
from bpm.engine.expressions.times.schedules import TimerKind
from bpm.foundation.errors import ExpressionError

_LIKE_A_TIME = re.compile(r"[-+]?P[-+\dT].*|[Rr]-?\d*/.*|\d{4}-?\d\d\b.*|.*\[[A-Z]\w*/[\w/+-]+\].*", re.DOTALL)
"""What was meant as ISO 8601, rightly or wrongly: it is never the name of a variable."""


@dataclass(frozen=True, slots=True)
class TimerText:
    """A literal time: ISO 8601 or our cron, and which of the three it is."""

    which: TimerKind
    text: str

    @property
    def element(self) -> str:
        """The BPMN element that says such a time."""
        return f"time{self.which.title()}"


def literal_time(text: str, *, sunday: int | None = None) -> TimerText | None:
    """What a literal says, also quoted or in jBPM's short form.

    `sunday` is the number of Sunday in the dialect's cron, None where it is not known. Raises FreeTextError for what
    was meant as ISO 8601 and is none.
    """
    text = re.sub(r"\s*\n\s*", "", _unquoted(text.strip()))
    if re.search(r"[$#]\{", text):
        return None
    if schedules.is_duration(text):
        return TimerText(TimerKind.DURATION, _upper(text))
    if re.match(r"R(?:\d*|-1)/", text, re.IGNORECASE):
        return TimerText(TimerKind.CYCLE, _upper(re.sub("^R-1", "R", in_brackets(text), flags=re.IGNORECASE)))
    calendar = cron.normalised(text, sunday=sunday)
    if calendar:
        return TimerText(TimerKind.CYCLE, calendar)
    if short := _shorthand(text):
        return short
    if span := _timedelta(text):
        return TimerText(TimerKind.DURATION, span)
    if hour := re.fullmatch(r"T(\d\d):?(\d\d)(?::?(\d\d))?", text):
        # A time of day without a date: when the clock shows it next (ISO 8601-1, 5.3).
        at = f"{int(hour[3] or 0)} {int(hour[2])} {int(hour[1])}"
        return TimerText(TimerKind.CYCLE, f"{cron.MARK}{at} * * *")
    try:
        return TimerText(TimerKind.DATE, instant(text).isoformat().replace("+00:00", "Z"))
    except ExpressionError as error:
        if _LIKE_A_TIME.fullmatch(text):
            raise FreeTextError(error.message) from None
    return None


_SPAN = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?\s*(?:(\d+)ms)?", re.IGNORECASE)


def _short(text: str) -> str | None:
    """jBPM's and Zeebe's spans, such as `1d 2h`, `500ms`, as an ISO 8601 duration."""
    found = _SPAN.fullmatch(text.strip())
    if not found or not text.strip():
        return None
    days, hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    length = f"{seconds + thousandths / 1000:.3f}".rstrip("0").rstrip(".")
    return f"P{days}DT{hours}H{minutes}M{length}S"


def _shorthand(text: str) -> TimerText | None:
    delay, _, period = text.partition("###")
    if period:
        every = _short(period)
        once = _short(delay)
        cycle = f"R/{every}" if once == every else f"R/{once}/{every}"
        return TimerText(TimerKind.CYCLE, cycle) if every and once else None
    once = _short(delay)
    return TimerText(TimerKind.DURATION, once) if once else None


_DELTA = r"(days|hours|minutes|seconds|weeks)\s*=\s*(\d+(?:\.\d+)?)"


def _timedelta(text: str) -> str | None:
    """Python's `timedelta(hours=1, minutes=30)` as an ISO 8601 duration."""
    if not re.fullmatch(rf"(?:datetime\.)?timedelta\(\s*{_DELTA}(?:\s*,\s*{_DELTA})*\s*\)", text):
        return None
    parts = dict(re.findall(_DELTA, text))
    day, clock = (
        "".join(f"{parts[unit]}{unit[0].upper()}" for unit in units if unit in parts)
        for units in (("weeks", "days"), ("hours", "minutes", "seconds"))
    )
    return f"P{day}" + (f"T{clock}" if clock else "")


def _unquoted(text: str) -> str:
    """A text in quotes without them; one that is put together of several is an expression, and stays."""
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]
    return text[1:-1].strip() if is_quoted else text


def _upper(text: str) -> str:
    """The letters of ISO 8601 as capitals; a zone's name stays as it is."""
    return re.sub(r"[^\[\]]+(?![^\[]*\])", lambda part: part[0].upper(), text)
