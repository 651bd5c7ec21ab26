"""Takes the demo out of a database that other people work with: what is the demo's goes, theirs stays.

1. When the story ends, the highest id of each table is put on record: up to it everything is the demo's.
2. What came later and hangs on a row that goes, goes too: a case of a demo's process, a reply to a demo's customer.
   That a demo's person did it is no such thing: the row stays, and names nobody.
3. A department of the demo stays while one of their people is in it. The audit trail stays: nothing shortens it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Integer,
    Table,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from bpm import audit, identity
from bpm.foundation.db import Base
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.search.models import SearchDocument, SearchWaiting

BANNER = "demo"
"""Key of the banner that says so on every page."""
VERB, THING = "demo.load", audit.Thing("demo", 1, "Demo")
LEFT_ALONE = frozenset(
    {"audit_entry", "audit_waiting", "audit_mark", "audit_value", "search_document", "search_waiting", "search_filled",
     "worker_heartbeat", "process_spec"}
)  # fmt: skip
"""The trail, which nothing shortens; the index, which is filled anew; and what belongs to nobody."""
USERS, GROUPS, MEMBERS = "user_account", "user_group", "membership"
AT_ONCE = 500
SAID = {
    "feedback_item": _("things that customers said"),
    "customer": _("customers"),
    "reply": _("replies"),
    "promise": _("promises"),
    "incident": _("incidents"),
    "process_definition": _("processes"),
    "process_instance": _("cases"),
    "work_item": _("tasks"),
    "improvement": _("improvements"),
    "verdict_plan": _("verdicts"),
    "user_account": _("people who sign in"),
    "user_group": _("departments"),
}
"""Table -> what people call its rows."""


@dataclass(frozen=True)
class Part:
    """How much of one kind goes: the demo's own, and what came later and hangs on it; and how much stays."""

    name: str
    own: int
    later: int
    stays: int


def put_on_record(work: Work) -> None:
    """Everything that is there now is the demo's."""
    upto = {
        table.name: work.session.scalar(select(func.max(table.c.id))) or 0
        for table in Base.metadata.sorted_tables
        if _has_id(table)
    }
    names = sorted(upto)
    parts = {str(at): {name: upto[name] for name in names[at : at + 100]} for at in range(0, len(names), 100)}
    audit.record(work, VERB, THING, after=parts)


def is_there(work: Work) -> bool:
    """Whether the whole demo is in the database."""
    return any(banner.key == BANNER for banner in identity.list_banners(work))


def others(work: Work) -> int:
    """How many accounts are not the demo's; ConflictError where nothing tells them apart."""
    return work.session.scalar(select(func.count()).select_from(User).where(User.id > _marks(work)[USERS])) or 0


def demand_other(work: Work) -> None:
    """ForbiddenError unless who acts has an account of their own: with the demo its people go."""
    if (work.actor.user_id or 0) <= _marks(work)[USERS]:
        raise ForbiddenError(
            _("%(name)s is one of the demo’s people, who go with it.") % {"name": work.actor.display_name},
            remedy=_("Invite yourself as an administrator, sign in with that account, and come back."),
        )


def what_goes(work: Work) -> tuple[Part, ...]:
    """By kind; what has no name of its own is summed up last."""
    going = _Going(work)
    rest, parts = [0, 0], []
    for table in going.tables:
        own, later = going.count(table)
        if table.name in SAID:
            all_of_it = work.session.scalar(select(func.count()).select_from(table)) or 0
            parts.append(Part(_(SAID[table.name]), own, later, all_of_it - own - later))
        else:
            rest = [rest[0] + own, rest[1] + later]
    return (*parts, Part(_("records of other kinds"), rest[0], rest[1], 0))


def remove(work: Work) -> int:
    """Take it all out, in one transaction; gives how many rows went. The trail says who did it."""
    going = _Going(work)
    for table in going.tables:
        going.name_nobody(table)
    went = sum(going.delete(table) for table in reversed(going.tables))
    again = select(SearchDocument.kind, SearchDocument.object_id)
    work.session.execute(
        insert(SearchWaiting).from_select(["kind", "object_id"], again)
    )  # the worker drops what is gone
    identity.take_banner(work, BANNER)
    work.nudge("search")
    audit.record(work, "demo.remove", THING, before={"rows": went}, after={"rows": 0})
    return went


def _marks(work: Work) -> Mapping[str, int]:
    rows = audit.list_rows(work, audit.Filters(verb=VERB), limit=1).rows
    found = {name: int(upto) for part in (rows[0].after or {}).values() for name, upto in part.items()} if rows else {}
    if USERS not in found:
        raise ConflictError(
            _("An earlier release loaded this demo: nothing tells what is its own."),
            remedy=_("Empty the whole database: earshot demo --wipe --everything"),
        )
    return found


def _has_id(table: Table) -> bool:
    key = list(table.primary_key.columns)
    is_number = len(key) == 1 and isinstance(key[0].type, BigInteger | Integer)
    return is_number and key[0].name == "id" and table.name not in LEFT_ALONE


class _Going:
    """Which rows go: those up to the mark, and later ones that hang on them."""

    def __init__(self, work: Work) -> None:
        self._work, self._marks = work, _marks(work)
        self.tables = [
            table for table in Base.metadata.sorted_tables
            if table.name not in LEFT_ALONE and (_has_id(table) or table.foreign_keys)
        ]  # fmt: skip
        self._stay = self._departments_in_use()
        self._keys = self._keys_of_processes()
        self._later: dict[str, list[int]] = {}
        for table in self.tables:
            if _has_id(table):
                self._later[table.name] = self._find_later(table)

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
        return and_(own, number.not_in(self._stay)) if table.name == GROUPS and self._stay else own

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

    def count(self, table: Table) -> tuple[int, int]:
        """(the demo's own, later ones)"""
        if not _has_id(table):
            hanging = or_(false(), *self._hangs(table))
            return self._work.session.scalar(select(func.count()).select_from(table).where(hanging)) or 0, 0
        own = select(func.count()).select_from(table).where(self._own(table))
        return self._work.session.scalar(own) or 0, len(self._later[table.name])

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


def _only_names(key: ForeignKey) -> bool:
    """Whether it says who did something, and may say that nobody did."""
    rules = (str(each.sqltext) for each in key.parent.table.constraints if isinstance(each, CheckConstraint))
    may_be_nobody = bool(key.parent.nullable) and not any(key.parent.name in rule for rule in rules)
    return key.column.table.name == USERS and may_be_nobody


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
