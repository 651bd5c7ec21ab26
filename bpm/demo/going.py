"""Which rows of a database are the demo's, and which hang on them: by the marks that its loading left."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Integer,
    Select,
    Table,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from bpm.foundation.db import Base
from bpm.foundation.work import Work

LEFT_ALONE = frozenset(
    {"audit_entry", "audit_waiting", "audit_mark", "audit_value", "search_document", "search_waiting", "search_filled",
     "worker_heartbeat", "process_spec"}
)  # fmt: skip
"""The trail, which nothing shortens; the index, which is filled anew; and what belongs to nobody."""
USERS, GROUPS, MEMBERS = "user_account", "user_group", "membership"
AT_ONCE = 500
TABLES_AT_ONCE = 50


def _has_id(table: Table) -> bool:
    key = list(table.primary_key.columns)
    is_number = len(key) == 1 and isinstance(key[0].type, BigInteger | Integer)
    return is_number and key[0].name == "id" and table.name not in LEFT_ALONE


class Going:
    """Which rows go: those up to the mark, and later ones that hang on them."""

    def __init__(self, work: Work, marks: Mapping[str, int]) -> None:
        self._work, self._marks = work, marks
        self.tables = [
            table for table in Base.metadata.sorted_tables
            if table.name not in LEFT_ALONE and (_has_id(table) or table.foreign_keys)
        ]  # fmt: skip
        self._stay = self._departments_in_use()
        self._keys = self._keys_of_processes()
        self._later: dict[str, list[int]] = {}
        highest = highest_ids(work)
        for table in self.tables:
            if _has_id(table):
                is_all_ours = highest[table.name] <= self._marks.get(table.name, 0) and not self._stays_of(table)
                self._later[table.name] = [] if is_all_ours else self._find_later(table)

    def _departments_in_use(self) -> list[int]:
        members = Base.metadata.tables[MEMBERS]
        rows = select(members.c.group_id).where(members.c.user_id > self._marks[USERS]).distinct()
        return list(self._work.session.scalars(rows))

    def _keys_of_processes(self) -> list[str]:
        processes = Base.metadata.tables["process_definition"]
        rows = select(processes.c.key).where(processes.c.id <= self._marks["process_definition"])
        return list(self._work.session.scalars(rows))

    def _find_later(self, table: Table) -> list[int]:
        """Rows above the mark that hang on what goes; of a table that refers to itself, until no more are found."""
        found: set[int] = set()
        while True:
            self._later[table.name] = sorted(found)
            fresh = {
                row
                for hangs in self._hangs(table)
                for row in self._work.session.scalars(select(table.c.id).where(~self._own(table), hangs))
            } - found
            if not fresh:
                return sorted(found)
            found |= fresh

    def _own(self, table: Table, column: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
        """Whether a row, or what a column refers to, is the demo's own."""
        number: ColumnElement[Any] = table.c.id if column is None else column
        own = number <= self._marks.get(table.name, 0)
        return and_(own, number.not_in(self._stay)) if self._stays_of(table) else own

    def _stays_of(self, table: Table) -> bool:
        """Whether some of the demo's own rows of a table stay."""
        return table.name == GROUPS and bool(self._stay)

    def _hangs(self, table: Table) -> Iterator[ColumnElement[bool]]:
        """Conditions of which each finds rows that refer to something that goes."""
        if "definition_key" in table.c and self._keys:
            yield table.c.definition_key.in_(self._keys)
        for each in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            parent = each.column.table
            if _only_names(each) or parent.name not in self._marks or each.column.name != "id":
                continue
            yield self._own(parent, each.parent)
            for some in _chunks(self._later.get(parent.name, ())):
                yield each.parent.in_(some)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Table -> (the demo's own rows, later ones), in a statement for a hundred tables."""
        own = numbers(
            self._work,
            {
                table.name: select(func.count())
                .select_from(table)
                .where(self._own(table) if _has_id(table) else or_(false(), *self._hangs(table)))
                for table in self.tables
            },
        )
        return {name: (number, len(self._later.get(name, ()))) for name, number in own.items()}

    def name_nobody(self, table: Table) -> None:
        """Rows that stay, and name a person of the demo, name nobody."""
        for each in table.foreign_keys:
            if _only_names(each):
                goes = self._own(each.column.table, each.parent)
                if _has_id(table):
                    goes = and_(goes, ~self._own(table))
                self._work.session.execute(update(table).where(goes).values({each.parent.name: None}))

    def delete(self, table: Table) -> int:
        """Take them out; gives how many."""
        wheres: Sequence[ColumnElement[bool]] = list(self._hangs(table))
        if _has_id(table):
            wheres = [self._own(table), *(table.c.id.in_(some) for some in _chunks(self._later[table.name]))]
        went = 0
        for where in wheres:
            done: Any = self._work.session.execute(delete(table).where(where))
            went += max(done.rowcount, 0)
        return went


def highest_ids(work: Work) -> dict[str, int]:
    """Table -> its highest id, 0 where it is empty."""
    return numbers(
        work, {each.name: select(func.max(each.c.id)) for each in Base.metadata.sorted_tables if _has_id(each)}
    )


def numbers(work: Work, asked: Mapping[str, Select[Any]]) -> dict[str, int]:
    """What each of these statements gives, many of them in one; nothing is 0."""
    found: dict[str, int] = {}
    names = sorted(asked)
    for some in (names[at : at + TABLES_AT_ONCE] for at in range(0, len(names), TABLES_AT_ONCE)):
        columns = [func.coalesce(asked[name].scalar_subquery(), 0).label(name) for name in some]
        row = work.session.execute(select(*columns)).one()
        found |= dict(zip(some, row, strict=True))
    return found


def _only_names(key: ForeignKey) -> bool:
    """Whether it says who did something, and may say that nobody did."""
    rules = (str(each.sqltext) for each in key.parent.table.constraints if isinstance(each, CheckConstraint))
    may_be_nobody = bool(key.parent.nullable) and not any(key.parent.name in rule for rule in rules)
    return key.column.table.name == USERS and may_be_nobody


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
