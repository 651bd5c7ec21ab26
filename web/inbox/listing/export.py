"""The inbox's list as a file, with its filters; that it was asked for goes on record before the first row is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Response

from bpm import audit
from bpm.audit import Thing
from bpm.feedback import queries, tags
from bpm.feedback.queries import ItemFilter, ItemRow
from bpm.foundation.tables import csv_row, json_line
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Transactions
from bpm.identity import Permission
from bpm.processes.queries import list_black_holes
from web.core.rate_limits import limited
from web.core.request_context import actor, product
from web.core.security import needs
from web.inbox.blueprint import blueprint
from web.inbox.listing.filters import asked

PAGE = 500
"""Rows read together."""

COLUMNS = (
    "id", "source", "channel", "text", "subject", "question", "said_at", "received_at", "author", "rating", "language",
    "primary", "topic", "sentiment", "urgency", "decision", "answered_at", "customer_id", "conversation_id", "version",
    "tags",
)  # fmt: skip


@blueprint.get("/export.csv")
@needs(Permission.SEE_FEEDBACK, unit="own")
@limited("download")
def as_csv() -> Response:
    return _export(
        "csv", "text/csv; charset=utf-8", lambda row: csv_row(list(row.values())), head=csv_row(list(COLUMNS))
    )


@blueprint.get("/export.jsonl")
@needs(Permission.SEE_FEEDBACK, unit="own")
@limited("download")
def as_lines() -> Response:
    return _export("jsonl", "application/x-ndjson", json_line)


def _export(form: str, kind: str, written: Callable[[Mapping[str, Any]], bytes], *, head: bytes = b"") -> Response:
    transactions, person = product().unit_of_work, actor()
    view, wanted, said = asked()
    with transactions(person) as unit:
        audit.record(unit, "feedback.export", Thing("inbox", "all", _("Inbox")), after={"format": form, **said})

    def rows() -> Iterator[bytes]:
        yield head
        for row, names in _rows(transactions, person, view, wanted):
            yield written({**{name: getattr(row, name) for name in COLUMNS[:-1]}, "tags": names})

    response = Response(rows(), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="inbox.{form}"'
    return response


def _rows(transactions: Transactions, person: Actor, view: str, wanted: ItemFilter) -> Iterator[tuple[ItemRow, str]]:
    """Each row with the names of its tags, commas between."""
    after: int | None = None
    while True:
        with transactions.reading(person) as unit:
            if view == "holes":
                found = list_black_holes(unit, limit=PAGE, after=after, wanted=replace(wanted, after=None))
            else:
                found = queries.list_items(unit, replace(wanted, after=after), PAGE)
            named = tags.tags_of(unit, [row.first_id for row in found.rows])
        yield from ((row, ", ".join(name for _id, name in named.get(row.first_id, ()))) for row in found.rows)
        if found.after is None:
            return
        after = found.after
