"""Many rows in one statement, with the ids they were given where somebody asks; the mapper, which costs more than the
database does, is left out."""

from collections import defaultdict
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import InstrumentedAttribute

from bpm.foundation.db import Base
from bpm.foundation.work import Work


def put_all(work: Work, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert `rows` (column -> value, all with the same columns); nothing when there are none."""
    if rows:
        work.session.execute(insert(_table(model)), rows)


def insert_all(
    work: Work,
    model: type[Base],
    rows: list[dict[str, Any]],
    *,
    told_apart_by: tuple[InstrumentedAttribute[Any], ...],
) -> list[int]:
    """Insert `rows`; their ids in the same order.

    Databases may give rows back in any order, and asking for ours makes SQLite insert one by one. So the columns
    `told_apart_by` come back beside the id: rows that are alike in them are the same for whoever refers to them.
    """
    if not rows:
        return []
    table = _table(model)
    names = [column.key for column in told_apart_by]
    ids: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    asked = insert(table).returning(table.c.id, *(table.c[name] for name in names))
    for new_id, *values in work.session.execute(asked, rows):
        ids[tuple(values)].append(new_id)
    return [ids[tuple(row[name] for name in names)].pop() for row in rows]


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)
