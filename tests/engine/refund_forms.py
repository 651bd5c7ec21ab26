"""A task for a group, with a form."""

from typing import Any

from tests.engine.models import flow, model

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "minLength": 1},
        "kind": {"enum": ["yes", "no"]},
        "amount": {"type": "number", "minimum": 0},
    },
    "required": ["answer"],
}
FOR_SERVICE = model(
    "served",
    '<startEvent id="start"/><userTask id="Answer" camunda:candidateGroups="service"/><endEvent id="end"/>'
    + flow("start", "Answer")
    + flow("Answer", "end"),
)
