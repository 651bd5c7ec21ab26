"""Figures from the sums of days, with what changed since worked out on the spot: never older than the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from bpm.foundation.work import Work
from bpm.processes.changes.marks import day_of
from bpm.processes.measures.observed import Facts
from bpm.processes.measures.rollups.cells import ROLLED, SPLITS, Key, Sums, facts_of_day, sum_facts
from bpm.processes.measures.rollups.changed import Changed, Touched, changed_days
from bpm.processes.measures.rollups.pieces import WHOLE, difference, kept_pieces, only_of
from bpm.processes.measures.rollups.sums import Asked, add_to, by_group, kept_sums
from bpm.processes.measures.rollups.weeks import monday_of
from bpm.processes.measures.splits import Groups
from bpm.processes.measures.tallies import Tally

MOST_PIECES = 200
MOST_LIVE = 12
"""So many changed days are summed while somebody waits; with more of them the rows are read as if nothing were kept."""


@dataclass(frozen=True)
class Wanted:
    """Measures with one split and filter."""

    measures: Sequence[str]
    by: str
    channel: str = ""
    voice: str = ""
    voices: bool = False


@dataclass(frozen=True)
class Kept:
    """The kept sums of a period of one version; what changed is found once, its rows are read once."""

    facts: Facts
    book: Changed | None = None
    """Where the same is asked of many versions."""

    @cached_property
    def changed(self) -> Touched | None:
        """Days of the period that changed since they were summed; None: the rows have to be read."""
        if not (_whole(self.facts.since) and _whole(self.facts.until)):
            return None
        version_id = self.facts.part.version_id
        changed = self.book.of(version_id) if self.book else _changed_of(self.facts.work, version_id)
        if changed is None:
            return None
        since, until = day_of(self.facts.since), day_of(self.facts.until)
        live = {day: changed[day] for day in sorted(changed) if since <= day < until}
        whole = sum(WHOLE in pieces for pieces in live.values())
        pieces = sum(len(some) for some in live.values())
        return None if whole > MOST_LIVE or pieces > MOST_PIECES else live

    @cached_property
    def _live(self) -> dict[date, Facts]:
        """Facts of the days that have to be summed from their rows."""
        whole = [day for day, pieces in (self.changed or {}).items() if WHOLE in pieces]
        return {day: facts_of_day(self.facts.work, self.facts.part, day) for day in whole}

    @cached_property
    def _patches(self) -> dict[date, tuple[Facts, Sums]]:
        """{day: (facts of its pieces that changed, what these added to its sums)}, of the other days."""
        work, part = self.facts.work, self.facts.part
        return {
            day: (facts_of_day(work, part, day, only_of(pieces)), kept_pieces(work, part, day, pieces))
            for day, pieces in (self.changed or {}).items()
            if WHOLE not in pieces
        }

    def sums(self, measures: tuple[str, ...], split: str, *, every: str = "") -> dict[str, dict[Key, Tally]]:
        """{measure: {key: sums}}; see `Asked.every`."""
        since, until = day_of(self.facts.since), day_of(self.facts.until)
        asked = Asked(self.facts.part, measures, split, since, until, every)
        sums = kept_sums(self.facts.work, asked, self._live)
        more = [(day, sum_facts(facts, measures)) for day, facts in self._live.items()]
        for day, (facts, before) in self._patches.items():
            known = {at: tally for at, tally in before.items() if at[0] in measures}
            more.append((day, difference(sum_facts(facts, measures), known)))
        for day, found in more:
            for (name, key), tally in found.items():
                if key[0] == split:
                    add_to(sums[name], ((_placed(key, day, every), tally),))
        return {name: {key: tally for key, tally in some.items() if tally.seen} for name, some in sums.items()}


def _placed(key: Key, day: date, every: str) -> Key:
    if not every:
        return key
    return (key[0], str(monday_of(day) if every == "week" else day), *key[2:])


def rolled_up(kept: Kept, wanted: Wanted) -> dict[str, Groups]:
    """{measure: sums by group and kind of link}, of those that sums are kept of; others are left out.

    Empty where the split or the period (whole days in UTC) asks for more than sums can tell, or too much changed.
    """
    names = tuple(name for name in wanted.measures if name in ROLLED)
    split = {"channel": "", "voice": ""}.get(wanted.by, wanted.by)
    if not names or split not in SPLITS or kept.changed is None:
        return {}
    return {
        name: by_group(sums, wanted.by, channel=wanted.channel, voice=wanted.voice, voices=wanted.voices)
        for name, sums in kept.sums(names, split).items()
    }


def rolled_up_over_time(kept: Kept, measure: str, every: str, *, channel: str = "", voice: str = "") -> Groups | None:
    """Sums of the version as a whole by day, or by week from its Monday (in ISO 8601), and kind of link.

    None as `rolled_up` leaves out.
    """
    if measure not in ROLLED or kept.changed is None:
        return None
    sums = kept.sums((measure,), "", every=every)[measure]
    return by_group(sums, every, channel=channel, voice=voice, voices=False)


def _whole(at: datetime) -> bool:
    return at.timetz().replace(tzinfo=None) == time() and at.utcoffset() == timedelta()


def _changed_of(work: Work, version_id: int) -> Touched | None:
    """Days of the version whose kept sums may be wrong; None: too many rows came in to tell."""
    found = changed_days(work, version_id)
    return None if found is None else found.get(version_id, {})
