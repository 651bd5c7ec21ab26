"""Until when an English sentence says: "by Friday", "tomorrow at 10", "within 24 hours", "on 3 March"; pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

END_OF_DAY = time(23, 59)
END_OF_WORK = time(17, 0)
_DAY = timedelta(days=1)

_NUMBERS = {
    "a": 1, "an": 1, "the": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "a couple of": 2, "the next": 1, "half an": 0.5,
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBER = r"\d{1,3}|a couple of|half an|an?|the|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen"
_UNIT = r"minutes?|mins?|hours?|hrs?|(?:(?:working|business|week) ?)?days?|weeks?|fortnights?|months?"

_FOR_LONG = re.compile(
    rf"\b(?:within|in|inside|after)(?: the next| the following| about| at most| up to)? ({_NUMBER})"
    rf"(?: ?(?:-|–|to|or) ?(\d{{1,3}}))? ?({_UNIT})\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:at|by|before|until|till|around|about) (\d{1,2})(?:[:.](\d{2}))? ?"
    r"(a\.?m\b\.?|p\.?m\b\.?|o['’]clock|h\b|hrs\b)?"
    r"|\b(\d{1,2})(?:[:.](\d{2}))? ?(a\.?m\b\.?|p\.?m\b\.?)|\b(\d{1,2}):(\d{2})\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(noon|midday|lunch(?:time)?|midnight|morning|afternoon|evening|tonight|night"
    r"|end of (?:the )?(?:working |business )?day|end of business|close of (?:business|play)|eod|cob)\b",
    re.IGNORECASE,
)
_PARTS = {
    "noon": time(12), "midday": time(12), "lunch": time(12), "lunchtime": time(12), "morning": time(12),
    "afternoon": time(18), "evening": time(22), "tonight": END_OF_DAY, "night": END_OF_DAY, "midnight": END_OF_DAY,
    "eod": END_OF_WORK, "cob": END_OF_WORK,
}  # fmt: skip
"""Until when a part of the day lasts."""


@dataclass(frozen=True)
class Deadline:
    """An instant with the words that named it."""

    at: datetime
    said: str


def deadline_in(sentence: str, now: datetime) -> Deadline | None:
    """The last instant that the sentence names; None where it names none, or a date that can be read in two ways.

    `now` carries the writer's zone. A day lasts until 23:59, a morning until noon, "the end of the week" until Friday.
    """
    long = _FOR_LONG.search(sentence)
    if long:
        return Deadline(_after(now, long), long.group())
    day, words = _day_in(sentence, now)
    rest = sentence.replace(words, " ", 1) if words else sentence
    hour, told = _time_in(rest)
    if day is None and hour is None:
        return None
    said = " ".join(each for each in (words, told) if each)
    at = _at(day or now.date(), hour or END_OF_DAY, now)
    if day is None and at <= now:
        at = _at(now.date() + _DAY, hour or END_OF_DAY, now)
    return Deadline(at, said)


def _at(day: date, hour: time, now: datetime) -> datetime:
    return datetime.combine(day, hour, now.tzinfo)


def _after(now: datetime, found: re.Match[str]) -> datetime:
    """So long after now: hours to the minute, days and more until the end of their day."""
    number = float(found[2] or _NUMBERS.get(found[1].lower(), 0) or found[1])
    unit = found[3].lower()
    if unit.startswith("min"):
        return now + timedelta(minutes=number)
    if unit.startswith(("hour", "hr")):
        return now + timedelta(hours=number)
    if unit.startswith(("working", "business", "week ", "weekd")):
        return _at(_working_day(now.date(), int(number)), END_OF_DAY, now)
    size = {"d": 1, "w": 7, "f": 14}.get(unit[0])
    if size is not None:
        return _at(now.date() + timedelta(days=number * size), END_OF_DAY, now)
    return _at(_months_on(now.date(), int(number)), END_OF_DAY, now)


def _working_day(day: date, number: int) -> date:
    for _each in range(number):
        day += _DAY
        while day.weekday() > 4:
            day += _DAY
    return day


def _months_on(day: date, number: int) -> date:
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _time_in(sentence: str) -> tuple[time | None, str]:
    for found in _CLOCK.finditer(sentence):
        hour, minute, half = found[1] or found[4] or found[7], found[2] or found[5] or found[8], found[3] or found[6]
        at = _clock(int(hour), int(minute or 0), (half or "").lower().replace(".", ""))
        if at is not None:
            return at, found.group()
    part = _PART.search(sentence)
    if part is None:
        return None, ""
    word = part[1].lower()
    return (END_OF_WORK if word.startswith(("end", "close")) else _PARTS[word]), part.group()


def _clock(hour: int, minute: int, half: str) -> time | None:
    """The time of day; a bare hour up to 6 is one of the afternoon."""
    if minute > 59 or hour > 23 or (half in {"am", "pm"} and not 1 <= hour <= 12):
        return None
    if (half == "pm" and hour < 12) or ((not half or half.startswith("o")) and 1 <= hour <= 6):
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return time(hour, minute)


def _day_in(sentence: str, now: datetime) -> tuple[date | None, str]:
    """The day that a sentence names first, with its words."""
    for pattern, read in _DAYS:
        for found in pattern.finditer(sentence):
            day = read(now.date(), found)
            if day is not None:
                return day, found.group()
    return None, ""


def _iso(_today: date, found: re.Match[str]) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _month_and_day(today: date, found: re.Match[str]) -> date | None:
    return _coming(today, _MONTHS[found[1].lower()], int(found[2]), found[3])


def _day_and_month(today: date, found: re.Match[str]) -> date | None:
    return _coming(today, _MONTHS[found[2].lower()], int(found[1]), found[3])


def _slashes(today: date, found: re.Match[str]) -> date | None:
    """5/12 could be either way round; 25/12 and 12/25 are one each."""
    one, two = int(found[1]), int(found[2])
    if one > 12 or one == two:
        return _coming(today, two, one, found[3])
    return _coming(today, one, two, found[3]) if two > 12 else None


def _coming(today: date, month: int, day: int, year: str | None) -> date | None:
    """In that year; without one, the next time that this day comes."""
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = _date(today.year, month, day)
    return _date(today.year + 1, month, day) if found is not None and found < today else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_the_month(today: date, found: re.Match[str]) -> date | None:
    wanted = int(found[1])
    for months in range(13):
        month = _months_on(today.replace(day=1), months)
        day = _date(month.year, month.month, wanted)
        if day is not None and day >= today:
            return day
    return None


def _weekday(today: date, found: re.Match[str]) -> date:
    """The next one; "next Friday" is that of the week after this one."""
    word = found[2].lower()
    wanted = _WEEKDAYS.index(word) if word in _WEEKDAYS else _SHORT_DAYS[word]
    if (found[1] or "").lower() == "next":
        return today - _DAY * today.weekday() + _DAY * (7 + wanted)
    return today + _DAY * ((wanted - today.weekday() - 1) % 7 + 1)


def _end_of_week(today: date, _found: re.Match[str]) -> date:
    """Friday; at a weekend its Sunday."""
    return today + _DAY * ((4 if today.weekday() <= 4 else 6) - today.weekday())


def _next_week(today: date, _found: re.Match[str]) -> date:
    return today - _DAY * today.weekday() + _DAY * 11


def _early_next_week(today: date, _found: re.Match[str]) -> date:
    return today - _DAY * today.weekday() + _DAY * 9


def _end_of_month(today: date, found: re.Match[str]) -> date:
    month = _months_on(today.replace(day=1), 1 if "next" in found.group().lower() else 0)
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _in_days(number: int) -> Callable[[date, re.Match[str]], date]:
    return lambda today, _found: today + _DAY * number


_YEAR = r"(?:,? (\d{4}))?"
_READERS: tuple[tuple[str, Callable[[date, re.Match[str]], date | None]], ...] = (
    (r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
    (rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}\b", _month_and_day),
    (rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?(?: of)? ({_MONTH})\b\.?{_YEAR}", _day_and_month),
    (r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b", _slashes),
    (r"\bday after tomorrow\b", _in_days(2)),
    (r"\btomorrow\b", _in_days(1)),
    (r"\b(?:today\b|(?=tonight\b)|this (?=(?:morning|afternoon|evening)\b))", _in_days(0)),
    (rf"\b(?:(this|next|on|by|until|till|before|come) )?(?:the )?({'|'.join(_WEEKDAYS)})\b", _weekday),
    (rf"\b(on|by|until|till|before) ({'|'.join(_SHORT_DAYS)})\b", _weekday),
    (r"\bearly next week\b", _early_next_week),
    (r"\bnext week\b", _next_week),
    (r"\b(?:end of (?:the|this) week|this week|later in the week)\b", _end_of_week),
    (r"\b(?:end of (?:the|this|next) month|this month|next month)\b", _end_of_month),
    (r"\b(?:by|on|until|before) the (\d{1,2})(?:st|nd|rd|th)\b", _of_the_month),
)
_DAYS = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in _READERS)
"""What is tried in this order: exact dates before words."""
