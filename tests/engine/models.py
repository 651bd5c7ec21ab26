"""Small models that the store's tests run, and how they come to be live."""

from collections.abc import Mapping
from typing import Any

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.prepare import prepare
from bpm.foundation.work import Work

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 xmlns:e="urn:earshot:model:1" id="definitions" targetNamespace="urn:test">
"""


def model(process_id: str, body: str, *, roots: str = "") -> bytes:
    """A file with one process; `roots` are messages and signals beside it."""
    process = f'<process id="{process_id}" name="{process_id.title()}" isExecutable="true">{body}</process>'
    return f"{HEAD}{roots}{process}</definitions>".encode()


def flow(source: str, target: str, condition: str = "") -> str:
    text = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    name = f"{source}_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{text}</sequenceFlow>'


ONE_TASK = model(
    "one",
    '<startEvent id="start"/><userTask id="Read" name="Read it"/><endEvent id="end"/>'
    + flow("start", "Read")
    + flow("Read", "end"),
)
TWO_TASKS = model(
    "two",
    '<startEvent id="start"/><userTask id="A" name="First"/><userTask id="B" name="Second"/><endEvent id="end"/>'
    + flow("start", "A")
    + flow("A", "B")
    + flow("B", "end"),
)
PARALLEL = model(
    "both",
    '<startEvent id="start"/><parallelGateway id="split"/><userTask id="A"/><userTask id="B"/>'
    '<parallelGateway id="join"/><endEvent id="end"/>'
    + flow("start", "split")
    + flow("split", "A")
    + flow("split", "B")
    + flow("A", "join")
    + flow("B", "join")
    + flow("join", "end"),
)
SERVICE = model(
    "service",
    '<startEvent id="start"/><serviceTask id="Ask" name="Ask" camunda:type="external" camunda:topic="ask"/>'
    '<userTask id="Read"/><endEvent id="end"/>' + flow("start", "Ask") + flow("Ask", "Read") + flow("Read", "end"),
)
CAUGHT = model(
    "caught",
    '<startEvent id="start"/><serviceTask id="Ask" camunda:type="external" camunda:topic="ask"/>'
    '<boundaryEvent id="Broken" attachedToRef="Ask"><errorEventDefinition errorRef="no"/></boundaryEvent>'
    '<userTask id="Mend"/><endEvent id="end"/><endEvent id="end2"/>'
    + flow("start", "Ask")
    + flow("Ask", "end")
    + flow("Broken", "Mend")
    + flow("Mend", "end2"),
    roots='<error id="no" name="no" errorCode="NO"/>',
)
SCRIPT = model(
    "script",
    '<startEvent id="start"/><scriptTask id="Add" scriptFormat="python"><script>total = a + 1</script></scriptTask>'
    '<userTask id="Read"/><endEvent id="end"/>' + flow("start", "Add") + flow("Add", "Read") + flow("Read", "end"),
)
TIMER = model(
    "timer",
    '<startEvent id="start"/><userTask id="Wait"/>'
    '<boundaryEvent id="Late" attachedToRef="Wait"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    '</timerEventDefinition></boundaryEvent><userTask id="Remind"/><endEvent id="end"/><endEvent id="end2"/>'
    + flow("start", "Wait")
    + flow("Wait", "end")
    + flow("Late", "Remind")
    + flow("Remind", "end2"),
)
CYCLE_START = model(
    "cyclic",
    '<startEvent id="start"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition></startEvent>'
    '<userTask id="Look"/><endEvent id="end"/>' + flow("start", "Look") + flow("Look", "end"),
)
WAITER = model(
    "waiter",
    '<startEvent id="start"/><intermediateCatchEvent id="Paid"><messageEventDefinition messageRef="paid" '
    'e:correlationKey="order"/></intermediateCatchEvent><userTask id="Ship"/><endEvent id="end"/>'
    + flow("start", "Paid")
    + flow("Paid", "Ship")
    + flow("Ship", "end"),
    roots='<message id="paid" name="paid"/>',
)
MESSAGE_START = model(
    "ordered",
    '<startEvent id="start"><messageEventDefinition messageRef="order"/></startEvent><userTask id="Pack"/>'
    '<endEvent id="end"/>' + flow("start", "Pack") + flow("Pack", "end"),
    roots='<message id="order" name="order placed"/>',
)
THROWER = model(
    "thrower",
    '<startEvent id="start"/><userTask id="Decide"/><intermediateThrowEvent id="Say"><messageEventDefinition '
    'messageRef="order"/></intermediateThrowEvent><endEvent id="end"/>'
    + flow("start", "Decide")
    + flow("Decide", "Say")
    + flow("Say", "end"),
    roots='<message id="order" name="order placed"/>',
)
ECHO = model(
    "echo",
    '<startEvent id="start"><messageEventDefinition messageRef="order"/></startEvent>'
    '<intermediateThrowEvent id="Say"><messageEventDefinition messageRef="order"/></intermediateThrowEvent>'
    '<endEvent id="end"/>' + flow("start", "Say") + flow("Say", "end"),
    roots='<message id="order" name="order placed"/>',
)
SIGNAL_WAITER = model(
    "listener",
    '<startEvent id="start"/><intermediateCatchEvent id="Heard"><signalEventDefinition signalRef="alarm"/>'
    '</intermediateCatchEvent><userTask id="Act"/><endEvent id="end"/>'
    + flow("start", "Heard")
    + flow("Heard", "Act")
    + flow("Act", "end"),
    roots='<signal id="alarm" name="alarm"/>',
)
CALLER = model(
    "caller",
    '<startEvent id="start"/><callActivity id="Call" calledElement="one"/><endEvent id="end"/>'
    + flow("start", "Call")
    + flow("Call", "end"),
)
LANES = model(
    "lanes",
    '<laneSet id="lanes_"><lane id="l1" name="Customer Service"><flowNodeRef>A</flowNodeRef></lane>'
    '<lane id="l2" name="IT"><flowNodeRef>B</flowNodeRef></lane></laneSet>'
    '<startEvent id="start"/><userTask id="A"/><userTask id="B"/><endEvent id="end"/>'
    + flow("start", "A")
    + flow("A", "B")
    + flow("B", "end"),
)
NO_WAY = model(
    "noway",
    '<startEvent id="start"/><userTask id="A"/><exclusiveGateway id="g"/><userTask id="B"/><endEvent id="end"/>'
    '<endEvent id="end2"/>'
    + flow("start", "A")
    + flow("A", "g")
    + flow("g", "B", "x &gt; 1")
    + flow("g", "end2", "x &lt; 1")
    + flow("B", "end"),
)


def put_live(work: Work, source: bytes, **more: Any) -> str:
    """Deploy a model, have every department sign it, and let it go live; gives its key."""
    prepared = prepare(source, "model.bpmn")
    version = engine.deploy(work, prepared, **more)
    for department in work.settings.sign_offs:
        engine.sign(work, version.id, department, method="console")
    engine.go_live(work, version.id)
    return more.get("key") or prepared.primary


def go_live(app: App, *sources: bytes, **more: Any) -> None:
    with app.unit_of_work() as work:
        for source in sources:
            put_live(work, source, **more)


def begin(app: App, key: str, variables: Mapping[str, Any] | None = None) -> int:
    with app.unit_of_work() as work:
        return engine.start(work, key, variables or {}).id
