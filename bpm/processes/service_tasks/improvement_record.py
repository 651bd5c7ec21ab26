"""improvement.record: what a case taught becomes a proposed change to a process, with the case behind it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine.api import JobCall
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.work import Work
from bpm.processes.improvements import OpenedFrom, Origin, open_sheet
from bpm.processes.models import Improvement
from bpm.processes.service_tasks.inputs import find_item, person_behind, read_text
from bpm.processes.status import ImprovementStatus


def record_improvement(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: improvement_title [, _description, _process, _element]. Out: improvement_id. Done twice it writes once."""
    known = work.session.scalar(select(Improvement.id).where(Improvement.job_key == call.idempotency_key))
    if known is not None:
        return {"improvement_id": known}
    title, person = read_text(call.payload, "improvement_title"), person_behind(work, call)
    item = find_item(work, call)
    improvement = Improvement(
        definition_key=read_text(call.payload, "improvement_process", default=_own_key(work, call.version_id)),
        element=read_text(call.payload, "improvement_element", default=""),
        title=title[:300],
        description=read_text(call.payload, "improvement_description", default=""),
        item_id=item.id if item else None,
        instance_id=call.instance_id,
        job_key=call.idempotency_key,
        proposed_by=person.id if person else None,
        status=ImprovementStatus.PROPOSED,
        created_at=work.now(),
    )
    work.session.add(improvement)
    work.session.flush()
    opened_from = OpenedFrom(Origin.TASK, str(call.instance_id))
    open_sheet(work, improvement, opened_from, [item.id] if item is not None else [])
    return {"improvement_id": improvement.id}


def _own_key(work: Work, version_id: int) -> str:
    query = select(ProcessDefinition.key).join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
    return work.session.scalars(query.where(ProcessVersion.id == version_id)).one()
