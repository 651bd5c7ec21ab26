"""message.send: tells the customer something of an automatic kind, labelled as such; never a conversation (law 1)."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.api import BpmnError, JobCall
from bpm.feedback import outbound
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Work
from bpm.processes.service_tasks.inputs import BAD_INPUT, item_of, read_text


def send_message(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: kind, text [, subject, item_id]. Out: message_id, message_state. Done twice it is one message.

    BpmnError `not_sent` where the gate refuses it or nothing reaches them; the process decides what then.
    """
    kind, text = read_text(call.payload, "kind"), read_text(call.payload, "text")
    item = item_of(work, call)
    try:
        row = outbound.send_automatic(
            work, item.id, kind, text,
            key=f"job {call.idempotency_key}", subject=read_text(call.payload, "subject", default=""),
        )  # fmt: skip
    except ForbiddenError as error:
        raise BpmnError(BAD_INPUT, str(error)) from error
    except InvalidInputError as error:
        raise BpmnError("not_sent", str(error)) from error
    return {"message_id": row.id, "message_state": str(row.state)}
