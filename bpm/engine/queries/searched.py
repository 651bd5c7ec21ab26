"""What the search finds of the engine: cases by key, process and number, and by their values for operators.

Values are those of the start, of an operator's change, and of the end: steps in between leave the index alone, and
what the others bring is written by the worker.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from bpm.engine.queries.instances import DEFINITION, INSTANCE, VERSION
from bpm.engine.status import ENDED
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission, may
from bpm.identity.permissions import ScopeKind
from bpm.search import Document, Source
from bpm.search.words import mark

MOST_VALUES = 500
"""Values of one case that it is found by."""


def _cases(work: Work, ids: Sequence[int]) -> Iterator[Document]:
    query = (
        select(
            INSTANCE.c.id, INSTANCE.c.business_key, INSTANCE.c.status, INSTANCE.c.started_at, INSTANCE.c.variables,
            VERSION.c.number, DEFINITION.c.name, DEFINITION.c.key,
        )
        .join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .where(INSTANCE.c.id.in_(ids), INSTANCE.c.erased_at.is_(None))
    )  # fmt: skip
    for row in work.session.execute(query):
        state = "ended" if row.status in ENDED else "running"
        marks = frozenset({mark("is", state), mark("is", str(row.status)), mark("source", row.key)})
        title = f"{row.business_key or ''}\n{row.name}\n{row.id}"
        yield Document(row.id, row.started_at, title, kept_back=_values(row.variables), marks=marks)


def _values(variables: dict[str, Any]) -> str:
    """Texts and numbers among the values, however deep they lie; the first `MOST_VALUES`."""
    found: list[str] = []
    waiting: list[Any] = [variables]
    while waiting and len(found) < MOST_VALUES:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            found.append(str(value))
    return "\n".join(found)


def _seen_cases(actor: Actor, case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """All for who sees processes; else those of single processes, or single ones, as granted."""
    if may(actor, Permission.SEE_PROCESSES):
        return true()
    granted = [(kind, key) for what, kind, key in actor.scoped if what == str(Permission.SEE_PROCESSES)]
    keys = [key for kind, key in granted if kind == str(ScopeKind.PROCESS)]
    cases = [int(key) for kind, key in granted if kind == str(ScopeKind.CASE) and key.isdecimal()]
    if not keys and not cases:
        return false()
    of_process = exists().where(
        INSTANCE.c.id == case_id,
        VERSION.c.id == INSTANCE.c.version_id,
        DEFINITION.c.id == VERSION.c.definition_id,
        DEFINITION.c.key.in_(keys),
    )
    return or_(case_id.in_(cases), of_process)


SEARCHED = (
    Source(
        "case",
        INSTANCE.c.id,
        _cases,
        _seen_cases,
        lambda actor: may(actor, Permission.OPERATE),
        where=(INSTANCE.c.erased_at.is_(None),),
        later=True,
    ),
)
"""What the engine hands over to be found."""
