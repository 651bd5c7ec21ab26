"""Rows of a log become cases and visits: what is new, what has ended since, what is known already."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from bpm.foundation.work import Work
from bpm.processes.outside.models import OutsideCase, OutsideProcess, OutsideRun, OutsideVisit
from bpm.processes.outside.rows import LogRow

PROBLEMS_KEPT = 1_000
"""Rows that did not come in as they were and are named; the others are counted."""


@dataclass(frozen=True)
class Problem:
    """A row that did not come in as it was: `kind` is failed, left out or warning."""

    place: str
    reason: str
    kind: str


@dataclass
class LogReport:
    """What became of the rows of a file."""

    process: str
    run: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    left_out: int = 0
    failed: int = 0
    cases: int = 0
    problems: list[Problem] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    """Activities that the diagram does not draw."""
    problem: str = ""
    """Why the file could not be read to its end; what came before is kept."""

    def tell(self, place: str, reason: str, kind: str) -> None:
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(place, reason, kind))


@dataclass(frozen=True)
class Target:
    """The process that rows are kept under."""

    id: int
    elements: Mapping[str, str]
    """Activity, as `_plain` writes it, or id -> element's id."""


def target_of(process: OutsideProcess) -> Target:
    """What its diagram draws, by id and by name."""
    return Target(process.id, _names(process.elements))


def _names(elements: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Ids win over names, and of two elements of one name the first."""
    found: dict[str, str] = {}
    for each in elements:
        found.setdefault(_plain(str(each.get("name") or "")), str(each["id"]))
    found |= {_plain(str(each["id"])): str(each["id"]) for each in elements}
    found.pop("", None)
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def place_again(work: Work, process: Target) -> None:
    """A new diagram: the visits that are there already stand where it draws them."""
    activities = work.session.scalars(
        select(OutsideVisit.activity).where(OutsideVisit.process_id == process.id).distinct()
    ).all()
    for activity in activities:
        work.session.execute(
            update(OutsideVisit)
            .where(OutsideVisit.process_id == process.id, OutsideVisit.activity == activity)
            .values(element=process.elements.get(_plain(activity), ""))
        )


def take_rows(work: Work, process: Target, report: LogReport, batch: Sequence[LogRow]) -> None:
    report.rows += sum(not row.note for row in batch)
    visits = [row for row in batch if row.is_visit]
    for row in batch:
        if row.reason:
            report.failed += 1
            report.tell(row.place, row.reason, "failed")
        elif row.ignored:
            report.left_out += 1
            report.tell(row.place, row.ignored, "left out")
        for warning in (*row.warnings, *([row.note] if row.note else [])):
            report.tell(row.place, warning, "warning")
    cases = _cases(work, process, visits)
    known = _known(work, set(cases.values()))
    new: list[dict[str, Any]] = []
    for row in visits:
        _decide(work, process, report, row, cases[row.case], known, new)
    if new:
        work.session.execute(insert(OutsideVisit), new)
    unmatched = Counter(row.activity for row in visits if not process.elements.get(_plain(row.activity)))
    if process.elements:
        report.unmatched = sorted({*report.unmatched, *unmatched})[:200]
    write_counts(work, report)


def _cases(work: Work, process: Target, visits: Sequence[LogRow]) -> dict[str, int]:
    """Case key -> id, made where it is new; a customer that was not told before is written down."""
    customers: dict[str, str] = {}
    for row in visits:
        customers[row.case] = customers.get(row.case) or row.customer
    known = {
        row.case_key: row
        for row in work.session.scalars(
            select(OutsideCase).where(OutsideCase.process_id == process.id, OutsideCase.case_key.in_(customers))
        )
    }
    missing = [key for key in customers if key not in known]
    for key in missing:
        known[key] = OutsideCase(process_id=process.id, case_key=key, customer_key=customers[key])
        work.session.add(known[key])
    for key, case in known.items():
        case.customer_key = case.customer_key or customers[key]
    work.session.flush()
    return {key: case.id for key, case in known.items()}


Known = dict[tuple[int, str, Any], list[dict[str, Any]]]


def _known(work: Work, case_ids: set[int]) -> Known:
    found: Known = defaultdict(list)
    rows = work.session.execute(
        select(
            OutsideVisit.id, OutsideVisit.case_id, OutsideVisit.activity, OutsideVisit.placed_at,
            OutsideVisit.started_at, OutsideVisit.completed_at,
        ).where(OutsideVisit.case_id.in_(case_ids))
    )  # fmt: skip
    for row in rows:
        found[row.case_id, row.activity, row.placed_at].append({"id": row.id, "completed_at": row.completed_at})
    return found


def _decide(
    work: Work, process: Target, report: LogReport, row: LogRow, case_id: int, known: Known,
    new: list[dict[str, Any]],
) -> None:  # fmt: skip
    placed = row.placed_at
    there = known[case_id, row.activity, placed]
    if any(each["completed_at"] == row.completed_at for each in there) or (there and row.completed_at is None):
        report.known += 1
        return
    still_open = next((each for each in there if each["completed_at"] is None and row.completed_at is not None), None)
    if still_open is not None:
        still_open["completed_at"] = row.completed_at
        report.changed += 1
        if still_open["id"] is None:
            still_open["row"]["completed_at"] = row.completed_at
            return
        work.session.execute(
            update(OutsideVisit).where(OutsideVisit.id == still_open["id"]).values(completed_at=row.completed_at)
        )
        return
    values = {
        "process_id": process.id, "case_id": case_id, "activity": row.activity,
        "element": process.elements.get(_plain(row.activity), ""), "lane": row.group, "version": row.version,
        "started_at": row.started_at, "completed_at": row.completed_at, "placed_at": placed, "run_id": report.run,
    }  # fmt: skip
    report.new += 1
    new.append(values)
    there.append({"id": None, "completed_at": row.completed_at, "row": values})


def write_counts(work: Work, report: LogReport) -> None:
    """How far it is, for who looks on; the places are written once, at the end."""
    told = {name: getattr(report, name) for name in ("rows", "new", "changed", "known", "left_out", "failed")}
    work.session.execute(update(OutsideRun).where(OutsideRun.id == report.run).values(**told))
    work.nudge("logs")
