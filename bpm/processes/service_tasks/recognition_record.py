"""recognition.record: praise reaches the people who earned it, by name, and stays on record."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine.api import BpmnError, JobCall
from bpm.foundation.work import Work
from bpm.processes.models import Recognition
from bpm.processes.praise import tell_praised
from bpm.processes.service_tasks.inputs import BAD_INPUT, item_of, read_text


def record_recognition(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: recipient (user name, group key, or a list of them) [, note]. Out: recognised. Done twice it writes once."""
    value = call.payload.get("recipient")
    recipients = [str(one).strip() for one in (value if isinstance(value, list) else [value or ""])]
    if not all(recipients):
        raise BpmnError(BAD_INPUT, "The variable “recipient” is needed: who earned the praise?")
    item, note = item_of(work, call), read_text(call.payload, "note", default="")
    fresh = []
    for recipient in recipients:
        job_key = f"{call.idempotency_key}:{recipient}"[:120]
        if work.session.scalar(select(Recognition.id).where(Recognition.job_key == job_key)) is None:
            fresh.append(recipient)
            work.session.add(
                Recognition(
                    item_id=item.id,
                    instance_id=call.instance_id,
                    job_key=job_key,
                    recipient=recipient,
                    note=note,
                    recorded_at=work.now(),
                )
            )
    if fresh:
        tell_praised(work, fresh, item)
    return {"recognised": recipients}
