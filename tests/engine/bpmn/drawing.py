"""Short models for the tests of the upload side, written as the inside of a process."""

from collections.abc import Iterable

from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, own, tag
from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.prepare import prepare
from bpm.engine.findings import Finding

_OPEN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:drools="http://www.jboss.org/drools"'
    ' xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:tns="urn:test" targetNamespace="urn:test">\n'
)


def model(inside: str, *, roots: str = "", executable: str = ' isExecutable="true"') -> bytes:
    """A file with one process `p`; `roots` stands beside it. The first line of `inside` is line 2."""
    return f'{_OPEN}<process id="p"{executable}>{inside}</process>\n{roots}</definitions>'.encode()


def flows(*pairs: str) -> str:
    """Sequence flows written as `a>b`; the flow's id is `a_b`."""
    ends = (pair.split(">") for pair in pairs)
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)


def line(middle: str, key: str = "a") -> str:
    """start s, the given node with id `key`, end e."""
    return f'<startEvent id="s"/>{middle}<endEvent id="e"/>{flows(f"s>{key}", f"{key}>e")}'


def check(inside: str, *, roots: str = "", executable: str = ' isExecutable="true"') -> Prepared:
    return prepare(model(inside, roots=roots, executable=executable), "test.bpmn")


def codes(findings: Iterable[Finding], severity: str | None = None) -> list[str]:
    return [finding.code for finding in findings if severity in (None, finding.severity)]


def only(prepared: Prepared, code: str) -> Finding:
    """The one finding of that code."""
    found = [finding for finding in prepared.findings if finding.code == code]
    assert len(found) == 1, [finding.code for finding in prepared.findings]
    return found[0]


def node(prepared: Prepared, key: str) -> etree._Element:
    """The element of the executable with that id."""
    found = etree.fromstring(prepared.executable).xpath("//*[@id=$key]", key=key)
    assert len(found) == 1, prepared.executable.decode()
    return found[0]


__all__ = ["BpmnDocument", "check", "codes", "flows", "line", "model", "node", "only", "own", "tag"]
