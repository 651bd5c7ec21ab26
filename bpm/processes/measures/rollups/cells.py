"""The sums of one day of one version: worked out of its rows, written, and put together again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select

from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.measures.models import MeasureDay
from bpm.processes.measures.observed import OBSERVED, ORDER, Facts, Seen
from bpm.processes.measures.process_of_a_file import Part
from bpm.processes.measures.splits import CUSTOMERS
from bpm.processes.measures.tallies import Tally

ROLLED = frozenset(
    (
        "negative_share",
        "complaints_per_100",
        "first_answer",
        "waiting",
        "work",
        "rework",
        "hand_overs",
        "escapes",
        "listening_ratio",
        "closed_loop_rate",
        "closed_loop_time",
        "last_impression",
    )
)
"""Measures whose sums of a day depend on that day's things alone; the others are read as they are asked."""
SPLITS = ("", "activity", "lane")
CELL = cast("Table", MeasureDay.__table__)
Key = tuple[str, str, str, str, str, str]
"""(split, place, channel, kind, voice, reader)"""


@dataclass(frozen=True)
class Asked:
    """Which sums are wanted: [since, until) in whole days."""

    part: Part
    measure: str
    split: str
    since: date
    until: date
    daily: bool = False
    """Whether the place of each sum is its day."""


def sum_day(work: Work, part: Part, day: date, measures: Iterable[str]) -> dict[tuple[str, Key], Tally]:
    """{(measure, key): sums} of one day, from the rows themselves."""
    begin = datetime.combine(day, datetime.min.time(), UTC)
    facts = Facts(work, part, begin, begin + timedelta(days=1))
    found: dict[tuple[str, Key], Tally] = {}
    for name in sorted(measures):
        kind = MEASURES[name].kind
        for key, seen in _placed(OBSERVED[name](facts), facts):
            found.setdefault((name, key), Tally()).see(seen, kind)
    return found


def _placed(seen: Iterable[Seen], facts: Facts) -> Iterator[tuple[Key, Seen]]:
    """Each thing at each of its places; an item at a place once, under the first of its kinds."""
    items: dict[tuple[str, str, int], Seen] = {}
    for each in seen:
        for split, place in _places(each, facts):
            if each.item_id is None:
                yield _key(split, place, each), each
                continue
            known = items.get((split, place, each.item_id))
            if known is None or ORDER.index(each.kind) < ORDER.index(known.kind):
                items[split, place, each.item_id] = each
    for (split, place, _item), each in items.items():
        yield _key(split, place, each), each


def _places(seen: Seen, facts: Facts) -> Iterator[tuple[str, str]]:
    if seen.whole:
        yield "", ""
    if seen.part and seen.element in facts.lanes:
        yield "activity", seen.element
        yield "lane", facts.lanes[seen.element]


def _key(split: str, place: str, seen: Seen) -> Key:
    return split, place, seen.channel, seen.kind, seen.voice, seen.reader


def write_day(work: Work, part: Part, day: date) -> None:
    """Replace the sums of a day by what its rows come to now."""
    of = (CELL.c.version_id == part.version_id, CELL.c.part == part.process_id, CELL.c.day == day)
    work.session.execute(delete(CELL).where(*of))
    rows = [
        {
            "version_id": part.version_id, "part": part.process_id, "day": day, "measure": measure, "split": key[0],
            "place": key[1], "channel": key[2], "kind": key[3], "voice": key[4], "reader": key[5], "n": tally.n,
            "seen": tally.seen, "running": tally.running, "total": tally.total, "squares": tally.squares,
            "times": {str(each): count for each, count in tally.times.items()} or None,
        }
        for (measure, key), tally in sum_day(work, part, day, ROLLED).items()
    ]  # fmt: skip
    if rows:
        work.session.execute(insert(CELL), rows)


def kept_sums(work: Work, asked: Asked, but: Iterable[date]) -> dict[Key, Tally]:
    """{key: sums} of the kept days, without those in `but`."""
    of = [
        CELL.c.version_id == asked.part.version_id, CELL.c.part == asked.part.process_id,
        CELL.c.measure == asked.measure, CELL.c.split == asked.split, CELL.c.day >= asked.since,
        CELL.c.day < asked.until,
    ]  # fmt: skip
    if days := sorted(but):
        of.append(CELL.c.day.not_in(days))
    place = CELL.c.day if asked.daily else CELL.c.place
    key = (CELL.c.split, place, CELL.c.channel, CELL.c.kind, CELL.c.voice, CELL.c.reader)
    sums = [func.sum(CELL.c[name]) for name in ("n", "seen", "running", "total", "squares")]
    found: dict[Key, Tally] = {}
    for row in work.session.execute(select(*key, *sums).where(*of).group_by(*key)):
        found[_key_of(row)] = _tally(row, *row[6:])
    if MEASURES[asked.measure].kind == "duration":
        for row in work.session.execute(select(*key, CELL.c.times).where(*of, CELL.c.times.is_not(None))):
            _add_times(found[_key_of(row)].times, row[6])
    return found


def _key_of(row: Any) -> Key:
    return (row[0], str(row[1]), row[2], row[3], row[4], row[5])


def _tally(key: Any, n: int, seen: int, running: int, total: float, squares: float) -> Tally:
    channel, reader = key[2], key[5]
    tally = Tally(n=n, seen=seen, running=running, total=total, squares=squares)
    if channel and seen > running:
        tally.sources[channel] = seen - running
    if reader and n:
        tally.read[reader], tally.read_hits[reader] = n, round(total)
    return tally


def _add_times(into: Counter[int], times: Mapping[str, int] | None) -> None:
    for each, count in (times or {}).items():
        into[int(each)] += count


def by_group(sums: Mapping[Key, Tally], by: str, *, channel: str, voices: bool) -> dict[str, dict[str, Tally]]:
    """{group: {kind of link: sums}} as `splits.grouped` gives it."""
    found: dict[str, dict[str, Tally]] = {}
    for (_split, place, came_by, kind, voice, _reader), tally in sums.items():
        if (channel and came_by and came_by != channel) or not (voices or voice in CUSTOMERS):
            continue
        group = {"channel": came_by, "voice": voice}.get(by, place)
        found.setdefault(group, {}).setdefault(kind, Tally()).add(tally)
    return found
