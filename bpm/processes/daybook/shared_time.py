"""Working time of people who hold several tasks at once: each open hour of a person counts once. Pure.

Who holds three tasks at a time gives each a third of it; nights, weekends and holidays of the group's calendar count
nothing. So the hours of all cases never exceed the hours that people have.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bpm.calendars import ALWAYS, Calendar, open_spans

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hold:
    """Somebody had a task from `start` until `end`; `person` None: nobody knows who, shared with none."""

    person: int | None
    group: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Piece:
    """A part of a hold between two changes of a rate."""

    start: datetime
    seconds: float


class OpenHours:
    """Open seconds from `since` up to an instant, by a calendar; asked many times, worked out once."""

    def __init__(self, calendar: Calendar, since: datetime, until: datetime) -> None:
        self._since, self._always = since, calendar.is_always_open
        self._starts: list[datetime] = []
        self._lengths: list[float] = []
        self._before: list[float] = []
        if not self._always:
            self._lay(calendar, until)

    def _lay(self, calendar: Calendar, until: datetime) -> None:
        day, last, total = self._since.astimezone(ZoneInfo(calendar.zone)).date() - _DAY, until.date() + _DAY, 0.0
        while day <= last:
            for begin, end in open_spans(calendar, day):
                first = max(begin, self._since)
                if first < end:
                    self._starts.append(first)
                    self._before.append(total)
                    self._lengths.append((end - first).total_seconds())
                    total += self._lengths[-1]
            day += _DAY

    def up_to(self, at: datetime) -> float:
        """Open seconds between `since` and `at`."""
        if self._always:
            return max(0.0, (at - self._since).total_seconds())
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(self._lengths[place], (at - self._starts[place]).total_seconds())


def shared(
    holds: Sequence[Hold], hours: Mapping[str, Calendar], *, cuts: Sequence[datetime] = ()
) -> list[tuple[Piece, ...]]:
    """For each hold its pieces, cut at `cuts`; `hours`: group -> the calendar it works by, else always open."""
    found: list[tuple[Piece, ...]] = [()] * len(holds)
    if not holds:
        return found
    since, until = min(each.start for each in holds), max(each.end for each in holds)
    clocks = {group: OpenHours(calendar, since, until) for group, calendar in hours.items()}
    always = OpenHours(ALWAYS, since, until)
    by_person: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, hold in enumerate(holds):
        by_person[("", hold.person) if hold.person is not None else ("alone", place)].append(place)
    for places in by_person.values():
        for group in {holds[place].group for place in places}:
            gone = _gone([holds[place] for place in places], clocks.get(group, always), cuts)
            for place in places:
                if holds[place].group == group:
                    found[place] = _pieces(holds[place], gone, cuts)
    return found


def _gone(holds: Sequence[Hold], clock: OpenHours, cuts: Sequence[datetime]) -> dict[datetime, float]:
    """Instant -> open seconds gone by then, each divided by the tasks held at the time."""
    changes: dict[datetime, int] = defaultdict(int)
    for hold in holds:
        changes[hold.start] += 1
        changes[hold.end] -= 1
    for cut in cuts:
        changes[cut] += 0
    gone, held, total = {}, 0, 0.0
    before: datetime | None = None
    for at in sorted(changes):
        if before is not None and held:
            total += (clock.up_to(at) - clock.up_to(before)) / held
        gone[at] = total
        held += changes[at]
        before = at
    return gone


def _pieces(hold: Hold, gone: Mapping[datetime, float], cuts: Sequence[datetime]) -> tuple[Piece, ...]:
    edges = [hold.start, *(cut for cut in cuts if hold.start < cut < hold.end), hold.end]
    return tuple(Piece(begin, max(0.0, gone[end] - gone[begin])) for begin, end in pairwise(edges))
