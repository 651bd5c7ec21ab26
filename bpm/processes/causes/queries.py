"""Reads for pages: what caused a case, what a case caused, and what is asked. Frozen rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Cause
from bpm.processes.outside.models import OutsideCase, OutsideProcess
from bpm.processes.status import CauseStatus

COUNTED = (CauseStatus.FOUND, CauseStatus.CONFIRMED)


@dataclass(frozen=True)
class CauseRow:
    """A case and a case that may have caused it."""

    id: int
    instance_id: int
    item_id: int
    text: str
    """The beginning of the words that opened the case."""
    causing_instance_id: int | None
    causing: str
    """Its process, or the key of the case of elsewhere."""
    outside_key: str
    """Key of the process of elsewhere; empty for one of ours."""
    element: str
    element_name: str
    how: str
    evidence: str
    confidence: float
    status: str
    at: datetime


def causes_of(work: Work, instance_id: int) -> list[CauseRow]:
    """What caused a case, or may have; the surest first."""
    return _rows(work, Cause.instance_id == instance_id, Cause.status != CauseStatus.DROPPED)


def caused_by(work: Work, instance_id: int) -> list[CauseRow]:
    """The cases that complaints about this one opened."""
    return _rows(work, Cause.causing_instance_id == instance_id, Cause.status.in_(COUNTED))


def causes_asked(work: Work, *, limit: int = 100) -> list[CauseRow]:
    """Those of which a person says which it is, the newest cases first."""
    return _rows(work, Cause.status == CauseStatus.ASKED, limit=limit)


def count_asked(work: Work) -> int:
    """Cases of which several may be the cause."""
    asked = select(func.count(Cause.instance_id.distinct())).where(Cause.status == CauseStatus.ASKED)
    return work.session.scalar(asked) or 0


def caused_elsewhere(work: Work, key: str) -> list[tuple[str, int]]:
    """(activity, complaints) of a process that runs elsewhere: what opened cases here and is charged there."""
    rows = work.session.execute(
        select(Cause.element, func.count(Cause.item_id.distinct()).label("n"))
        .join(OutsideCase, OutsideCase.id == Cause.outside_case_id)
        .join(OutsideProcess, OutsideProcess.id == OutsideCase.process_id)
        .where(OutsideProcess.key == key, Cause.status.in_(COUNTED))
        .group_by(Cause.element)
        .order_by(func.count(Cause.item_id.distinct()).desc(), Cause.element)
    )
    return [(row.element, row.n) for row in rows]


def list_caused_elsewhere(work: Work, key: str, element: str, *, limit: int = 200) -> list[CauseRow]:
    """The complaints behind one of those figures."""
    of = select(OutsideCase.id).join(OutsideProcess, OutsideProcess.id == OutsideCase.process_id)
    cases = of.where(OutsideProcess.key == key)
    return _rows(
        work, Cause.outside_case_id.in_(cases), Cause.element == element, Cause.status.in_(COUNTED), limit=limit
    )


def _rows(work: Work, *conditions: ColumnElement[bool], limit: int = 50) -> list[CauseRow]:
    causing = aliased(ProcessInstance)
    rows = work.session.execute(
        select(
            Cause, func.substr(FeedbackItem.text, 1, 200).label("text"), ProcessDefinition.name,
            ProcessVersion.elements, OutsideCase.case_key, OutsideProcess.key.label("outside_key"),
            OutsideProcess.name.label("outside_name"),
        )
        .join(FeedbackItem, FeedbackItem.id == Cause.item_id)
        .outerjoin(causing, causing.id == Cause.causing_instance_id)
        .outerjoin(ProcessVersion, ProcessVersion.id == causing.version_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .outerjoin(OutsideCase, OutsideCase.id == Cause.outside_case_id)
        .outerjoin(OutsideProcess, OutsideProcess.id == OutsideCase.process_id)
        .where(*conditions)
        .order_by(Cause.instance_id.desc(), Cause.confidence.desc(), Cause.id)
        .limit(limit)
    )  # fmt: skip
    return [_row(row) for row in rows]


def _row(row: Any) -> CauseRow:
    cause: Cause = row.Cause
    elements: Sequence[dict[str, Any]] = row.elements or ()
    names = {each["id"]: each["name"] for each in elements}
    return CauseRow(
        id=cause.id, instance_id=cause.instance_id, item_id=cause.item_id, text=row.text,
        causing_instance_id=cause.causing_instance_id,
        causing=row.name or f"{row.outside_name} {row.case_key}", outside_key=row.outside_key or "",
        element=cause.element, element_name=names.get(cause.element) or cause.element, how=str(cause.how),
        evidence=cause.evidence, confidence=cause.confidence, status=str(cause.status), at=cause.at,
    )  # fmt: skip
