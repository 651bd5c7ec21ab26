"""Models that between them wait in every way an instance can wait."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.engine.spiff.bench import flow, model

Act = tuple[str, str, dict[str, Any]]
"""(what is done, at which element, with which variables); see `playing.Player.act`."""

ROOTS = (
    '<message id="M" name="paid"/><message id="N" name="asked"/><signal id="G" name="alarm"/>'
    '<error id="E" errorCode="bad"/>'
)


def do(what: str, element: str = "", **variables: Any) -> Act:
    return what, element, variables


@dataclass(frozen=True)
class Waiting:
    """A model, what leads to where it waits, and what ends it."""

    name: str
    what: str
    model: bytes
    variables: dict[str, Any] = field(default_factory=dict)
    before: tuple[Act, ...] = ()
    after: tuple[Act, ...] = ()


def timer(text: str, kind: str = "Duration") -> str:
    return f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"


def message(ref: str, key: str = "") -> str:
    return f'<messageEventDefinition messageRef="{ref}"{f" e:correlationKey={chr(34)}{key}{chr(34)}" if key else ""}/>'


def path(*elements: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(elements))


WAITING = (
    Waiting(
        "user_task",
        "a user task with a form, variables of its own and a group",
        model(
            '<startEvent id="s"/><userTask id="A" name="Ask" e:group="service" e:form="ask">'
            '<e:input name="own" expression="n + 1"/><e:output name="out" expression="own * 2"/></userTask>'
            '<userTask id="B"/><endEvent id="e"/>' + path("s", "A", "B", "e")
        ),
        {"n": 1, "text": "ä", "list": [1, {"two": 2.5}], "none": None},
        after=(do("complete", "A", said="yes"), do("complete", "B")),
    ),
    Waiting(
        "jobs",
        "a service task and a script side by side",
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><serviceTask id="J" e:topic="crm.find" e:retries="5" '
            'e:resultVariable="found"/><scriptTask id="P"><script>m = n + 1</script></scriptTask>'
            '<parallelGateway id="j"/><endEvent id="e"/>'
            + path("s", "f", "J", "j", "e") + path("f", "P", "j")
        ),
        {"n": 1},
        after=(do("job", "J", id=7), do("job", "P", m=2)),
    ),
    Waiting(
        "job_error",
        "a service task whose error is caught",
        model(
            '<startEvent id="s"/><serviceTask id="J" e:topic="t"/><boundaryEvent id="b" attachedToRef="J">'
            '<errorEventDefinition errorRef="E"/></boundaryEvent><userTask id="Mend"/><endEvent id="e"/>'
            + path("s", "J", "e") + path("b", "Mend", "e"),
            roots=ROOTS,
        ),
        after=(do("error", "J", code="bad"), do("complete", "Mend")),
    ),
    Waiting(
        "timers",
        "an intermediate timer beside a task with a counted cycle that has fired once",
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><intermediateCatchEvent id="T">' + timer("PT2H")
            + '</intermediateCatchEvent><userTask id="A"/><boundaryEvent id="b" attachedToRef="A" '
            'cancelActivity="false">' + timer("R3/PT10M", "Cycle") + '</boundaryEvent><task id="R"/>'
            '<parallelGateway id="j"/><endEvent id="e"/>'
            + path("s", "f", "T", "j", "e") + path("f", "A", "j") + path("b", "R")
        ),
        before=(do("wait", minutes=10),),
        after=(do("wait", minutes=10), do("wait", minutes=300), do("complete", "A")),
    ),
    Waiting(
        "message",
        "a message with its key, then a receive task that takes any",
        model(
            f'<startEvent id="s"/><intermediateCatchEvent id="C">{message("M", "order")}</intermediateCatchEvent>'
            '<receiveTask id="R" messageRef="N"/><endEvent id="e"/>' + path("s", "C", "R", "e"),
            roots=ROOTS,
        ),
        {"order": 17},
        after=(do("deliver", "C", sum=5), do("deliver", "R")),
    ),
    Waiting(
        "event_gateway",
        "a message, a signal and a timer behind one gateway",
        model(
            f'<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="C">{message("M")}'
            '</intermediateCatchEvent><intermediateCatchEvent id="S"><signalEventDefinition signalRef="G"/>'
            f'</intermediateCatchEvent><intermediateCatchEvent id="T">{timer("PT1H")}</intermediateCatchEvent>'
            '<userTask id="A"/><userTask id="B"/><userTask id="D"/><endEvent id="e"/>'
            + path("s", "g", "C", "A", "e") + path("g", "S", "B", "e") + path("g", "T", "D", "e"),
            roots=ROOTS,
        ),
        after=(do("deliver", "S"), do("wait", minutes=120), do("complete", "B")),
    ),
    Waiting(
        "rounds_side_by_side",
        "a parallel multi-instance with two of three rounds to go",
        model(
            '<startEvent id="s"/><userTask id="U"><multiInstanceLoopCharacteristics e:collection="people" '
            'e:elementVariable="person" e:outputCollection="said" e:outputElement="answer"/></userTask>'
            '<userTask id="A"/><endEvent id="e"/>' + path("s", "U", "A", "e")
        ),
        {"people": ["anna", "ben", "cleo"]},
        before=(do("complete", "U", answer=1),),
        after=(do("complete", "U", answer=2), do("complete", "U", answer=3), do("complete", "A")),
    ),
    Waiting(
        "rounds_in_turn",
        "a sequential multi-instance of a subprocess in its second round, and a loop",
        model(
            '<startEvent id="s"/><subProcess id="S"><multiInstanceLoopCharacteristics isSequential="true">'
            '<loopCardinality>3</loopCardinality><completionCondition>stop</completionCondition>'
            '</multiInstanceLoopCharacteristics><startEvent id="s2"/><userTask id="U"/><endEvent id="e2"/>'
            + path("s2", "U", "e2") + '</subProcess><userTask id="L"><standardLoopCharacteristics>'
            "<loopCondition>again</loopCondition></standardLoopCharacteristics></userTask>"
            '<endEvent id="e"/>' + path("s", "S", "L", "e")
        ),
        {"stop": False, "again": True},
        before=(do("complete", "U"),),
        after=(do("complete", "U", stop=True), do("complete", "L"), do("complete", "L", again=False)),
    ),
    Waiting(
        "event_subprocess",
        "event subprocesses: a message that does not interrupt has come, a timer that does is armed",
        model(
            '<startEvent id="s"/><userTask id="A"/><endEvent id="e"/>' + path("s", "A", "e")
            + '<subProcess id="X" triggeredByEvent="true"><startEvent id="x" isInterrupting="false">' + message("M")
            + '</startEvent><userTask id="XA"/><endEvent id="xe"/>' + path("x", "XA", "xe")
            + '</subProcess><subProcess id="Y" triggeredByEvent="true"><startEvent id="y">' + timer("PT1H")
            + '</startEvent><userTask id="YA"/><endEvent id="ye"/>' + path("y", "YA", "ye") + "</subProcess>",
            roots=ROOTS,
        ),
        before=(do("deliver", "x"),),
        after=(do("deliver", "x"), do("complete", "XA"), do("wait", minutes=61), do("complete", "YA")),
    ),
    Waiting(
        "call",
        "inside a called process, with variables of its own",
        model(
            '<startEvent id="s"/><callActivity id="C" calledElement="q" e:passAll="false" e:returnAll="false">'
            '<e:input name="n" expression="a + 1"/><e:output name="b" expression="m"/></callActivity>'
            '<userTask id="A"/><endEvent id="e"/>' + path("s", "C", "A", "e")
        ).replace(
            b"</definitions>",
            f'<process id="q"><startEvent id="s"/><userTask id="Q"/><endEvent id="e"/>{path("s", "Q", "e")}'
            "</process></definitions>".encode(),
        ),
        {"a": 1},
        after=(do("complete", "Q", m=5), do("complete", "A")),
    ),
    Waiting(
        "compensation",
        "two activities done that can be undone, the second in a subprocess; the throw is still to come",
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="ba" attachedToRef="A" e:handler="UA">'
            '<compensateEventDefinition/></boundaryEvent><userTask id="UA" isForCompensation="true"/>'
            '<subProcess id="S"><startEvent id="s2"/><userTask id="B"/><boundaryEvent id="bb" attachedToRef="B" '
            'e:handler="UB"><compensateEventDefinition/></boundaryEvent><userTask id="UB" isForCompensation="true"/>'
            '<endEvent id="e2"/>' + path("s2", "B", "e2") + '</subProcess><userTask id="D"/>'
            '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent><endEvent id="e"/>'
            + path("s", "A", "S", "D", "t", "e")
        ),
        before=(do("complete", "A", n=1), do("complete", "B", n=2)),
        after=(do("complete", "D"), do("complete", "UB"), do("complete", "UA")),
    ),
    Waiting(
        "transaction",
        "a transaction with one step done; it is cancelled, undone and left by its cancel event",
        model(
            '<startEvent id="s"/><transaction id="S"><startEvent id="s2"/><userTask id="A"/><boundaryEvent id="ba" '
            'attachedToRef="A" e:handler="UA"><compensateEventDefinition/></boundaryEvent><userTask id="UA" '
            'isForCompensation="true"/><userTask id="B"/><exclusiveGateway id="g" default="g_e2"/><endEvent id="e2"/>'
            '<endEvent id="c"><cancelEventDefinition/></endEvent>' + path("s2", "A", "B", "g", "e2")
            + flow("g", "c", "bad") + '</transaction><boundaryEvent id="bc" attachedToRef="S"><cancelEventDefinition/>'
            '</boundaryEvent><userTask id="Told"/><endEvent id="e"/>' + path("s", "S", "e") + path("bc", "Told", "e")
        ),
        before=(do("complete", "A"),),
        after=(do("complete", "B", bad=True), do("complete", "UA"), do("complete", "Told")),
    ),
    Waiting(
        "joins",
        "a parallel join and an inclusive join, each half full",
        model(
            '<startEvent id="s"/><inclusiveGateway id="f"/><userTask id="A"/><userTask id="B"/><userTask id="C"/>'
            '<inclusiveGateway id="j"/><parallelGateway id="f2"/><userTask id="D"/><userTask id="F"/>'
            '<parallelGateway id="j2"/><endEvent id="e"/>'
            + path("s", "f") + flow("f", "A", "a") + flow("f", "B", "b") + flow("f", "C", "c")
            + path("f", "f2", "D", "j2", "e") + path("f2", "F", "j2")
            + path("A", "j") + path("B", "j") + path("C", "j", "e")
        ),
        {"a": True, "b": True, "c": False},
        before=(do("complete", "A"), do("complete", "D")),
        after=(do("complete", "B"), do("complete", "F")),
    ),
    Waiting(
        "condition",
        "a condition that does not hold yet, over a task and in the flow",
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><userTask id="A"/><boundaryEvent id="b" attachedToRef="A">'
            "<conditionalEventDefinition><condition>n &gt; 5</condition></conditionalEventDefinition></boundaryEvent>"
            '<userTask id="B"/><intermediateCatchEvent id="C"><conditionalEventDefinition><condition>n &gt; 3'
            '</condition></conditionalEventDefinition></intermediateCatchEvent><endEvent id="e"/>'
            + path("s", "f", "A", "e") + path("f", "C", "e") + path("b", "B", "e")
        ),
        {"n": 1},
        after=(do("set", n=4), do("set", n=6), do("complete", "B")),
    ),
    Waiting(
        "failed",
        "a gateway without a way out and an output that cannot be worked out",
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><exclusiveGateway id="g"/><userTask id="A"/>'
            '<serviceTask id="J" e:topic="t"><e:output name="y" expression="8 / d"/></serviceTask><endEvent id="e"/>'
            + path("s", "f", "g") + path("f", "J", "e") + flow("g", "A", "x == 1") + flow("g", "e", "x == 2")
            + path("A", "e")
        ),
        {"x": 3, "d": 0},
        before=(do("job", "J"),),
        after=(do("set", x=1, d=2), do("retry", "g"), do("retry", "J"), do("complete", "A")),
    ),
)  # fmt: skip
