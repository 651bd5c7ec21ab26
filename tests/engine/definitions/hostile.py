"""Hostile uploads, made by code: what readers of XML, checkers of models and engines have fallen for."""

import gzip
from collections.abc import Callable

from tests.engine.bpmn.drawing import flows, line, model

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
GOOD = model(line('<userTask id="a"/>')).decode()


def _with_doctype(subset: str, *, name: str = "definitions", inside: str = "") -> bytes:
    return f"{XML}<!DOCTYPE {name} {subset}>\n{GOOD.replace('<userTask', inside + '<userTask')}".encode()


DECLARED = _with_doctype('[<!ENTITY x "y">]').decode()


def _laughs(use: str) -> str:
    more = "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 10))
    return f'[<!ENTITY a0 "ha">{more}]{use}'


def _named(value: str) -> bytes:
    return GOOD.replace('<userTask id="a"/>', f'<userTask id="a" name="{value}"/>').encode()


def _condition(text: str) -> bytes:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return model(
        '<startEvent id="s"/><exclusiveGateway id="g" default="no"/><userTask id="a"/><userTask id="b"/>'
        f'<sequenceFlow id="yes" sourceRef="g" targetRef="a"><conditionExpression>{escaped}</conditionExpression>'
        f'</sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="b"/>{flows("s>g")}'
    )


def _script(source: str) -> bytes:
    return model(line(f'<scriptTask id="a" scriptFormat="python"><script><![CDATA[{source}]]></script></scriptTask>'))


def _nested(depth: int) -> bytes:
    inner = '<userTask id="x"/>'
    for level in range(depth):
        inner = f'<subProcess id="s{level}">{inner}</subProcess>'
    return model(inner)


def _rounds(depth: int, number: str) -> bytes:
    inner = '<task id="x"/>'
    for level in range(depth):
        inner = (
            f'<subProcess id="m{level}"><multiInstanceLoopCharacteristics><loopCardinality>{number}</loopCardinality>'
            f"</multiInstanceLoopCharacteristics>{inner}</subProcess>"
        )
    return model(inner)


def _timer(kind: str, text: str) -> bytes:
    timer = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    boundary = f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{timer}</boundaryEvent>'
    return model(line('<userTask id="a"/>') + boundary + '<endEvent id="f"/>' + flows("b>f"))


def _splits(number: int, *, joined: str) -> bytes:
    nodes, ways, before = "", ["s>f0"], ""
    for level in range(number):
        nodes += f'<parallelGateway id="f{level}"/><{joined} id="m{level}"/>'
        ways += [f"f{level}>m{level}", f"m{level}>f{level + 1}" if level + 1 < number else f"m{level}>e"]
        nodes += f'<task id="t{level}"/>'
        ways += [f"f{level}>t{level}", f"t{level}>m{level}"]
    return model(f'<startEvent id="s"/>{nodes}{before}<endEvent id="e"/>{flows(*ways)}')


def _spaces(number: int) -> str:
    return " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(number))


def _attributes(number: int) -> str:
    return " ".join(f'a{n}="1"' for n in range(number))


REFUSED: dict[str, Callable[[], bytes]] = {
    "brackets nested deep": lambda: _condition("[" * 1_500 + "]" * 1_500),
    "external entity": lambda: _with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', inside="&x;"),
    "parameter entity": lambda: _with_doctype('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]'),
    "external document type": lambda: _with_doctype('SYSTEM "http://127.0.0.1:9/x.dtd"'),
    "public document type": lambda: _with_doctype('PUBLIC "-//X//EN" "http://127.0.0.1:9/x.dtd"'),
    "entities in text": lambda: _with_doctype(_laughs(""), inside="<documentation>&a9;</documentation>"),
    "entities in an attribute": lambda: _with_doctype(_laughs(""), inside='<task id="z" name="&a9;"/>'),
    "quadratic entity": lambda: _with_doctype(f'[<!ENTITY a "{"x" * 50_000}">]', inside="&a;" * 20_000),
    "document type behind comments": lambda: b"<!-- c -->" * 2_000 + _with_doctype('[<!ENTITY x "y">]')[len(XML) :],
    "document type in UTF-16": lambda: (
        _with_doctype('[<!ENTITY x "y">]').decode().replace("UTF-8", "UTF-16").encode("utf-16")
    ),
    "document type in UTF-16 without mark": lambda: GOOD.replace(
        "<def", '<!DOCTYPE d [<!ENTITY x "y">]><def', 1
    ).encode("utf-16-le"),
    "document type in UTF-7": lambda: (
        b'<?xml version="1.0" encoding="UTF-7"?>\n'
        + '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'.encode("utf-7")
    ),
    "document type in EBCDIC": lambda: (
        '<?xml version="1.0" encoding="cp037"?><!DOCTYPE d [<!ENTITY x "y">]><d/>'.encode("cp037")
    ),
    "document type in UTF-32": lambda: ("\ufeff" + GOOD.replace("<def", "<!DOCTYPE d><def", 1)).encode("utf-32-le"),
    "unknown encoding": lambda: GOOD.encode().join([b'<?xml version="1.0" encoding="x-nobody"?>', b""]),
    "zero bytes": lambda: GOOD.encode().replace(b"userTask", b"user\0Task"),
    "gzip": lambda: gzip.compress(GOOD.encode()),
    "zip bomb's head": lambda: b"PK\x03\x04" + b"\0" * 1000,
    "web page": lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "too many bytes": lambda: _named("x" * 2_000_001),
    "too deep": lambda: _nested(120),
    "200,000 attributes": lambda: _named('" ' + _attributes(130_000) + ' z="'),
    "200,000 empty elements": lambda: GOOD.replace("<userTask", "<x/>" * 200_000 + "<userTask").encode(),
    "namespaces around everything": lambda: GOOD.replace("<process", f"<process {_spaces(5_000)}", 1).encode(),
    "too many elements": lambda: model("".join(f'<task id="t{n}"/>' for n in range(4_000))),
    "expression of 100,000 characters": lambda: _condition("${" + " + ".join(["1"] * 30_000) + " > 0}"),
    "expression nested 10,000 deep": lambda: _condition("${" + "(" * 10_000 + "1" + ")" * 10_000 + "}"),
    "shell in a condition": lambda: _condition("__import__('os').system('touch /tmp/hostile') == 0"),
    "class walk in a condition": lambda: _condition("().__class__.__bases__[0].__subclasses__()[0]"),
    "Java runtime in a condition": lambda: _condition("${''.getClass().forName('java.lang.Runtime').x()}x"),
    "shell in a mapping": lambda: model(
        line(
            '<serviceTask id="a"><extensionElements><camunda:inputOutput><camunda:inputParameter name="x">'
            "${__import__('os').system('id')}</camunda:inputParameter></camunda:inputOutput></extensionElements>"
            "</serviceTask>"
        )
    ),
    "shell in a timer": lambda: _timer("timeDuration", "__import__('os').system('id')"),
    "shell in a cardinality": lambda: _rounds(1, "__import__('os').system('id')"),
    "shell in a correlation key": lambda: model(
        line('<receiveTask id="a" messageRef="m"/>'),
        roots='<message id="m" name="m"><extensionElements><zeebe:subscription correlationKey="=__import__(x)"/>'
        "</extensionElements></message>",
    ),
    "regular expression that backtracks": lambda: b"<!--" + b"-" * 100 + b" " * 500_000 + b"<" * 10,
    "endless duration": lambda: _timer("timeDuration", "P" + "9" * 100_000 + "D"),
    "duplicate ids": lambda: model(line('<userTask id="a"/><userTask id="a"/>')),
    "dangling flow": lambda: model(line('<userTask id="a"/>') + flows("a>nowhere")),
    "flow out of a subprocess": lambda: model(line('<subProcess id="a"><task id="i"/></subProcess>') + flows("i>e")),
    "no process": lambda: model("").replace(b'<process id="p" isExecutable="true"></process>', b""),
    "process inside a process": lambda: model(line('<userTask id="a"/>') + '<process id="q"><task id="t"/></process>'),
    "subprocess that holds itself by reference": lambda: model(
        line('<subProcess id="a"><startEvent id="i"/></subProcess>') + flows("i>a")
    ),
    "id of 10,000 characters": lambda: model(line(f'<userTask id="{"i" * 10_000}"/>', "i" * 10_000)),
    "message name of 1 MB": lambda: model(
        line('<receiveTask id="a" messageRef="m"/>'), roots=f'<message id="m" name="{"m" * 1_000_000}"/>'
    ),
    "cycle without a step": lambda: _timer("timeCycle", "R/PT0S"),
    "counted cycle without a step": lambda: _timer("timeCycle", "R1000000/PT0S"),
    "two links to each other": lambda: model(
        '<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition name="x"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c"><linkEventDefinition name="x"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="d"><linkEventDefinition name="x"/></intermediateCatchEvent>' + flows("s>t")
    ),
}
"""Name -> file that is refused at upload with a plain finding."""


def _extended(task: str, inside: str) -> bytes:
    return model(line(f'<{task} id="a"><extensionElements>{inside}</extensionElements></{task}>'))


_INPUT = (
    '<camunda:inputOutput><camunda:inputParameter name="x">${{{text}}}</camunda:inputParameter></camunda:inputOutput>'
)


def _conditional(text: str) -> bytes:
    condition = f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"
    return model(line(f'<intermediateCatchEvent id="a">{condition}</intermediateCatchEvent>'))


PLACES: dict[str, Callable[[str], bytes]] = {
    "condition": _condition,
    "loop cardinality": lambda text: _rounds(1, text),
    "timer": lambda text: _timer("timeDuration", text),
    "conditional event": _conditional,
    "input": lambda text: _extended("userTask", _INPUT.format(text=text)),
    "output": lambda text: _extended(
        "userTask", f'<zeebe:ioMapping><zeebe:output source="={text}" target="x"/></zeebe:ioMapping>'
    ),
    "collection": lambda text: model(
        line(f'<userTask id="a"><multiInstanceLoopCharacteristics camunda:collection="${{{text}}}"/></userTask>')
    ),
    "called process": lambda text: model(line(f'<callActivity id="a" calledElement="x-${{{text}}}"/>')),
    "correlation key": lambda text: model(
        line('<receiveTask id="a" messageRef="m"/>'),
        roots=f'<message id="m" name="m"><extensionElements><zeebe:subscription correlationKey="={text}"/>'
        "</extensionElements></message>",
    ),
    "message name": lambda text: model(
        line('<receiveTask id="a" messageRef="m"/>'), roots=f'<message id="m" name="x-${{{text}}}"/>'
    ),
}
"""Where expressions stand in a model; text without `<`, `&` and double quotes."""


ESCAPES = (
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__init__.__globals__['os']",
    "(lambda: 1).__code__",
    "[y for y in (1, 2)].__class__",
    "exec('import os')",
    "open('/etc/passwd').read()",
    "9 ** 9 ** 9 ** 'x'.__len__()",
    "''.getClass().forName('java.lang.Runtime').getRuntime().exec('id')",
    "T(java.lang.Runtime).getRuntime().exec('id')",
)


HARMLESS: dict[str, Callable[[], bytes]] = {
    "XInclude": lambda: GOOD.replace(
        "<userTask", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><userTask'
    ).encode(),
    "schema locations": lambda: GOOD.replace(
        "<definitions", '<definitions xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"', 1
    ).encode(),
    "import of another file": lambda: model(
        line('<userTask id="a"/>'), roots='<import importType="x" location="http://127.0.0.1:9/x" namespace="urn:x"/>'
    ),
    "style sheet": lambda: b'<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>' + GOOD.encode(),
    "attribute of 1.9 MB": lambda: _named("x" * 1_900_000),
    "markup in names and ids": lambda: model(
        line('<userTask id="a" name="&lt;script&gt;alert(1)&lt;/script&gt;"/>')
        .replace('"a"', '"a\'onclick=x"')
        .replace('"s>a"', "")
    ).replace(b'"s_a"', b'"&lt;img src=x onerror=alert(1)&gt;"'),
    "names that languages reserve": lambda: model(line('<userTask id="__proto__" name="constructor"/>', "__proto__")),
}
"""Name -> file that is read, and whose trick leads nowhere."""
