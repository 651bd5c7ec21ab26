"""All that is kept of one customer, as one JSON document: what they may ask for (GDPR, articles 15 and 20)."""

from typing import Any

from sqlalchemy import Table, select

from bpm import audit
from bpm.feedback.privacy.raw_records import open_raw
from bpm.foundation.db import Base
from bpm.foundation.personal_data import How
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.erasure.erase import theirs
from bpm.processes.erasure.person import Person, find_person
from bpm.processes.erasure.register import REGISTER

_NOT_HERE = frozenset({"raw_record", "attachment_piece"})


def export_person(work: Work, customer_id: int, *, reason: str) -> dict[str, Any]:
    """{"customer", "records": {item id: record as received}, table: [rows]}; who asked for it goes on the audit trail.

    ForbiddenError without the right, InvalidInputError without a reason, NotFoundError for nobody.
    """
    demand(work.actor, Permission.RAW)
    person = find_person(work, customer_id)
    records = open_raw(work, person.items, reason=reason)
    thing = audit.Thing("customer", customer_id, about=f"customer {customer_id}")
    audit.record(work, "customer.export", thing, reason=reason)
    tables = {
        name: _rows(work, Base.metadata.tables[name], person)
        for name, data in REGISTER.items()
        if data.rows and name not in _NOT_HERE
    }
    return {"customer": customer_id, "records": records, **{name: rows for name, rows in tables.items() if rows}}


def _rows(work: Work, table: Table, person: Person) -> list[dict[str, Any]]:
    """Their rows; what only the engine reads (its state) is left out, since its values stand beside it."""
    data = REGISTER[table.name]
    columns = [column for column in table.columns if data.erased.get(column.name) != How.STATE]
    query = select(*columns).where(theirs(table, data, person)).order_by(*table.primary_key.columns)
    return [dict(row) for row in work.session.execute(query).mappings()]


def plain(value: object) -> str:
    """How bytes and the like stand in the document."""
    return value.hex() if isinstance(value, bytes) else str(value)
