"""What a report asks, as its address says it: measures, split, filter, period, picture. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

from bpm.feedback import CHANNELS
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.measures.asking import Question
from bpm.processes.measures.catalogue import get_measure
from bpm.processes.measures.listening import end_of_day
from bpm.processes.measures.observed import LIVED, ORDER
from bpm.processes.measures.splits import check_split

PICTURES = ("table", "bars", "series")
USUAL_DAYS = 90
MOST_DAYS = 3650
MOST_MEASURES = 6


@dataclass(frozen=True)
class Spec:
    """A report; `since` and `until` (itself in) are days, or None for the last `days` days up to today."""

    process: str
    measures: tuple[str, ...]
    by: str = ""
    version: int | None = None
    days: int = USUAL_DAYS
    since: date | None = None
    until: date | None = None
    channel: str = ""
    voice: str = ""
    kinds: tuple[str, ...] = tuple(LIVED)
    picture: str = "table"

    def period(self, now: datetime) -> tuple[datetime, datetime]:
        """[since, until) in UTC, whole days."""
        end = _midnight(self.until) + timedelta(days=1) if self.until else end_of_day(now)
        return (_midnight(self.since) if self.since else end - timedelta(days=self.days)), end

    def question(self, measure: str, now: datetime) -> Question:
        since, until = self.period(now)
        return Question(
            self.process, measure, by=self.by, version=self.version, since=since, until=until, channel=self.channel,
            voice=self.voice, kinds=self.kinds,
        )  # fmt: skip

    def as_query(self) -> str:
        """The query of the address that asks for it, in one order."""
        parts: list[tuple[str, object]] = [("process", self.process), *(("measure", each) for each in self.measures)]
        parts += [("by", self.by), ("version", self.version), ("channel", self.channel)]
        parts.append(("voice", self.voice))
        parts += [("from", self.since), ("to", self.until)] if self.since or self.until else [("days", self.days)]
        if self.kinds != tuple(LIVED):
            parts += [("kind", each) for each in self.kinds]
        parts.append(("picture", self.picture))
        return urlencode([(name, str(value)) for name, value in parts if value not in ("", None)])


def read_spec(query: str | Mapping[str, Sequence[str]]) -> Spec:
    """What an address asks for; InvalidInputError names the part that cannot be read, with its remedy."""
    found = parse_qs(query) if isinstance(query, str) else query
    measures = tuple(dict.fromkeys(get_measure(name).name for name in found.get("measure", ()) if name))
    if len(measures) > MOST_MEASURES:
        raise _wrong("measure", _("A report has at most %(n)s measures.") % {"n": MOST_MEASURES})
    by, channel, picture = _one(found, "by"), _one(found, "channel"), _one(found, "picture") or "table"
    check_split(by)
    if channel and channel not in CHANNELS:
        raise _wrong("channel", _("There is no channel “%(channel)s”.") % {"channel": channel})
    voice = _one(found, "voice")
    if voice and voice not in set(Voice):
        raise _wrong("voice", _("There is no voice “%(voice)s”.") % {"voice": voice})
    if picture not in PICTURES:
        raise _wrong("picture", _("There is no picture “%(picture)s”.") % {"picture": picture})
    kinds = tuple(kind for kind in ORDER if kind in found.get("kind", ()))
    if unknown := [kind for kind in found.get("kind", ()) if kind and kind not in ORDER]:
        raise _wrong("kind", _("There is no kind of link “%(kind)s”.") % {"kind": unknown[0]})
    since, until = _day(found, "from"), _day(found, "to")
    if since and until and since > until:
        raise _wrong("from", _("The first day lies after the last one."))
    return Spec(
        _one(found, "process"), measures or ("negative_share",), by, _number(found, "version", None),
        _number(found, "days", USUAL_DAYS) or USUAL_DAYS, since, until, channel, voice, kinds or tuple(LIVED), picture,
    )  # fmt: skip


def _one(found: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(found.get(name, ())), "").strip()


def _number(found: Mapping[str, Sequence[str]], name: str, usual: int | None) -> int | None:
    text = _one(found, name)
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_DAYS:
        raise _wrong(name, _("“%(text)s” is no number from 1 to 3650.") % {"text": text[:40]})
    return int(text)


def _day(found: Mapping[str, Sequence[str]], name: str) -> date | None:
    text = _one(found, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _wrong(name, _("“%(text)s” is no day: write 2026-11-30.") % {"text": text[:40]}) from error


def _wrong(field: str, problem: str) -> InvalidInputError:
    return InvalidInputError(problem, remedy=_("Choose again below."), fields={field: problem})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
