"""The sums of one day of one version: worked out of its rows and written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, insert

from bpm.foundation.work import Work
from bpm.processes.changes.marks import CASE, IN_PIECE, ITEM, Piece
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.measures.models import MeasureDay
from bpm.processes.measures.observed import OBSERVED, ORDER, Facts, Only, Seen
from bpm.processes.measures.process_of_a_file import Part
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
        "promises_kept",
        "recontact_7d",
        "listening_ratio",
        "closed_loop_rate",
        "closed_loop_time",
        "last_impression",
    )
)
"""Measures whose sums of a day depend on that day's things and what became of them; others are read from the rows."""
SPLITS = ("", "activity", "lane")
CELL = cast("Table", MeasureDay.__table__)
Key = tuple[str, str, str, str, str, str]
"""(split, place, channel, kind, voice, reader)"""
Sums = dict[tuple[str, Key], Tally]
"""{(measure, key): sums}"""


def facts_of_day(work: Work, part: Part, day: date, only: Only | None = None) -> Facts:
    begin = datetime.combine(day, datetime.min.time(), UTC)
    return Facts(work, part, begin, begin + timedelta(days=1), only=only)


def sum_facts(facts: Facts, measures: Iterable[str]) -> Sums:
    """The sums of a day whose rows may be read already."""
    found: Sums = defaultdict(Tally)
    for name in sorted(measures):
        kind = MEASURES[name].kind
        for key, seen in _placed(OBSERVED[name](facts), facts):
            found[name, key].see(seen, kind)
    return found


def sum_pieces(facts: Facts, measures: Iterable[str]) -> dict[Piece, Sums]:
    """The same apart by piece: together they are those of the day, for each thing is in one piece alone."""
    found: dict[Piece, Sums] = defaultdict(lambda: defaultdict(Tally))
    for name in sorted(measures):
        kind = MEASURES[name].kind
        for key, seen in _placed(OBSERVED[name](facts), facts):
            found[_piece_of(seen)][name, key].see(seen, kind)
    return found


def _piece_of(seen: Seen) -> Piece:
    return (CASE, (seen.case_id or 0) // IN_PIECE) if seen.row_id is None else (ITEM, seen.row_id // IN_PIECE)


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


def write_day(work: Work, part: Part, day: date, sums: Sums) -> None:
    """Replace the sums of a day."""
    work.session.execute(delete(CELL).where(*of_day(part, day)))
    add_cells(work, part, day, sums)


def of_day(part: Part, day: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions under which a row of sums is of that day."""
    return CELL.c.version_id == part.version_id, CELL.c.part == part.process_id, CELL.c.day == day


def add_cells(work: Work, part: Part, day: date, sums: Sums) -> None:
    """Keep sums that the day has none of."""
    rows = [
        {
            "version_id": part.version_id, "part": part.process_id, "day": day, "measure": measure, "split": key[0],
            "place": key[1], "channel": key[2], "kind": key[3], "voice": key[4], "reader": key[5],
            **numbers_of(tally),
        }
        for (measure, key), tally in sums.items()
    ]  # fmt: skip
    if rows:
        work.session.execute(insert(CELL), rows)


def numbers_of(tally: Tally) -> dict[str, Any]:
    """Its columns."""
    return {
        "n": tally.n, "seen": tally.seen, "running": tally.running, "total": tally.total, "squares": tally.squares,
        "times": times_of(tally),
    }  # fmt: skip


def times_of(tally: Tally) -> dict[str, int] | None:
    """Its classes of time as they are kept."""
    return {str(each): count for each, count in tally.times.items()} or None
