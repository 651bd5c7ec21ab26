"""Pages that managers and staff ask of a company's year, and what each takes: processor time, database, statements."""

import re
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, text

from bpm.app import App

TIMES = 5
MS_OF_TICK = 10.0
"""In which `/proc` tells processor time."""
_REPORT = "/insights/reports?process=volume&measure={measure}&by={by}&days={days}"
_PROCESS = "/insights/processes/volume"
PAGES = (
    *(
        _REPORT.format(measure=measure, by=by, days=days)
        for measure, by, days in (
            ("negative_share", "activity", 90), ("waiting", "activity", 90), ("waiting", "lane", 250),
            ("complaints_per_100", "channel", 250), ("recontact_7d", "", 365), ("promises_kept", "activity", 365),
            ("rework", "version", 365), ("negative_share", "voice", 90), ("negative_share", "theme", 90),
            ("waiting", "group", 90), ("waiting", "variable:region", 90), ("waiting", "rule", 90),
            ("silent_share", "", 90), ("rescue_rate", "", 90), ("csat", "", 90), ("cost_per_case", "", 90),
        )
    ),
    _REPORT.format(measure="negative_share", by="version", days=250) + "&picture=series",
    "/insights?days=90", "/insights?days=365",
    f"{_PROCESS}?days=90", f"{_PROCESS}?days=365&layer=waiting", f"{_PROCESS}/chart",
    f"{_PROCESS}/charts/waiting?element=task_1", f"{_PROCESS}/variants", f"{_PROCESS}/artefacts",
    "/insights/all-functions?days=90", "/insights/all-functions?days=365",
    "/insights/contact-causes?days=30", "/insights/contact-causes?days=90", "/insights/contact-causes?days=365",
    "/insights/contact-causes?days=90&by=theme", "/insights/contact-causes?days=365&by=topic",
    "/insights/costs?days=30", "/insights/costs?days=90", "/insights/costs?days=365",
    "/insights/channels?days=30", "/insights/channels?days=365", "/insights/capacity", "/insights/departments",
    "/insights/between", "/insights/black-holes", "/insights/undated", "/insights/case-causes",
    "/insights/suggestions", "/insights/reports/measures", "/insights/reports/equity?days=90", "/insights/influence",
    "/insights/alarms", "/insights/verdicts", "/insights/surveys", "/insights/perception", "/insights/maturity",
    "/processes/volume/ownership", "/processes/volume/by-department", "/goals", "/improvements", "/rollouts",
    "/own-ways?process=volume", "/themes", "/promises", "/inbox", "/customers", "/customers/1", "/conversations/1",
    "/tasks?scope=all", "/processes", "/processes/volume", "/processes/volume/cases", "/instances/5", "/cases",
    "/search?q=volume", "/admin/audit", "/operations", "/incidents", "/praise?whom=all",
)  # fmt: skip


@dataclass(frozen=True)
class Took:
    """What one request takes: milliseconds of the processor of this process (median) and of the database (mean)."""

    page: str
    status: int
    worked: float
    database: float
    statements: int

    @property
    def total(self) -> float:
        return self.worked + self.database


def time_page(app: App, client: FlaskClient, page: str) -> Took:
    """Of a page that was asked before."""
    status = client.get(page).status_code
    with _counted(app) as statements:
        client.get(page)
    worked: list[float] = []
    began = _database_ms(app)
    for _number in range(TIMES):
        before = process_time()
        client.get(page)
        worked.append((process_time() - before) * 1000)
    return Took(page, status, statistics.median(worked), (_database_ms(app) - began) / TIMES, len(statements))


@contextmanager
def _counted(app: App) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(app.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(app.database, "before_cursor_execute", note)


def _database_ms(app: App) -> float:
    """Processor time of the database's processes that serve this database, with those that help them, on this machine.

    0 where the database runs in this process.
    """
    if app.database.dialect.name != "postgresql":
        return 0.0
    with app.database.connect() as connection:
        pids = connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
    return sum(_ticks(pid) for pid in [*pids, *{_parent(pid) for pid in pids}]) * MS_OF_TICK


def _stat(pid: int) -> list[str]:
    told = Path(f"/proc/{pid}/stat")
    return re.sub(r"^.*\) ", "", told.read_text(encoding="utf-8")).split() if told.exists() else ["0"] * 20


def _ticks(pid: int) -> int:
    """Its own, and those of children that ended: workers that read for it."""
    return sum(int(each) for each in _stat(pid)[11:15])


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])
