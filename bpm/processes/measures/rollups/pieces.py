"""Pieces of a day: what a few cases, or items, add to its sums, so that a change costs a piece and not the day.

1. A day of many cases and items is kept together with its pieces, in the transaction that sums it from its rows.
2. What changes about a case or an item changes its piece alone: the piece is summed from its rows, and the difference
   to what it was is put to the sums of the day, in one transaction with the new piece. Counts are whole numbers, so
   that any number of differences comes to what the rows come to.
3. Days that are long over lose their pieces: what still changes about them costs the day.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import cast

import orjson
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, or_, select, update

from bpm.foundation.work import Work
from bpm.processes.changes.marks import CASE, IN_PIECE, ITEM, Piece, day_of
from bpm.processes.measures.models import MeasuredDay, MeasurePiece
from bpm.processes.measures.observed import Only
from bpm.processes.measures.process_of_a_file import Part
from bpm.processes.measures.rollups.cells import (
    CELL,
    ROLLED,
    Key,
    Sums,
    add_cells,
    facts_of_day,
    numbers_of,
    of_day,
    sum_facts,
    sum_pieces,
    write_day,
)
from bpm.processes.measures.tallies import Tally

PIECE = cast("Table", MeasurePiece.__table__)
DAY = cast("Table", MeasuredDay.__table__)
FROM_PIECES = 12
"""A day of fewer pieces is summed from its rows at once, which costs as little."""
HOT = timedelta(days=30)
"""So long after it a day keeps its pieces."""
MOST = 200
"""With more pieces changed, a day is summed from its rows."""
WHOLE: Piece = ("", 0)
"""All of a day."""


def write_whole(work: Work, part: Part, day: date) -> bool:
    """Sum a day from its rows; whether its pieces are kept, too."""
    work.session.execute(delete(PIECE).where(*_of(part, day)))
    facts = facts_of_day(work, part, day)
    if day < day_of(work.now()) - HOT or len(facts.cases) + len(facts.links) < FROM_PIECES * IN_PIECE:
        write_day(work, part, day, sum_facts(facts, ROLLED))
        return False
    pieces = sum_pieces(facts, ROLLED)
    write_day(work, part, day, _together(pieces.values()))
    _keep(work, part, day, pieces)
    return True


def patch_day(work: Work, part: Part, day: date, touched: Collection[Piece]) -> None:
    """Sum the pieces that changed, and put the differences to the sums of the day."""
    before = kept_pieces(work, part, day, touched)
    after = sum_pieces(facts_of_day(work, part, day, only_of(touched)), ROLLED)
    work.session.execute(delete(PIECE).where(*_of(part, day), _among(touched)))
    _keep(work, part, day, after)
    _put(work, part, day, difference(_together(after.values()), before))


def difference(after: Sums, before: Sums) -> Sums:
    """What to put to the one for the other; sums that stay as they are are left out. Pure."""
    none = Tally()
    found = {key: after.get(key, none).without(before.get(key, none)) for key in {*after, *before}}
    return {key: tally for key, tally in found.items() if tally != none}


def kept_pieces(work: Work, part: Part, day: date, touched: Collection[Piece]) -> Sums:
    """What those pieces added to the sums of the day."""
    rows = work.session.scalars(select(PIECE.c.sums).where(*_of(part, day), _among(touched)))
    return _together(unpack(each) for each in rows)


def only_of(touched: Iterable[Piece]) -> Only:
    """The cases and items of pieces."""
    ids: dict[str, list[int]] = {CASE: [], ITEM: []}
    for kind, number in sorted(touched):
        ids[kind] += range(number * IN_PIECE, (number + 1) * IN_PIECE)
    return Only(tuple(ids[CASE]), tuple(ids[ITEM]))


def forget_pieces(work: Work) -> None:
    """Those of days that are long over."""
    old = (DAY.c.in_pieces, DAY.c.day < day_of(work.now()) - HOT)
    for version_id, day in work.session.execute(select(DAY.c.version_id, DAY.c.day).where(*old)).all():
        here = (PIECE.c.version_id == version_id, PIECE.c.day == day)
        work.session.execute(delete(PIECE).where(*here))
        work.session.execute(
            update(DAY).where(DAY.c.version_id == version_id, DAY.c.day == day).values(in_pieces=False)
        )


def pack(sums: Sums) -> bytes:
    """Sums in a few bytes; `unpack` gives them back."""
    rows = [(name, *key, *numbers_of(tally).values()) for (name, key), tally in sums.items()]
    return zlib.compress(orjson.dumps(rows), 1)


def unpack(packed: bytes) -> Sums:
    """The sums of a piece."""
    found: Sums = {}
    for name, *key, n, seen, running, total, squares, times in orjson.loads(zlib.decompress(packed)):
        tally = Tally(n=n, total=total, squares=squares, seen=seen, running=running)
        tally.times.update({int(each): count for each, count in (times or {}).items()})
        tally.tell(key[2], key[5], seen - running, n, round(total))
        found[name, cast("Key", tuple(key))] = tally
    return found


def _together(parts: Iterable[Mapping[tuple[str, Key], Tally]]) -> Sums:
    found: Sums = {}
    for sums in parts:
        for key, tally in sums.items():
            (found.get(key) or found.setdefault(key, Tally())).add(tally)
    return found


def _keep(work: Work, part: Part, day: date, pieces: Mapping[Piece, Sums]) -> None:
    rows = [
        {
            "version_id": part.version_id, "part": part.process_id, "day": day, "kind": kind, "number": number,
            "sums": pack(sums),
        }
        for (kind, number), sums in pieces.items()
    ]  # fmt: skip
    if rows:
        work.session.execute(insert(PIECE), rows)


def _put(work: Work, part: Part, day: date, more: Sums) -> None:
    """Put differences to the sums of the day: sums of nothing go, sums that were not there come."""
    if not more:
        return
    names = {name for name, _key in more}
    kept = {
        (row.measure, (row.split, row.place, row.channel, row.kind, row.voice, row.reader)): row
        for row in work.session.execute(select(CELL).where(*of_day(part, day), CELL.c.measure.in_(names)))
    }
    fresh: Sums = {}
    changed, gone = [], []
    for key, tally in more.items():
        row = kept.get(key)
        if row is None:
            fresh[key] = tally
            continue
        now = Tally(n=row.n, total=row.total, squares=row.squares, seen=row.seen, running=row.running)
        now.times.update({int(each): count for each, count in (row.times or {}).items()})
        now.add(tally)
        if now.seen:
            changed.append({"cell": row.id, **{f"its_{name}": value for name, value in numbers_of(now).items()}})
        else:
            gone.append({"cell": row.id})
    add_cells(work, part, day, fresh)
    if changed:
        work.session.execute(_CHANGE, changed)
    if gone:
        work.session.execute(_GO, gone)


_CHANGE = (
    update(CELL)
    .where(CELL.c.id == bindparam("cell"))
    .values({name: bindparam(f"its_{name}") for name in ("n", "seen", "running", "total", "squares", "times")})
)
_GO = delete(CELL).where(CELL.c.id == bindparam("cell"))


def _of(part: Part, day: date) -> tuple[ColumnElement[bool], ...]:
    return PIECE.c.version_id == part.version_id, PIECE.c.part == part.process_id, PIECE.c.day == day


def _among(touched: Collection[Piece]) -> ColumnElement[bool]:
    numbers: dict[str, list[int]] = {}
    for kind, number in touched:
        numbers.setdefault(kind, []).append(number)
    return or_(*(and_(PIECE.c.kind == kind, PIECE.c.number.in_(some)) for kind, some in numbers.items()))
