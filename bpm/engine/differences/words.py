"""Values as people say them: durations, dates, yes and no, long texts by the lines that differ."""

import difflib
import re
from collections.abc import Callable, Mapping

from bpm.foundation.texts import _, ngettext

_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?=.)(?:(?P<years>[-\d]+)Y)?(?:(?P<months>[-\d]+)M)?(?:(?P<weeks>[-\d.,]+)W)?(?:(?P<days>[-\d.,]+)D)?"
    r"(?:T(?=.)(?:(?P<hours>[-\d.,]+)H)?(?:(?P<minutes>[-\d.,]+)M)?(?:(?P<seconds>[-\d.,]+)S)?)?",
    re.IGNORECASE,
)
_SHORT = {"hours": "h", "minutes": "min", "seconds": "s"}
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.0+)?)?(?=Z|[+-]|\[|$)")
_LONGEST = 160
_MOST_LINES = 4
_MOST_COMPARED = 500
NOTHING = "–"


def duration(text: str) -> str | None:
    """`4 h` for PT4H, `1 day 12 h` for P1DT12H; None for what is no ISO 8601 duration."""
    plain, bracket, zone = text.strip().partition("[")
    match = _DURATION.fullmatch(plain)
    if match is None:
        return None
    parts = [_part(name, value) for name, value in match.groupdict().items() if value and name != "sign"]
    spoken = " ".join(parts)
    where = f" ({zone.rstrip(']')})" if bracket else ""
    return (_("minus %(span)s") % {"span": spoken} if match["sign"] == "-" else spoken) + where


def _part(name: str, value: str) -> str:
    if name in _SHORT:
        return f"{value} {_SHORT[name]}"
    words = {
        "years": ("year", "years"),
        "months": ("month", "months"),
        "weeks": ("week", "weeks"),
        "days": ("day", "days"),
    }
    number = int(value) if value.lstrip("-").isdigit() else 2
    return f"{value} {ngettext(*words[name], number)}"


def date(text: str) -> str:
    """`2026-03-01 10:00` for 2026-03-01T10:00:00, with the zone as it is written; else the text."""
    return _DATE.sub(r"\1 \2", text.strip())


def after(text: str) -> str:
    """A wait: `after 4 h`."""
    return _("after %(span)s") % {"span": duration(text) or text}


def at(text: str) -> str:
    """A moment: `at 2026-03-01 10:00`; what is a duration in spite of it is a wait."""
    return after(text) if duration(text) else _("at %(moment)s") % {"moment": date(text)}


def cycle(text: str) -> str:
    """Rounds of a timer: `every 10 min, 3 times`, `every day at ...` only as the file writes it."""
    plain = text.strip()
    if not re.match(r"R\d*/", plain):
        return (
            _("every %(span)s") % {"span": duration(plain)} if duration(plain) else _("by %(rule)s") % {"rule": plain}
        )
    times, *rest = plain.split("/")
    spans = [_("every %(span)s") % {"span": spoken} for each in rest if (spoken := duration(each))]
    others = [date(each) for each in rest if not duration(each)]
    begin = _("from %(moment)s") % {"moment": others[0]} if others and rest[0] == _undated(others[0], rest) else ""
    until = [_("until %(moment)s") % {"moment": each} for each in others[1 if begin else 0 :]]
    number = int(times[1:]) if times[1:] else None
    said = [] if number is None else [ngettext("%(num)s time", "%(num)s times", number) % {"num": number}]
    return ", ".join([*spans, *([begin] if begin else []), *until, *said]) or plain


def _undated(shown: str, rest: list[str]) -> str:
    return next((each for each in rest if date(each) == shown), "")


def retries(text: str) -> str:
    """`5 times, every 5 min` for R5/PT5M; a number, or what is counted in another way, as it is written."""
    return cycle(text) if re.match(r"R\d*/", text.strip()) else text


def due(text: str) -> str:
    """A date that may be given as a span: `in 3 days`."""
    span = duration(text)
    return _("in %(span)s") % {"span": span} if span else date(text)


def yes_or_no(text: str) -> str:
    """`yes` for true."""
    return {"true": _("yes"), "false": _("no")}.get(text, text)


SPOKEN: Mapping[str, Callable[[str], str]] = {
    "after": after, "at": at, "cycle": cycle, "retries": retries, "due": due, "yes": yes_or_no,
}  # fmt: skip


def in_words(old: str, new: str, *, spoken: str = "") -> str:
    """`after 4 h → after 2 h`; of long texts only the lines that differ.

    `spoken` is one of SPOKEN, or two of them, `before|after`.
    """
    if old and new and ("\n" in old or "\n" in new):
        return _lines(old, new)
    was, _bar, now = spoken.partition("|")
    return f"{said(old, was)} → {said(new, now or was)}"


def said(text: str, spoken: str = "") -> str:
    """One value in words, on one line and not too long."""
    return _shown(SPOKEN.get(spoken, str)(text)) if text else NOTHING


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    if "→" in flat:
        flat = f"“{flat}”"
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 3]}..."


def _lines(old: str, new: str) -> str:
    befores, afters = old.splitlines(), new.splitlines()
    if max(len(befores), len(afters)) > _MOST_COMPARED:
        return _("%(old)s lines → %(new)s lines") % {"old": len(befores), "new": len(afters)}
    found = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, befores, afters, autojunk=False).get_opcodes():
        if how != "equal":
            was, now = ("; ".join(each.strip() for each in lines) for lines in (befores[a:b], afters[c:d]))
            where = {"number": (c if d > c else a) + 1, "before": said(was), "after": said(now)}
            found.append(_("line %(number)s: %(before)s → %(after)s") % where)
    more = [_("and %(number)s more places") % {"number": len(found) - _MOST_LINES}] if len(found) > _MOST_LINES else []
    return "; ".join([*found[:_MOST_LINES], *more]) or f"{_shown(old)} → {_shown(new)}"
