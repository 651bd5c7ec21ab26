"""Models that a check lets pass, and that would run for ever, grow without end or take everything when they run."""

from tests.engine.models import flow, model

_ROOTS = '<signal id="ping" name="ping"/><signal id="pong" name="pong"/><message id="m" name="m"/>'
_ERRORS = '<error id="x" name="x" errorCode="x"/><escalation id="up" name="up" escalationCode="up"/>'


def _throw(key: str, signal: str) -> str:
    return f'<intermediateThrowEvent id="{key}"><signalEventDefinition signalRef="{signal}"/></intermediateThrowEvent>'


def _catch(key: str, signal: str) -> str:
    return f'<intermediateCatchEvent id="{key}"><signalEventDefinition signalRef="{signal}"/></intermediateCatchEvent>'


def _rounds(depth: int, number: str, inner: str = '<task id="x"/>', how: str = "") -> str:
    for level in range(depth):
        inner = (
            f'<subProcess id="m{level}"><multiInstanceLoopCharacteristics {how}><loopCardinality>{number}'
            f"</loopCardinality></multiInstanceLoopCharacteristics>{inner}</subProcess>"
        )
    return inner


def _nested_splits(number: int, middle: str) -> str:
    """Each split doubles the tokens, because an exclusive gateway joins nothing."""
    body, before = '<startEvent id="s"/><endEvent id="e"/>', "s"
    for n in range(number):
        body += f'<parallelGateway id="f{n}"/><exclusiveGateway id="m{n}"/><{middle} id="a{n}"/><{middle} id="b{n}"/>'
        body += flow(before, f"f{n}") + flow(f"f{n}", f"a{n}") + flow(f"f{n}", f"b{n}")
        body += flow(f"a{n}", f"m{n}") + flow(f"b{n}", f"m{n}")
        before = f"m{n}"
    return body + flow(before, "e")


def _doubling(expression: str) -> str:
    """A loop that gives x twice its size in each round."""
    return (
        '<startEvent id="s"/><exclusiveGateway id="g"/><subProcess id="t"><extensionElements><z:ioMapping'
        f' xmlns:z="http://camunda.org/schema/zeebe/1.0"><z:output target="x" source="={expression}"/></z:ioMapping>'
        '</extensionElements><task id="i"/></subProcess>' + flow("s", "g") + flow("g", "t") + flow("t", "g")
    )


def _script(source: str) -> str:
    return (
        f'<startEvent id="s"/><scriptTask id="t" scriptFormat="python"><script>{source}</script></scriptTask>'
        + flow("s", "t")
    )


_MODELS: dict[str, bytes] = {
    "calls itself": model("h", '<startEvent id="s"/><callActivity id="c" calledElement="h"/>' + flow("s", "c")),
    "calls itself twice": model(
        "h",
        '<startEvent id="s"/><callActivity id="c" calledElement="h"/><callActivity id="d" calledElement="h"/>'
        + flow("s", "c")
        + flow("s", "d"),
    ),
    "calls in a circle": model(
        "h", '<startEvent id="s"/><callActivity id="c" calledElement="k"/>' + flow("s", "c")
    ).replace(
        b"</definitions>",
        (
            '<process id="k" isExecutable="true"><startEvent id="ks"/><callActivity id="kc" calledElement="h"/>'
            + flow("ks", "kc")
            + "</process></definitions>"
        ).encode(),
    ),
    "a billion rounds": model("h", _rounds(1, "1000000000")),
    "a billion rounds one after another": model("h", _rounds(1, "1000000000", how='isSequential="true"')),
    "rounds in rounds in rounds in rounds": model("h", _rounds(4, "1000")),
    "rounds of people": model("h", _rounds(2, "1000", '<userTask id="u"/>')),
    "loops while true": model(
        "h",
        '<startEvent id="s"/><subProcess id="l"><standardLoopCharacteristics testBefore="true"><loopCondition>1 == 1'
        '</loopCondition></standardLoopCharacteristics><task id="i"/></subProcess>' + flow("s", "l"),
    ),
    "doubles its tokens": model("h", _nested_splits(40, "task")),
    "doubles a text": model("h", _doubling("x + x")),
    "doubles a list": model("h", _doubling("[x, x]")),
    "links to itself": model(
        "h",
        '<startEvent id="s"/><exclusiveGateway id="g"/><intermediateThrowEvent id="t"><linkEventDefinition name="l"/>'
        '</intermediateThrowEvent><intermediateCatchEvent id="c"><linkEventDefinition name="l"/>'
        "</intermediateCatchEvent>" + flow("s", "g") + flow("g", "t") + flow("c", "g"),
    ),
    "catches its own error for ever": model(
        "h",
        '<startEvent id="s"/><exclusiveGateway id="g"/><subProcess id="p"><startEvent id="i"/><endEvent id="x1">'
        '<errorEventDefinition errorRef="x"/></endEvent>' + flow("i", "x1") + "</subProcess>"
        '<boundaryEvent id="b" attachedToRef="p"><errorEventDefinition errorRef="x"/></boundaryEvent>'
        + flow("s", "g")
        + flow("g", "p")
        + flow("b", "g"),
        roots=_ERRORS,
    ),
    "escalates round and round": model(
        "h",
        '<startEvent id="s"/><exclusiveGateway id="g"/><subProcess id="p"><startEvent id="i"/>'
        '<intermediateThrowEvent id="u"><escalationEventDefinition escalationRef="up"/></intermediateThrowEvent>'
        '<userTask id="w"/>' + flow("i", "u") + flow("u", "w") + "</subProcess>"
        '<boundaryEvent id="b" attachedToRef="p" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="up"/></boundaryEvent>'
        + flow("s", "g")
        + flow("g", "p")
        + flow("b", "g"),
        roots=_ERRORS,
    ),
    "an event subprocess that starts itself": model(
        "h",
        '<startEvent id="s"/>' + _throw("t", "ping") + '<userTask id="w"/><subProcess id="p" triggeredByEvent="true">'
        '<startEvent id="i" isInterrupting="false"><signalEventDefinition signalRef="ping"/></startEvent>'
        + _throw("again", "ping")
        + flow("i", "again")
        + "</subProcess>"
        + flow("s", "t")
        + flow("t", "w"),
        roots=_ROOTS,
    ),
    "undoes while it undoes": model(
        "h",
        '<startEvent id="s"/><task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/>'
        '</boundaryEvent><subProcess id="undo" isForCompensation="true"><intermediateThrowEvent id="t2">'
        "<compensateEventDefinition/></intermediateThrowEvent></subProcess>"
        '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent><exclusiveGateway id="g"/>'
        '<association id="l" sourceRef="b" targetRef="undo"/>'
        + flow("s", "g")
        + flow("g", "a")
        + flow("a", "t")
        + flow("t", "g"),
    ),
    "a condition that is always true": model(
        "h",
        '<startEvent id="s"/><userTask id="w"/><subProcess id="p" triggeredByEvent="true">'
        '<startEvent id="i" isInterrupting="false"><conditionalEventDefinition><condition>1 == 1</condition>'
        '</conditionalEventDefinition></startEvent><task id="n"/>' + flow("i", "n") + "</subProcess>" + flow("s", "w"),
    ),
    "starts itself by a signal": model(
        "h",
        '<startEvent id="s"/><startEvent id="s2"><signalEventDefinition signalRef="ping"/></startEvent>'
        + _throw("t", "ping")
        + flow("s", "t")
        + flow("s2", "t"),
        roots=_ROOTS,
    ),
    "starts itself twice by messages": model(
        "h",
        '<startEvent id="s"/><startEvent id="s2"><messageEventDefinition messageRef="m"/></startEvent>'
        '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
        '<intermediateThrowEvent id="t2"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
        + flow("s", "t")
        + flow("s2", "t")
        + flow("t", "t2"),
        roots=_ROOTS,
    ),
    "plays ping-pong with itself": model(
        "h",
        '<startEvent id="s"/><parallelGateway id="f"/><exclusiveGateway id="g1"/><exclusiveGateway id="g2"/>'
        + _catch("c1", "ping")
        + _throw("t1", "pong")
        + _catch("c2", "pong")
        + _throw("t2", "ping")
        + _throw("serve", "ping")
        + flow("s", "f")
        + flow("f", "g1")
        + flow("f", "g2")
        + flow("f", "serve")
        + flow("g1", "c1")
        + flow("c1", "t1")
        + flow("t1", "g1")
        + flow("g2", "c2")
        + flow("c2", "t2")
        + flow("t2", "g2"),
        roots=_ROOTS,
    ),
    "a timer every thousandth of a second": model(
        "h",
        '<startEvent id="s"/><userTask id="w"/><boundaryEvent id="b" attachedToRef="w" cancelActivity="false">'
        "<timerEventDefinition><timeCycle>R1000000/PT0.001S</timeCycle></timerEventDefinition></boundaryEvent>"
        '<task id="n"/>' + flow("s", "w") + flow("b", "n"),
    ),
    "jobs without end": model(
        "h",
        '<startEvent id="s"/><exclusiveGateway id="g"/><serviceTask id="j"/>'
        + flow("s", "g")
        + flow("g", "j")
        + flow("j", "g"),
    ),
    "a script that never ends": model("h", _script("while True:\n    pass")),
    "a script that calls itself": model("h", _script("def f(n):\n    return f(n + 1)\nf(0)")),
    "a script that takes all memory": model("h", _script("x = []\nwhile True:\n    x.append('a' * 100000)")),
    "a script with a shell": model("h", _script("import os\nos.system('touch /tmp/hostile')")),
    "a script that reads files": model("h", _script("x = open('/etc/passwd').read()")),
    "a huge power": model("h", _doubling("9 ** (9 ** 9)")),
    "a long comprehension": model("h", _doubling("for i in 1..9999 return for k in 1..9999 return k")),
}


_LIVELY = ("starts itself twice by messages", "jobs without end", "a condition that is always true")
_SCRIPTS = [name for name in _MODELS if name.startswith("a script")]
_EXPRESSIONS = ("doubles a text", "doubles a list", "a long comprehension")

LIVELY = {name: _MODELS[name] for name in _LIVELY}
"""Name -> model that goes on without end, a little at a time."""

AT_WORK = {
    **{name: ("script", _MODELS[name]) for name in _SCRIPTS},
    "starts itself by a signal": ("job", _MODELS["starts itself by a signal"]),
    "a timer every thousandth of a second": ("budget", _MODELS["a timer every thousandth of a second"]),
}
"""Name -> (cause of the failure, model) where the worker meets it."""

STOPPED = {
    name: ("expression" if name in _EXPRESSIONS else "budget", source)
    for name, source in _MODELS.items()
    if name not in AT_WORK and name not in LIVELY
}
"""Name -> (cause of the failure, model of the process `h`) where its start meets it; x is a text of one letter."""
