"""A small model in one vendor's dialect, played in the step language."""

from itertools import pairwise
from typing import Any

from bpm.engine.definitions.process_tests import run_cases

SPACES = {
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn",
    "drools": "http://www.jboss.org/drools",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
}
ROOTS = '<message id="m" name="m"/><error id="E" errorCode="E"/><escalation id="C" escalationCode="C"/>'


def drawn(inside: str, *, dialect: str = "zeebe", roots: str = "") -> bytes:
    """A file with one process `p` that knows the namespace of one vendor alone (or none: "")."""
    space = f' xmlns:{dialect}="{SPACES[dialect]}"' if dialect else ""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{space} targetNamespace="urn:test">{ROOTS}{roots}'
        f'<process id="p" isExecutable="true">{inside}</process></definitions>'
    ).encode()


def chain(*nodes: tuple[str, str]) -> str:
    """start s, the nodes (id, XML) one after the other, end e."""
    names = ["s", *(name for name, _xml in nodes), "e"]
    flows = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names))
    return f'<startEvent id="s"/>{"".join(xml for _name, xml in nodes)}<endEvent id="e"/>{flows}'


def io(*mappings: tuple[str, str, str], more: str = "") -> str:
    """Camunda 8's mappings: ("input" | "output", source, target)."""
    parts = "".join(
        f'<zeebe:{what} source="{source.replace(chr(34), "&quot;")}" target="{target}"/>'
        for what, source, target in mappings
    )
    return f"<extensionElements><zeebe:ioMapping>{parts}</zeebe:ioMapping>{more}</extensionElements>"


def user(name: str, inside: str = "", attributes: str = "") -> tuple[str, str]:
    return name, f'<userTask id="{name}" {attributes}>{inside}</userTask>'


def play(source: bytes, *steps: dict[str, Any]) -> None:
    """Run the steps; fails with what is not as expected."""
    (result,) = run_cases([{"id": "case", "files": ["m"], "process": "p", "steps": [*steps]}], lambda _name: source)
    assert result.outcome == "pass", f"{result.outcome}: {result.detail}"


def start(**variables: Any) -> dict[str, Any]:
    return {"do": "start", "vars": variables}


def complete(task: str, **variables: Any) -> dict[str, Any]:
    return {"do": "complete", "task": task, "vars": variables}


def message(name: str, **variables: Any) -> dict[str, Any]:
    return {"do": "message", "name": name, "vars": variables}


def expect(*absent: str, **expected: Any) -> dict[str, Any]:
    """`vars` by name; `open`, `ended`, `failed`, `jobs`, `items` as in the step language; `absent` there is not."""
    own = {name: expected.pop(name) for name in ("open", "ended", "failed", "jobs", "items") if name in expected}
    return {"expect": {**own, "vars": expected, "absent_vars": list(absent)}}
