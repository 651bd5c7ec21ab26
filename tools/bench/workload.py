"""The two processes that are measured: three people in a row behind a decision, and one person in a loop."""

from collections.abc import Mapping
from typing import Any

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'id="bench" targetNamespace="urn:earshot:bench">'
)


def _flow(source: str, target: str, condition: str = "") -> str:
    inner = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    name = f"{source}_to_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def _task(element: str, name: str, **fields: str) -> str:
    """A user task with a form of these fields, {name: type}."""
    drawn = "".join(
        f'<camunda:formField id="{field}" label="{field}" type="{kind}"/>' for field, kind in fields.items()
    )
    form = f"<extensionElements><camunda:formData>{drawn}</camunda:formData></extensionElements>"
    return f'<userTask id="{element}" name="{name}">{form}</userTask>'


def _file(process: str, *parts: str) -> bytes:
    body = "".join(parts)
    return f'{_HEAD}<process id="{process}" isExecutable="true">{body}</process></definitions>'.encode()


ROW = _file(
    "p1",
    '<startEvent id="start"/>',
    _task("A", "Check the feedback", approved="boolean", score="long", comment="string"),
    '<exclusiveGateway id="gw" default="gw_to_rejected"/>',
    _task("B", "Answer the customer", answer="string", voucher="long"),
    _task("C", "Close the case", closed_by="string", rating="long"),
    '<endEvent id="done"/><endEvent id="rejected"/>',
    _flow("start", "A"),
    _flow("A", "gw"),
    _flow("gw", "B", "approved == True"),
    _flow("gw", "rejected"),
    _flow("B", "C"),
    _flow("C", "done"),
)
"""P1: three user tasks and a gateway."""

LOOP = _file(
    "p2",
    '<startEvent id="start"/>',
    _task("U", "One more round", i="long", n="long", note="string"),
    '<exclusiveGateway id="gw" default="gw_to_done"/><endEvent id="done"/>',
    _flow("start", "U"),
    _flow("U", "gw"),
    _flow("gw", "U", "i &lt; n"),
    _flow("gw", "done"),
)
"""P2: one user task in a loop."""

LOOKUP_TOPIC = "tracking.lookup"
LOOKUP = _file(
    "lookup",
    '<startEvent id="start"/>',
    f'<serviceTask id="look" name="Look up the parcel" camunda:type="external" camunda:topic="{LOOKUP_TOPIC}"/>',
    '<endEvent id="done"/>',
    _flow("start", "look"),
    _flow("look", "done"),
)
"""One job and nothing else."""

ROW_FORMS: tuple[dict[str, Any], ...] = (
    {"approved": True, "score": 4, "comment": "The parcel came late, but the courier was kind."},
    {"answer": "Sorry for the delay; a voucher is on its way.", "voucher": 10},
    {"closed_by": "bench", "rating": 5},
)


def loop_form(i: int, n: int) -> dict[str, Any]:
    """What is entered in round `i` of `n`."""
    return {"i": i, "n": n, "note": f"round {i:06d}"}


def typed(form: Mapping[str, Any]) -> dict[str, str]:
    """A form as a browser sends it."""
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in form.items()}
