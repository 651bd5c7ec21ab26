"""What was found as lines of a page: a name, where it opens, and the words around what was asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from bpm.engine import queries as engine
from bpm.engine.queries import CaseFilter
from bpm.feedback import queries as feedback
from bpm.feedback.queries import ItemFilter
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.search import Asked, Piece, snippet
from web.ui.case_words import case_state


@dataclass(frozen=True)
class Line:
    """One thing found: what it is, where it opens, its name and a piece of its words."""

    kind: str
    title: tuple[Piece, ...]
    url: str
    pieces: tuple[Piece, ...] = ()
    at: datetime | None = None


Lines = Callable[[Work, Asked, Sequence[int]], Iterator[Line]]


def in_order(work: Work, asked: Asked, kind: str, ids: Sequence[int]) -> tuple[Line, ...]:
    """Lines of the things of a kind, in the order of `ids`; what went in the meantime is left out."""
    return tuple(LINES[kind](work, asked, ids)) if ids else ()


def _items(work: Work, asked: Asked, ids: Sequence[int]) -> Iterator[Line]:
    rows = {row.id: row for row in feedback.list_items(work, ItemFilter(ids=ids), len(ids)).rows}
    for row in (rows[each] for each in ids if each in rows):
        title = snippet(f"{row.author}, {row.channel}" + (f": {row.subject}" if row.subject else ""), asked)
        yield Line(_("said"), title, url_for("inbox.item", item_id=row.id), snippet(row.text, asked), row.placed_at)


def _replies(work: Work, asked: Asked, ids: Sequence[int]) -> Iterator[Line]:
    rows = feedback.item_of_replies(work, ids)
    for item_id, text, author in (rows[each] for each in ids if each in rows):
        yield Line(_("reply"), snippet(author, asked), url_for("inbox.item", item_id=item_id), snippet(text, asked))


def _customers(work: Work, asked: Asked, ids: Sequence[int]) -> Iterator[Line]:
    names = feedback.names_of_customers(work, ids)
    sees_cases = may(work.actor, Permission.SEE_PROCESSES)
    for each in (one for one in ids if one in names):
        said = url_for("inbox.items", customer=each, view="all")
        url = url_for("cases.cases", customer=each) if sees_cases else said
        told = _("Their cases") if sees_cases else _("What they said")
        yield Line(_("customer"), snippet(names[each] or _("Without a name"), asked), url, (Piece(told),))


def _cases(work: Work, asked: Asked, ids: Sequence[int]) -> Iterator[Line]:
    rows = {row.id: row for row in engine.list_cases(work, CaseFilter(ids=tuple(ids)), limit=len(ids)).rows}
    for row in (rows[each] for each in ids if each in rows):
        title = snippet(row.business_key or _("Case %(number)s") % {"number": row.id}, asked)
        told = snippet(f"{row.name}, {case_state(row.status)}", asked)
        yield Line(_("case"), title, url_for("instances.instance", instance_id=row.id), told, row.started_at)


LINES: Mapping[str, Lines] = {"item": _items, "reply": _replies, "customer": _customers, "case": _cases}
"""Kind of document -> how it stands on the page."""
