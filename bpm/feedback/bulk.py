"""Many rows in one statement, with the ids they were given."""

from collections import defaultdict
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.orm import InstrumentedAttribute

from bpm.foundation.work import Work


class _Keyed(Protocol):
    id: Any


def insert_all(
    work: Work,
    table: type[_Keyed],
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
    ids: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for new_id, *values in work.session.execute(insert(table).returning(table.id, *told_apart_by), rows):
        ids[tuple(values)].append(new_id)
    names = [column.key for column in told_apart_by]
    return [ids[tuple(row[name] for name in names)].pop() for row in rows]
