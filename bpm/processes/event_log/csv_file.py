"""The log as CSV: one row a visit, with the columns that `earshot log import` reads again."""

from collections.abc import Iterable, Iterator
from typing import Any

from bpm.foundation.tables import csv_row
from bpm.processes.event_log.visits import Cases, LoggedCase

COLUMNS = (
    "case_id", "activity", "started_at", "completed_at", "version", "group", "customer", "opened_at", "element",
    "type", "status", "business_key", "process",
)  # fmt: skip


def as_csv(cases: Cases) -> Iterator[bytes]:
    """`started_at` is when work began: when a person took it, else when it was opened; an open visit has no end."""
    yield csv_row(list(COLUMNS))
    for row in _rows(cases()):
        yield csv_row([row[name] for name in COLUMNS])


def _rows(cases: Iterable[LoggedCase]) -> Iterator[dict[str, Any]]:
    for case in cases:
        customer = case.customers[0] if case.customers else ""
        for visit in case.visits:
            yield {
                "case_id": case.case_id,
                "activity": visit.activity,
                "started_at": visit.claimed_at or visit.opened_at,
                "completed_at": visit.closed_at,
                "version": case.version,
                "group": visit.group,
                "customer": customer,
                "opened_at": visit.opened_at,
                "element": visit.element,
                "type": visit.type,
                "status": visit.status,
                "business_key": case.business_key,
                "process": case.process,
            }
