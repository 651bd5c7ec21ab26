"""Fills a database for measuring: copies of an instance that was really started, row for row, each able to go on."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, Table, func, insert, literal, select, text

from bpm.engine.models import ActivityInstance, ProcessInstance, StepRecord, WorkItem
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
FOLLOWING = tuple(cast("Table", each.__table__) for each in (StepRecord, ActivityInstance, WorkItem))


def copy_instance(work: Work, instance_id: int, *, times: int) -> range:
    """Put so many copies of the instance beside it; gives their ids. Not a way to start one: nothing is told of it.

    The uid of a visit is its own within an instance only, so state and rows of a copy fit each other.
    """
    last = work.session.scalar(select(func.max(INSTANCE.c.id))) or 0
    numbers = _numbers(times)
    _copy(work, INSTANCE, INSTANCE.c.id == instance_id, numbers=numbers, changed={"id": literal(last) + numbers.c.n})
    for table in FOLLOWING:
        rows, owner = table.c.instance_id == instance_id, {"instance_id": literal(last) + numbers.c.n}
        _copy(work, table, rows, numbers=numbers, changed=owner)
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(
            text("SELECT setval(pg_get_serial_sequence('process_instance', 'id'), :last)"), {"last": last + times}
        )
    return range(last + 1, last + times + 1)


def _numbers(times: int) -> Any:
    first = select(literal(1, Integer).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < times))


def _copy(
    work: Work, table: Table, rows: ColumnElement[bool], *, numbers: Any, changed: dict[str, ColumnElement[int]]
) -> None:
    own = {"id"} - set(changed)
    columns = [column for column in table.c if column.name not in own]
    values: Select[Any] = select(*(changed.get(c.name, c).label(c.name) for c in columns))
    values = values.select_from(table.join(numbers, literal(1) == literal(1))).where(rows).order_by(numbers.c.n)
    work.session.execute(insert(table).from_select([column.name for column in columns], values))
