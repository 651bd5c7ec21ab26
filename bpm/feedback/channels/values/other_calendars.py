"""Dates of calendars beside the common one: Taiwan's years, Iran's solar and the Islamic lunar calendar, ISO weeks."""

import re
from datetime import date, timedelta

from bpm.foundation.texts import _

_FIRST_YEAR_OF_TAIWAN = 1911
_TAIWANS = range(100, 160)
"""Years of three digits: 2011 to 2070."""
_SOLAR = range(1350, 1412)
_LUNAR = range(1412, 1480)
"""Both for 1971 to 2055; what is said until 2032 has a year of its own in each."""

_SOLAR_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_LUNAR_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال",
    "ذو القعدة", "ذو الحجة",
)  # fmt: skip
_ALSO = {"ربيع الثاني": 4, "جمادى الثانية": 6, "ذي القعدة": 11, "ذي الحجة": 12}
_NAMED = (
    {name: (number, True) for number, name in enumerate(_SOLAR_MONTHS, 1)}
    | {name: (number, False) for number, name in enumerate(_LUNAR_MONTHS, 1)}
    | {name: (number, False) for name, number in _ALSO.items()}
)
"""Name of a month -> its number, and whether it is of the solar calendar."""

_ERA = r"(?:\s?(?:هـ|ه\.\s?ق\.?|ه\.\s?ش\.?|هجري[ةه]?|هجری|AH|A\.H\.|AP|SH)(?!\w))?"
_IN_NUMBERS = re.compile(rf"^(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d){_ERA}(.*)$")
_DAY_FIRST = re.compile(rf"^(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})(?!\d){_ERA}(.*)$")
_BY_NAME = re.compile(
    rf"^(\d{{1,2}})\s({'|'.join(sorted(map(re.escape, _NAMED), key=len, reverse=True))})،?\s(\d{{4}})(?!\d){_ERA}(.*)$"
)
_TAIWAN = re.compile(
    r"^(?:(?:中華)?民國\s?)?(\d{2,3})(?:\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日|([-/.])(\d{1,2})\4(\d{1,2})(?!\d))(.*)$"
)
_WEEK = re.compile(r"^(\d{4})-?W(\d{2})-?([1-7])(?!\d)(.*)$", re.IGNORECASE)
_DAY_OF_YEAR = re.compile(r"^(\d{4})-(\d{3})(?![\d-])(.*)$")

_NEW_YEAR = date(2025, 3, 21)
"""The first day of 1404 in the solar calendar."""
_LUNAR_EPOCH = date(622, 7, 19)
"""The first day of the lunar calendar as it is reckoned, by the common calendar carried backwards."""


def other_day(text: str) -> tuple[date, str, str] | None:
    """(day, what stands behind it, what is not sure) of a date that counts otherwise; ValueError when it is no day."""
    if match := _WEEK.match(text):
        return date.fromisocalendar(int(match[1]), int(match[2]), int(match[3])), match[4], ""
    if match := _DAY_OF_YEAR.match(text):
        return _day_of_year(int(match[1]), int(match[2])), match[3], ""
    if match := _TAIWAN.match(text):
        year = int(match[1])
        if year in _TAIWANS or "民國" in text:
            month, day = int(match[2] or match[5]), int(match[3] or match[6])
            return date(year + _FIRST_YEAR_OF_TAIWAN, month, day), match[7], ""
    return _of_months(text)


def _of_months(text: str) -> tuple[date, str, str] | None:
    """A date of the solar or the lunar calendar, by its month's name or by its year."""
    if match := _BY_NAME.match(text):
        month, is_solar = _NAMED[match[2]]
        return _reckoned((int(match[3]), month, int(match[1])), match[4], is_solar=is_solar)
    for form, places in ((_IN_NUMBERS, (1, 3, 4)), (_DAY_FIRST, (4, 3, 1))):
        match = form.match(text)
        if match is None:
            continue
        year, month, day = (int(match[place]) for place in places)
        if year in _SOLAR or year in _LUNAR:
            return _reckoned((year, month, day), match[5], is_solar=year in _SOLAR)
    return None


def _reckoned(told: tuple[int, int, int], rest: str, *, is_solar: bool) -> tuple[date, str, str]:
    year, month, day = told
    if not (1 <= month <= 12 and 1 <= day <= (31 if is_solar else 30)):
        raise ValueError(told)
    if is_solar:
        return _of_solar(year, month, day), rest, ""
    return _of_lunar(year, month, day), rest, _("a day of the lunar calendar is known to within a day")


def _of_solar(year: int, month: int, day: int) -> date:
    """Months of 31 days for half a year, then of 30; leap years by the cycle of 33 years, right for 1244 to 1500."""
    days = (year - 1404) * 365
    days += sum(map(_is_leap, range(1404, year))) - sum(map(_is_leap, range(year, 1404)))
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return _NEW_YEAR + timedelta(days=days + before + day - 1)


def _is_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def _of_lunar(year: int, month: int, day: int) -> date:
    """By the reckoned calendar: 11 leap years of 30; the moon is seen a day earlier or later."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return _LUNAR_EPOCH + timedelta(days=days)


def _day_of_year(year: int, number: int) -> date:
    found = date(year, 1, 1) + timedelta(days=number - 1)
    if found.year != year:
        raise ValueError(number)
    return found
