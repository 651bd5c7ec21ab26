"""Reads the trail: filtered, newest first, linked and waiting rows as one list."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, Table, func, literal, null, or_, select, union_all

from bpm.audit.digests import HEAD
from bpm.audit.models import AuditEntry, AuditValue, AuditWaiting
from bpm.foundation.db import Page
from bpm.foundation.work import Work

ENTRY = cast("Table", AuditEntry.__table__)
VALUE = cast("Table", AuditValue.__table__)
WAITING = cast("Table", AuditWaiting.__table__)


@dataclass(frozen=True)
class Filters:
    """Which rows; what is empty does not count."""

    who: str = ""
    """A person's id, part of the name that stood on record, or system, console, visitor."""
    verb: str = ""
    """As it is (task.complete), or its noun (task)."""
    object_type: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The instant before which."""
    text: str = ""
    """Part of the words, the reason or the values."""


@dataclass(frozen=True)
class AuditRow:
    """One row as it is read."""

    id: int
    position: int | None
    """In the chain; None while it waits to be linked."""
    at: datetime
    who: str
    actor_kind: str
    actor_id: int | None
    verb: str
    object_type: str
    object_id: str
    words: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str
    address: str
    hash: str | None
    erased: bool


def list_rows(work: Work, filters: Filters, *, after: int | None = None, limit: int = 50) -> Page[AuditRow]:
    """The newest rows, or those before the row `after`."""
    rows = work.session.execute(_query(filters, after).limit(limit + 1)).mappings().all()
    shown = tuple(_read(row) for row in rows[:limit])
    return Page(shown, after=shown[-1].id if len(rows) > limit else None)


def count_unsealed(work: Work) -> int:
    """How many rows wait to be linked."""
    return work.session.scalar(select(func.count()).select_from(WAITING)) or 0


def list_verbs(work: Work) -> list[str]:
    """The verbs that occur, for a filter; each is one step along an index."""
    found: list[str] = []
    query = select(func.min(ENTRY.c.verb))
    verb = work.session.scalar(query)
    while verb is not None and len(found) < 200:
        found.append(verb)
        verb = work.session.scalar(query.where(ENTRY.c.verb > verb))
    waiting = work.session.scalars(select(WAITING.c.verb).distinct().limit(200))
    return sorted({*found, *waiting})


def _query(filters: Filters, after: int | None) -> Select[Any]:
    sealed = select(
        *(ENTRY.c[name] for name in HEAD), ENTRY.c.position, ENTRY.c.hash, VALUE.c.details
    ).select_from(ENTRY.outerjoin(VALUE, VALUE.c.entry_id == ENTRY.c.id))  # fmt: skip
    waiting = select(
        *(WAITING.c[name] for name in HEAD),
        null().cast(ENTRY.c.position.type).label("position"),
        null().cast(String(64)).label("hash"),
        WAITING.c.details,
    )
    if after is not None:
        sealed, waiting = sealed.where(ENTRY.c.id < after), waiting.where(WAITING.c.id < after)
    both: CompoundSelect[Any] = union_all(
        sealed.where(*_conditions(filters, ENTRY, VALUE)), waiting.where(*_conditions(filters, WAITING, WAITING))
    )
    rows = both.subquery()
    return select(rows).order_by(rows.c.id.desc())


def _conditions(filters: Filters, head: Table, values: Table) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.who:
        found.append(_by(filters.who, head, values))
    if filters.verb:
        noun = filters.verb.rstrip(".")
        found.append(head.c.verb == noun if "." in noun else or_(head.c.verb.startswith(f"{noun}.", autoescape=True)))
    if filters.object_type:
        found.append(head.c.object_type == filters.object_type)
    if filters.object_id:
        found.append(head.c.object_id == filters.object_id)
    if filters.since:
        found.append(head.c.at >= filters.since)
    if filters.until:
        found.append(head.c.at < filters.until)
    if filters.text:
        found.append(values.c.details.icontains(_in_json(filters.text), autoescape=True))
    return found


def _by(who: str, head: Table, values: Table) -> ColumnElement[bool]:
    if who.isdecimal():
        return head.c.actor_id == int(who[:18])
    if who in {"system", "console", "visitor"}:
        return head.c.actor_kind == who
    # "who" is the last name of the sorted JSON but one: its text begins right after the name.
    named = literal('%"who":"%') + _escaped(_in_json(who)) + literal('%","words":%')
    return values.c.details.ilike(named, escape="/")


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _in_json(text: str) -> str:
    """As it stands inside a text of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "replace").decode()


def _read(row: Any) -> AuditRow:
    said = json.loads(row["details"]) if row["details"] is not None else {}
    unnamed = f"person {row['actor_id']}" if row["actor_id"] is not None else row["actor_kind"]
    return AuditRow(
        id=row["id"],
        position=row["position"],
        at=row["at"],
        who=said.get("who") or unnamed,
        actor_kind=row["actor_kind"],
        actor_id=row["actor_id"],
        verb=row["verb"],
        object_type=row["object_type"],
        object_id=row["object_id"],
        words=said.get("words", ""),
        reason=said.get("reason", ""),
        before=said.get("before"),
        after=said.get("after"),
        request_id=row["request_id"],
        address=said.get("address", ""),
        hash=row["hash"],
        erased=row["details"] is None,
    )
