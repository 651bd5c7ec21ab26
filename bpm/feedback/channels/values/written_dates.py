"""Dates written out: the year in front, three numbers, or a month's name, each with or without a time."""

import re
from dataclasses import replace

from bpm.feedback.channels.values.clock import LEADING, read_clock
from bpm.feedback.channels.values.day_numbers import common_year, full_year, in_order, order_of, possible_orders
from bpm.feedback.channels.values.moments import DateError, Habit, TwoDatesError, WrittenDate, moment_at
from bpm.feedback.channels.values.month_names import MONTHS, OTHER_MONTHS, THAI_MONTHS, WEEKDAYS
from bpm.feedback.channels.values.other_calendars import other_day
from bpm.feedback.channels.values.plain import plain
from bpm.foundation.texts import _

_EAST_ASIAN = (
    (re.compile(r"\s*[年년]\s*|\s*[月월]\s*(?=\d)"), "-"),
    (re.compile(r"\s*[日일号]\s*(?:\([^()]*\)|[(（].[)）]|星期.|周.)?"), " "),
    (re.compile(r"\s*[時时시点點]\s*(?=\d)|\s*[分분]\s*(?=\d)"), ":"),
    (re.compile(r"[分秒초분]"), " "),
    (re.compile(r"오전|上午|午前"), " AM "),
    (re.compile(r"오후|下午|午後"), " PM "),
    (re.compile(r"(?<=\d)\s*(?:π\.?\s?μ|ص|öö)\b\.?", re.IGNORECASE), " AM "),
    (re.compile(r"(?<=\d)\s*(?:μ\.?\s?μ|م|ös)\b\.?", re.IGNORECASE), " PM "),
)
_NAMED = "|".join(re.escape(name) for name in sorted(THAI_MONTHS, key=len, reverse=True))
_THAI = re.compile(rf"({_NAMED})\s*((?=\d{{2}}(?![\d:])))?")
"""A month, and whether a year of two digits follows it, which is one of the Thai calendar."""
_OTHER = re.compile(
    rf"(?<=\s)ב?({'|'.join(re.escape(name) for name in sorted(OTHER_MONTHS, key=len, reverse=True))})(?=[\s،,])"
)
_VIETNAMESE = re.compile(r"^(\d{1,2})\s*(?:tháng|thg)\s*(\d{1,2}),?\s*(?:năm\s*)?(\d{4})")
_THAI_AROUND = re.compile(r"^วัน[\u0e00-\u0e7f]*(?:ที่)?\s*|พ\.ศ\.\s*|เวลา|น\.")
"""`Sunday the`, `of the Buddhist era`, `at`, `o'clock`."""
_ERA = re.compile(r"(令和|平成|昭和)\s*(元|\d{1,2})(?=\s*年)")
_ERA_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925}
_YEAR_FIRST = re.compile(r"^(\d{4})(?:([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?|(\d{2})(\d{2}))(?!\d)(.*)$")
_NUMBERS = re.compile(r"^(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|'?\d{2})(?!\d)\.?(.*)$")
_WORD = r"([^\W\d_]{2,20})\.?"
_OF = r"(?:de |del |of |d')?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|°|ª|:?e|\.)?"
_YEAR = r"(\d{4}|'?\d{2})(?!\d)"
_DAY_NAME_YEAR = re.compile(
    rf"^{_DAY}[-/ .,]{{0,2}}{_OF}{_WORD}[-/ .,]{{0,2}}{_OF}{_YEAR}(?: ?г\.?| ?m\.)?(.*)$", re.IGNORECASE
)
_NAME_DAY_YEAR = re.compile(rf"^{_WORD}[-/ ]?{_DAY}(?:, ?|[-/ ]){_YEAR}(?!:)(.*)$", re.IGNORECASE)
_YEAR_NAME_DAY = re.compile(rf"^(\d{{4}})[-/ .,]{{1,2}}{_OF}{_WORD}[-/ ]?{_DAY}(?!\d)(.*)$", re.IGNORECASE)
_TIME_BEFORE_YEAR = re.compile(
    rf"^{_WORD} (\d{{1,2}}),? (\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: [ap]m)?)( .{{1,40}})? (\d{{4}})$", re.IGNORECASE
)


def _tidied(written: str) -> str:
    """Without a weekday in front and without what East Asian forms put between the numbers; the date comes first."""
    text = written.strip(" '\"\u200e\u200f").replace("\u2212", "-").replace("\u2019", "'").replace("\u200e", "")
    if not text.isascii():
        text = _THAI.sub(
            lambda name: f" {THAI_MONTHS[name[1]]} {'' if name[2] is None else '25'}", _THAI_AROUND.sub("", text)
        )
        text = _ERA.sub(lambda era: str(_ERA_BEFORE[era[1]] + int(era[2].replace("元", "1"))), " ".join(text.split()))
        for form, mark in _EAST_ASIAN:
            text = form.sub(mark, text)
        text = re.sub(r"\s+([AP]M)\s+", r" \1 ", text).strip()
        text = _OTHER.sub(lambda name: OTHER_MONTHS[name[1]], text).replace("،", ",")
        text = _VIETNAMESE.sub(r"\3-\2-\1", text)
    if match := LEADING.match(text):
        text = f"{match['date']} {match['clock']}"
    return text


def _without_weekday(text: str) -> str:
    match = re.match(
        r"^([^\W\d_]{1,16}(?:-[^\W\d_]{1,8})?)[.,]?,?\s+(?=.*\d)(?:(?:den|the|le|el|il|dia|on)\s+)?(.*)$", text
    )
    return match[2] if match and plain(match[1]) in WEEKDAYS else text


_EDITED = r"(?:edited|updated|modified|bearbeitet|aktualisiert|modifi\u00e9|editado|modificato|bewerkt|redigerad)"
_BEHIND = re.compile(rf"\s*[(\[]{_EDITED}[)\]]$", re.IGNORECASE)
_IN_FRONT = re.compile(
    r"^(?:[^\d:]{0,60}\b(?:on|vom|am|le|el|il|op|em|den)\s+|[^\d:]{2,30}:\s+)(?=.*\d{4})", re.IGNORECASE
)
"""`Reviewed in Italy on`, `Rezension aus Deutschland vom`, `Updated:`"""


def _bare(text: str) -> str:
    """Without the words that pages of reviews put around a date."""
    return _IN_FRONT.sub("", _BEHIND.sub("", text))


def written_date(written: str, habit: Habit) -> WrittenDate:
    """The instant that a text with single spaces says; DateError says why there is none."""
    if _MAY_COUNT_OTHERWISE.search(written) and (counted := _of_other_calendar(written, habit)) is not None:
        return counted
    text = _tidied(written)
    bare = _bare(text)
    for way in dict.fromkeys((text, _without_weekday(text), bare, _without_weekday(bare))):
        found = _year_first(way, habit) or _in_numbers(way, written, habit) or _with_name(way, habit)
        if found is not None:
            return found
    raise DateError(_("%(value)r is no date that can be read") % {"value": written[:80]})


_MAY_COUNT_OTHERWISE = re.compile(
    r"^\W{0,3}(?:\d{4}-?W|\d{4}-\d{3}(?!\d)|\d{2,3}(?:[年/.-]\d|\s年)|[\u0661\u06f11][34\u0663\u0664\u06f3\u06f4]\d\d[/.-])"
    r"|民國|[\u0600-\u06ff]|[/.-]1[34]\d\d(?!\d)"
)
"""A week, a day of a year, a year of three digits or one of the Iranian or Islamic calendar; others pass by."""


def _of_other_calendar(written: str, habit: Habit) -> WrittenDate | None:
    found = other_day(written.strip(" '\"\u200e\u200f"))
    if found is None:
        return None
    day, rest, doubt = found
    moment = _with_clock((day.year, day.month, day.day), rest, habit)
    return replace(moment, doubt=moment.doubt or doubt) if moment else None


def _year_first(text: str, habit: Habit) -> WrittenDate | None:
    match = _YEAR_FIRST.match(text)
    if match is None:
        return None
    year, month, day = common_year(int(match[1])), int(match[3] or match[5]), int(match[4] or match[6])
    return _with_clock((year, month, day), match[7], habit)


def _in_numbers(text: str, written: str, habit: Habit) -> WrittenDate | None:
    match = _NUMBERS.match(text)
    if match is None:
        return None
    parts = (match[1], match[3], match[4])
    possible = possible_orders(parts, match[2])
    if not possible:
        raise DateError(_("%(value)r is no day of the calendar") % {"value": written[:80]})
    if habit.order == "ymd" and "ymd" in possible:
        return _with_clock(in_order(parts, "ymd"), match[5], habit)
    order = order_of(parts, match[2]) or (habit.order if habit.order in possible else "")
    if not order:
        raise TwoDatesError(_("%(value)r can be two dates") % {"value": written[:80]})
    return _with_clock(in_order(parts, order), match[5], habit)


def _with_name(text: str, habit: Habit) -> WrittenDate | None:
    if match := _TIME_BEFORE_YEAR.match(text):
        text = f"{match[1]} {match[2]} {match[5]} {match[3]}{match[4] or ''}"
    for form, places in ((_DAY_NAME_YEAR, (3, 2, 1)), (_NAME_DAY_YEAR, (3, 1, 2)), (_YEAR_NAME_DAY, (1, 2, 3))):
        match = form.match(text)
        month = MONTHS.get(plain(match[places[1]])) if match else None
        if match and month:
            day = (full_year(match[places[0]]), month, int(match[places[2]]))
            return _with_clock(day, match[4], habit)
    return None


def _with_clock(day: tuple[int, int, int], rest: str, habit: Habit) -> WrittenDate | None:
    clock = read_clock(rest)
    return None if clock is None else moment_at(day, clock, habit, timed=bool(rest.strip()))
