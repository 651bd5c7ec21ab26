"""The audit trail: filtered by the address, each row as a difference in words, paged by key, exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from bpm import audit
from bpm.audit import AuditRow, Filters, Thing
from bpm.audit.differences import Change, changes
from bpm.audit.listing import list_verbs
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.paging import after
from web.core.rate_limits import limited
from web.core.rendering import render
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.ui.days import written_day

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")

LINKS: Mapping[str, tuple[str, str]] = {
    "case": ("instances.instance", "instance_id"),
    "task": ("tasks.task", "item_id"),
    "feedback": ("inbox.item", "item_id"),
    "version": ("designer.version", "version_id"),
    "process": ("designer.process", "key"),
    "batch": ("operations.batch", "batch_id"),
    "import": ("imports.run", "run_id"),
    "customer": ("customers.customer", "customer_id"),
    "upload": ("designer.review", "upload_id"),
}
"""Type of an object -> its page and the name of its number there."""
FIELDS = ("who", "verb", "object", "id", "from", "to", "text")
"""Names of the filters in the address."""


@dataclass(frozen=True)
class ShownRow:
    """A row with its difference in words and the page of its object."""

    row: AuditRow
    changes: tuple[Change, ...]
    url: str
    verb: str


@dataclass(frozen=True)
class AuditPage:
    rows: tuple[ShownRow, ...]
    filters: Mapping[str, str]
    verbs: tuple[str, ...]
    types: tuple[str, ...]
    unsealed: int
    more: str
    csv: str
    lines: str


@blueprint.get("")
@needs(Permission.AUDIT)
def trail() -> str:
    asked = {name: request.args.get(name, "").strip() for name in FIELDS}
    page = audit.list_rows(work(), _filters(asked), after=after())
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return render(
        "audit/trail.html",
        AuditPage(
            rows=tuple(_shown(row) for row in page.rows),
            filters=asked,
            verbs=tuple(list_verbs(work())),
            types=tuple(sorted(LINKS)),
            unsealed=audit.count_unsealed(work()),
            more=url_for(".trail", after=page.after, **kept) if page.after else "",
            csv=url_for(".as_csv", **kept),
            lines=url_for(".as_lines", **kept),
        ),
    )


@blueprint.get("/export.csv")
@needs(Permission.AUDIT, unit="own")
@limited("download")
def as_csv() -> Response:
    return _export("csv")


@blueprint.get("/export.jsonl")
@needs(Permission.AUDIT, unit="own")
@limited("download")
def as_lines() -> Response:
    return _export("jsonl")


def _export(form: str) -> Response:
    """The rows as a file; that it was asked for goes on the trail before the first of them is sent."""
    asked = {name: request.args.get(name, "").strip() for name in FIELDS}
    filters = _filters(asked)
    transactions = product().unit_of_work
    with transactions(actor()) as unit:
        said = {"format": form} | {name: value for name, value in asked.items() if value}
        audit.record(unit, "audit.export", Thing("audit trail", "all", _("The audit trail")), after=said)
    make = audit.export_csv if form == "csv" else audit.export_lines
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    response = Response(_encoded(make(transactions, filters)), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return response


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode("utf-8", "replace")


def _filters(asked: Mapping[str, str]) -> Filters:
    until = written_day(asked["to"], place="to")
    return Filters(
        who=asked["who"],
        verb=asked["verb"],
        object_type=asked["object"],
        object_id=asked["id"],
        since=written_day(asked["from"], place="from"),
        until=until + timedelta(days=1) if until else None,
        text=asked["text"],
    )


def _shown(row: AuditRow) -> ShownRow:
    noun, _dot, verb = row.verb.partition(".")
    return ShownRow(row, tuple(changes(row.before, row.after)), _url(row), f"{noun}: {verb}".replace("_", " "))


def _url(row: AuditRow) -> str:
    known = LINKS.get(row.object_type)
    if known is None:
        return ""
    endpoint, name = known
    if name == "key":
        return url_for(endpoint, key=row.object_id)
    values: dict[str, Any] = {name: int(row.object_id)} if row.object_id.isdecimal() else {}
    return url_for(endpoint, **values) if values else ""
