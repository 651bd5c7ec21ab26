"""Cases of all processes as a list finds them: by state, key, element, dates, a variable's value, words.

How it stays flat however many cases there are: the sharpest condition is walked along its index, newest first, and the
others are asked of the `LOOKED` newest that the walk gives. Where that was not enough, the page says how far back it
looked and goes on from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Select, String, Table, and_, exists, func, or_, select, tuple_, union_all
from sqlalchemy import cast as sql_cast

from bpm.engine.models import ActivityInstance, Failure
from bpm.engine.queries.cases.variable_values import holds
from bpm.engine.queries.instances import (
    DEFINITION,
    INSTANCE,
    MOST_WALKS,
    VERSION,
    InstanceRow,
    instance_row,
    instance_rows,
    versions_of,
)
from bpm.engine.status import FailureStatus, InstanceStatus
from bpm.engine.work_items.access import ITEM, visible_to
from bpm.foundation.work import Work
from bpm.identity import Permission, may

VISIT = cast("Table", ActivityInstance.__table__)
FAILURE = cast("Table", Failure.__table__)

LOOKED = 5_000
"""Cases that conditions without an index are asked of, for one page."""
COUNTED = 10_000
"""Cases that the counts beside the filters are made of: the newest ones."""
MOST_WORDS = 8
PLACES = 3
OFFERED = 30
"""Elements that are offered as filters."""


@dataclass(frozen=True)
class CaseFilter:
    """What is asked of cases; what is empty is not asked."""

    process: str = ""
    number: int | None = None
    statuses: tuple[InstanceStatus, ...] = ()
    key: str = ""
    """The business key, exactly."""
    element: str = ""
    """Where they stand: id of an element in which something is open."""
    failing: bool = False
    """An open failure."""
    variable: str = ""
    """Name of a variable, or `name.entry` of one that is an object."""
    value: str = ""
    """What it holds, as typed: see `variable_values.holds`."""
    started_from: datetime | None = None
    started_before: datetime | None = None
    ended_from: datetime | None = None
    ended_before: datetime | None = None
    ids: tuple[int, ...] | None = None
    """Only these: the cases of a customer, or those that stand still."""
    words: str = ""
    """Each must be somewhere in the business key, the name of the process or the number of the case."""


@dataclass(frozen=True)
class CasePage:
    """Rows newest first; `after` goes on. `looked`: how many were looked through without filling the page, or None."""

    rows: tuple[InstanceRow, ...]
    after: int | None
    looked: int | None = None


@dataclass(frozen=True)
class CaseCount:
    """How many cases of one version are in one state."""

    key: str
    name: str
    number: int
    status: InstanceStatus
    count: int


@dataclass(frozen=True)
class CaseCounts:
    """`capped`: there are more; these were counted among the newest `COUNTED`."""

    rows: tuple[CaseCount, ...]
    capped: bool


@dataclass(frozen=True)
class _Walk:
    """Candidates by an index: one select of (id, at) per stretch of it, and what is still to be asked of each."""

    stretches: Sequence[Select[Any]]
    by: Column[Any]
    rest: Sequence[ColumnElement[bool]]


def list_cases(work: Work, wanted: CaseFilter, *, after: int | None = None, limit: int = 50) -> CasePage:
    """Cases that meet the filter, newest first; by the date that is asked for, else by number."""
    walk = _walk_of(work, wanted, after)
    if walk is None:
        return CasePage((), None)
    bound = LOOKED if walk.rest else limit + 1
    window = _window(walk, bound)
    found = select(window.c.id).select_from(_joined(window)).where(*walk.rest)
    ids = found.order_by(window.c.at.desc(), window.c.id.desc()).limit(limit + 1)
    query = instance_rows().where(INSTANCE.c.id.in_(ids)).order_by(walk.by.desc(), INSTANCE.c.id.desc())
    rows = [instance_row(row) for row in work.session.execute(query)]
    if len(rows) > limit:
        return CasePage(tuple(rows[:limit]), rows[limit - 1].id)
    beyond = _last_looked_at(work, walk) if walk.rest else None
    return CasePage(tuple(rows), beyond, LOOKED if beyond else None)


def count_cases(work: Work, wanted: CaseFilter) -> CaseCounts:
    """How many cases meet the filter, by version and state, among the newest `COUNTED`: one grouped query."""
    walk = _walk_of(work, wanted, None)
    if walk is None:
        return CaseCounts((), capped=False)
    window = _window(walk, COUNTED)
    # Told by number first: the names are looked up for the few groups, not for every case.
    grouped = (
        select(INSTANCE.c.version_id, INSTANCE.c.status, func.count().label("count"))
        .select_from(_joined(window))
        .where(*walk.rest)
        .group_by(INSTANCE.c.version_id, INSTANCE.c.status)
        .subquery()
    )
    query = (
        select(DEFINITION.c.key, DEFINITION.c.name, VERSION.c.number, grouped.c.status, grouped.c.count)
        .join(VERSION, VERSION.c.id == grouped.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .order_by(DEFINITION.c.name, DEFINITION.c.key, VERSION.c.number.desc(), grouped.c.status)
    )
    rows = tuple(CaseCount(*row) for row in work.session.execute(query))
    total = sum(row.count for row in rows)
    return CaseCounts(rows, capped=total >= COUNTED or (bool(walk.rest) and _is_more(work, walk)))


def count_standing(work: Work, process: str, number: int | None = None) -> list[tuple[str, str, int]]:
    """(element, name, how many visits are open there) of a process, most first, among the newest `COUNTED`."""
    versions, _alone = versions_of(work, process, number)
    opened = (
        select(VISIT.c.element, VISIT.c.name)
        .where(VISIT.c.version_id.in_(versions), VISIT.c.closed_at.is_(None))
        .limit(COUNTED)
        .subquery()
    )
    query = select(opened.c.element, func.max(opened.c.name), func.count()).group_by(opened.c.element)
    rows = work.session.execute(query.order_by(func.count().desc(), opened.c.element).limit(OFFERED))
    return [(element, name or element, count) for element, name, count in rows]


def _window(walk: _Walk, bound: int) -> Any:
    """The newest `bound` candidates as a subquery of (id, at)."""
    pieces = [select(each.limit(bound).subquery()) for each in walk.stretches]
    union = (union_all(*pieces) if len(pieces) > 1 else pieces[0]).subquery()
    return select(union).order_by(union.c.at.desc(), union.c.id.desc()).limit(bound).subquery()


def _joined(window: Any) -> Any:
    return (
        window.join(INSTANCE, INSTANCE.c.id == window.c.id)
        .join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
    )


def _last_looked_at(work: Work, walk: _Walk) -> int | None:
    """The last candidate of the window when there are more behind it."""
    window = _window(walk, LOOKED + 1)
    query = select(window.c.id).order_by(window.c.at.desc(), window.c.id.desc()).offset(LOOKED - 1).limit(2)
    last = work.session.scalars(query).all()
    return last[0] if len(last) == 2 else None


def _is_more(work: Work, walk: _Walk) -> bool:
    window = _window(walk, COUNTED + 1)
    return work.session.scalar(select(window.c.id).offset(COUNTED).limit(1)) is not None


def _walk_of(work: Work, wanted: CaseFilter, after: int | None) -> _Walk | None:
    """Along which index it goes, and what is left to ask; None when nothing can be found."""
    whole: Sequence[int] = ()
    conditions: dict[str, ColumnElement[bool]] = _conditions(work, wanted)
    if wanted.process:
        versions, alone = versions_of(work, wanted.process, wanted.number)
        if not versions:
            return None
        conditions["process"] = and_(INSTANCE.c.version_id.in_(versions), *alone)
        whole = () if alone else versions
    by = _order(wanted)
    if wanted.element and by is INSTANCE.c.id and not {"ids", "key"} & set(conditions):
        return _Walk([_standing(wanted.element, after)], by, [c for name, c in conditions.items() if name != "element"])
    leading, taken = _leading(wanted, whole, by, conditions)
    beyond = _beyond(by, after)
    stretches = [
        select(INSTANCE.c.id, by.label("at")).where(*each, *beyond).order_by(by.desc(), INSTANCE.c.id.desc())
        for each in leading
    ]
    rest = [condition for name, condition in conditions.items() if name not in taken]
    return _Walk(stretches, by, rest)


def _standing(element: str, after: int | None) -> Select[Any]:
    """Cases in which something is open there, along the index of open visits; one with two of them comes once."""
    here = [VISIT.c.element == element, VISIT.c.closed_at.is_(None)]
    here += [VISIT.c.instance_id < after] if after is not None else []
    case = VISIT.c.instance_id
    return select(case.label("id"), case.label("at")).where(*here).group_by(case).order_by(case.desc())


def _leading(
    wanted: CaseFilter, versions: Sequence[int], by: Column[Any], conditions: Mapping[str, ColumnElement[bool]]
) -> tuple[list[tuple[ColumnElement[bool], ...]], tuple[str, ...]]:
    """(conditions of each stretch, names of the conditions met by them)"""
    for name in ("ids", "key"):
        if name in conditions:
            return [(conditions[name],)], (name,)
    if by is not INSTANCE.c.id:
        name = "started" if by is INSTANCE.c.started_at else "ended"
        return [(conditions[name],)], (name,)
    statuses = wanted.statuses or tuple(InstanceStatus)
    if versions and len(versions) * len(statuses) <= MOST_WALKS:
        pairs = product(versions, statuses)
        return [(INSTANCE.c.version_id == v, INSTANCE.c.status == s) for v, s in pairs], ("status", "process")
    if wanted.statuses:
        return [(INSTANCE.c.status == each,) for each in statuses], ("status",)
    return [()], ()


def _conditions(work: Work, wanted: CaseFilter) -> dict[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if wanted.ids is not None:
        found["ids"] = INSTANCE.c.id.in_(wanted.ids)
    if wanted.key:
        found["key"] = INSTANCE.c.business_key == wanted.key
    if wanted.element:
        standing = select(VISIT.c.instance_id).where(VISIT.c.element == wanted.element, VISIT.c.closed_at.is_(None))
        found["element"] = INSTANCE.c.id.in_(standing)
    if wanted.statuses:
        found["status"] = INSTANCE.c.status.in_(wanted.statuses)
    for name, column, since, until in (
        ("started", INSTANCE.c.started_at, wanted.started_from, wanted.started_before),
        ("ended", INSTANCE.c.ended_at, wanted.ended_from, wanted.ended_before),
    ):
        bounds = [column >= since] if since else []
        bounds += [column < until] if until else []
        if bounds:
            found[name] = and_(column.is_not(None), *bounds)
    if wanted.failing:
        here = (FAILURE.c.instance_id == INSTANCE.c.id, FAILURE.c.status == FailureStatus.OPEN)
        found["failing"] = exists().where(*here)
    if wanted.variable:
        found["variable"] = _variable(work, wanted)
    if wanted.words.strip():
        found["words"] = _words(wanted.words)
    return found


def _variable(work: Work, wanted: CaseFilter) -> ColumnElement[bool]:
    """A value is told, also by being found, only of cases whose variables the person may read."""
    there = holds(work, INSTANCE.c.variables, wanted.variable, wanted.value)
    if may(work.actor, Permission.OPERATE):
        return there
    mine = exists().where(ITEM.c.instance_id == INSTANCE.c.id, visible_to(work.actor))
    return and_(there, mine)


def _words(words: str) -> ColumnElement[bool]:
    columns = (INSTANCE.c.business_key, DEFINITION.c.name, DEFINITION.c.key, sql_cast(INSTANCE.c.id, String))
    asked = words.split()[:MOST_WORDS]
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in asked))


def _order(wanted: CaseFilter) -> Column[Any]:
    if wanted.started_from or wanted.started_before:
        return INSTANCE.c.started_at
    return INSTANCE.c.ended_at if wanted.ended_from or wanted.ended_before else INSTANCE.c.id


def _beyond(by: Column[Any], after: int | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    if by is INSTANCE.c.id:
        return [INSTANCE.c.id < after]
    last = INSTANCE.alias("last")
    seen = select(last.c[by.name], last.c.id).where(last.c.id == after)
    return [tuple_(by, INSTANCE.c.id) < seen.scalar_subquery()]


def counted_without(wanted: CaseFilter) -> CaseFilter:
    """The filter without what its own choices narrow down: state, process and version; their counts are told of it."""
    return replace(wanted, process="", number=None, statuses=())


def places_of(work: Work, instance_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Case -> the names of the steps it stands at, the innermost ones, at most `PLACES` of each."""
    inner = VISIT.alias("inner")
    has_inner = exists().where(
        inner.c.instance_id == VISIT.c.instance_id, inner.c.parent == VISIT.c.uid, inner.c.closed_at.is_(None)
    )
    query = (
        select(VISIT.c.instance_id, VISIT.c.name, VISIT.c.element)
        .where(VISIT.c.instance_id.in_(instance_ids), VISIT.c.closed_at.is_(None), ~has_inner)
        .order_by(VISIT.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in work.session.execute(query) if instance_ids else ():
        names = found.get(row.instance_id, ())
        if len(names) < PLACES:
            found[row.instance_id] = tuple(dict.fromkeys((*names, row.name or row.element)))
    return found
