"""How instants, lengths of time, numbers and code words are written for people; templates know them as filters."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from flask import current_app, g, has_app_context

from bpm.engine.forms.in_words import in_words
from bpm.foundation.clock import Clock
from bpm.foundation.texts import _


def now() -> datetime:
    """The instant at which this request began to be answered: one page tells all its times from one moment."""
    if "drawn_at" not in g:
        clock: Clock = current_app.product.clock  # type: ignore[attr-defined] # EarshotFlask carries the product
        g.drawn_at = clock.now()
    drawn_at: datetime = g.drawn_at
    return drawn_at


def ago(moment: datetime | None, at: datetime | None = None) -> str:
    """ "3 h ago" or "in 2 d", by the product's clock; `at`: the page's own moment, for whoever has looked it up."""
    if moment is None:
        return "never"
    gap = (at or now()) - moment
    if abs(gap) < timedelta(seconds=45):
        return "just now"
    text = duration(abs(gap))
    return f"{text} ago" if gap > timedelta(0) else f"in {text}"


def duration(gap: timedelta | float | None) -> str:
    """A length of time in its largest fitting unit: 40 s, 12 min, 3 h, 5 d, 4 mo, 2 y. Numbers are seconds."""
    if gap is None:
        return "–"
    seconds = gap.total_seconds() if isinstance(gap, timedelta) else float(gap)
    for unit, size, limit in (("s", 1, 60), ("min", 60, 3600), ("h", 3600, 2 * 86400), ("d", 86400, 90 * 86400)):
        if seconds < limit:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds / 2629800)} mo" if seconds < 2 * 31557600 else f"{seconds / 31557600:.1f} y"


def instant(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """The exact instant in the reader's zone, for the title of a relative one; `zone`: theirs, where it is known."""
    if moment is None:
        return ""
    local = moment.astimezone(zone or reader_zone())
    return f"{local:%Y-%m-%d %H:%M:%S %Z}"


def minute(moment: datetime | None) -> str:
    """An instant to the minute in the reader's zone: 2026-03-02 09:00."""
    return instant(moment)[:16]


def spoken(moment: datetime | None) -> str:
    """An instant as customers read it, in the reader's zone: 2 March 2026, 09:00 UTC."""
    if moment is None:
        return ""
    local = moment.astimezone(reader_zone())
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def reader_zone() -> tzinfo:
    """The time zone that the reader chose in their profile; UTC when they chose none."""
    name = g.get("reader_zone", "") if has_app_context() else ""
    return ZoneInfo(name) if name else UTC


def number(value: float | None, digits: int = 0) -> str:
    """A figure with thin spaces between thousands; an en dash when there is none."""
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", "\u202f")


def percent(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 in per cent."""
    return "–" if value is None else f"{value * 100:.{digits}f} %"


def in_bytes(size: int) -> str:
    """A number of bytes as people say it: 812 B, 14 kB, 2.3 MB."""
    for unit, factor in (("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.2g} {unit}" if size < 10 * factor else f"{size / factor:.0f} {unit}"
    return f"{size} B"


def words(value: object) -> str:
    """A code word as people read it: not_now -> not now."""
    return str(value).replace("_", " ")


def department(key: str) -> str:
    """The key of a department or group as people write it: it -> IT, customer_care -> customer care."""
    return key.upper() if len(key) < 3 else words(key)


def said(value: object) -> str:
    """A value of a variable as people say it: Yes, a list with commas, the entries of an object by their names."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(said(each) for each in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{in_words(str(name))}: {said(each)}" for name, each in value.items()) or "–"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def at_most_said(count: int, most: int) -> str:
    """A number that was counted up to `most`: from there on with a plus."""
    return f"{most - 1}+" if count >= most else str(count)
