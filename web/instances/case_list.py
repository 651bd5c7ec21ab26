"""Cases over all processes, and those of one: searched, filtered by the address, paged by key, exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm import audit
from bpm.audit import Thing
from bpm.engine import queries
from bpm.engine.queries import CasePage, InstanceRow
from bpm.foundation.tables import csv_line
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Transactions
from bpm.identity import Permission, may
from bpm.processes.customers_cases import CaseCustomer, customers_of, find_customer
from web.core.on_record.reads import note_read
from web.core.paging import SIZE, after
from web.core.rate_limits import limited
from web.core.rendering import Choice, here, render
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.instances import case_filters
from web.instances.case_filters import Asked
from web.instances.restart import may_restart
from web.ui.case_words import case_state

blueprint = Blueprint("cases", __name__)

CHUNK = 500
COLUMNS = ("number", "key", "process", "version", "state", "stands at", "customer", "started", "ended", "started by")


@dataclass(frozen=True)
class CaseRow:
    """A case with where it stands and whose it is."""

    row: InstanceRow
    places: tuple[str, ...]
    customer: CaseCustomer | None


@dataclass(frozen=True)
class CasesPage:
    rows: tuple[CaseRow, ...]
    after: int | None
    looked: int | None
    """How many cases were looked through, where that did not fill the page."""
    texts: Mapping[str, str]
    process: str
    """Key that the form keeps; empty where the address already says it."""
    states: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    elements: tuple[Choice, ...]
    capped: int | None
    """The counts are of so many of the newest cases; None: of all."""
    customer: CaseCustomer | None
    narrowed: bool
    csv: str
    restartable: frozenset[int] = frozenset()
    """Cases of the page that the reader may take up again."""
    restart_all: str = ""
    """Address at which all that fit are taken up again; "" where they are of several processes."""
    head: Head | None = None


@blueprint.get("/cases")
@needs(Permission.SEE_PROCESSES)
def cases() -> str:
    return _page("")


@blueprint.get("/processes/<key>/cases")
@needs(Permission.SEE_PROCESSES)
def of_process(key: str) -> str:
    return _page(key)


@blueprint.get("/processes/<key>/instances")
@needs(Permission.SEE_PROCESSES)
def moved(key: str) -> AnyResponse:
    """The address that the list had before."""
    query = request.query_string.decode("utf-8", "replace")
    return redirect(url_for(".of_process", key=key) + (f"?{query}" if query else ""), 301)


def _page(key: str) -> str:
    given = _asked(key)
    found = queries.list_cases(work(), given.wanted, after=after(), limit=SIZE)
    counted = queries.count_cases(work(), queries.counted_without(given.wanted))
    customer = given.texts["customer"] if _sees_customers() else ""
    page = CasesPage(
        rows=_rows(found),
        after=found.after,
        looked=found.looked,
        texts=given.texts,
        process="" if key else given.process,
        states=case_filters.states(counted, given),
        processes=() if key else case_filters.processes(counted, given),
        versions=case_filters.versions(counted, given),
        elements=case_filters.elements(work(), given),
        capped=queries.COUNTED if counted.capped else None,
        customer=find_customer(work(), int(customer)) if customer.isdecimal() and len(customer) < 19 else None,
        narrowed=any(given.texts.values()) or bool(given.process and not key),
        csv=here().replace(request.path, url_for(".as_csv"), 1),
        restartable=frozenset(each.id for each in found.rows if may_restart(each)),
        head=head_of(key, queries.list_versions(work(), key)) if key else None,
    )
    if given.process and page.restartable:
        address = here().replace(request.path, url_for("operations.restart_many"), 1)
        page = replace(page, restart_all=_with_process(address, key) if key else address)
    if key:
        page = replace(page, csv=_with_process(page.csv, key))
    if given.is_private:
        said = " ".join(f"{name}={value}" for name, value in given.texts.items() if value)
        note_read("search.run", Thing("cases", "all", _("Cases")), asked=said)
    return render("instances/cases.html", page)


def _with_process(address: str, key: str) -> str:
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{url_for('.as_csv', process=key).partition('?')[2]}"


def _sees_customers() -> bool:
    return may(actor(), Permission.SEE_FEEDBACK)


def _asked(key: str) -> Asked:
    return case_filters.asked(work(), key, sees_customers=_sees_customers())


def _rows(found: CasePage) -> tuple[CaseRow, ...]:
    ids = [row.id for row in found.rows]
    places = queries.places_of(work(), [row.id for row in found.rows if row.ended_at is None])
    customers = customers_of(work(), ids) if _sees_customers() else {}
    return tuple(CaseRow(row, places.get(row.id, ()), customers.get(row.id)) for row in found.rows)


@blueprint.get("/cases/export.csv")
@needs(Permission.SEE_PROCESSES, unit="own")
@limited("download")
def as_csv() -> Response:
    """The cases of the filter as a file; that it was asked for goes on record before the first line is sent."""
    transactions, person, sees = product().unit_of_work, actor(), _sees_customers()
    with transactions(person) as unit:
        given = case_filters.asked(unit, sees_customers=sees)
        said: dict[str, Any] = {name: value for name, value in given.texts.items() if value}
        if given.process:
            said["process"] = given.process
        audit.record(unit, "case.export", Thing("cases", "all", _("Cases")), after={"format": "csv", **said})

    def lines() -> Iterator[bytes]:
        yield csv_line(COLUMNS).encode()
        for line in _lines(transactions, person, given, sees_customers=sees):
            yield csv_line(line).encode("utf-8", "replace")

    response = Response(lines(), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="cases.csv"'
    return response


def _lines(transactions: Transactions, person: Actor, given: Asked, *, sees_customers: bool) -> Iterator[list[Any]]:
    last: int | None = None
    while True:
        with transactions.reading(person) as unit:
            found = queries.list_cases(unit, given.wanted, after=last, limit=CHUNK)
            ids = [row.id for row in found.rows]
            places, customers = queries.places_of(unit, ids), customers_of(unit, ids) if sees_customers else {}
        for row in found.rows:
            yield _line(row, places.get(row.id, ()), customers.get(row.id))
        if found.after is None:
            return
        last = found.after


def _line(row: InstanceRow, places: tuple[str, ...], customer: CaseCustomer | None) -> list[Any]:
    return [
        row.id, row.business_key, row.name, row.number, case_state(row.status), "; ".join(places),
        customer.name if customer else None, row.started_at.isoformat(),
        row.ended_at.isoformat() if row.ended_at else None, row.started_by,
    ]  # fmt: skip
