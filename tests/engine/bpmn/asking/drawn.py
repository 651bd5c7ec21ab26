"""Small models written as a line of nodes and a line of flows, and what their tasks ask."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.prepare import prepare
from bpm.engine.forms import Field, form_of

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t" exporter="t"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:flowable="http://flowable.org/bpmn" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def model(nodes: str, flows: str, **conditions: str) -> bytes:
    """`nodes` is XML with `name:kind` as short for an element; `flows` are `a>b` or `a>b:condition's name`.

    `start` and every name that begins with `end` need not be written.
    """
    ids = {end for flow in flows.split() for end in flow.partition(":")[0].split(">")}
    made = [f'<startEvent id="{name}"/>' for name in ids if name.startswith("start")]
    made += [f'<endEvent id="{name}"/>' for name in ids if name.startswith("end")]
    made += [_node(part) for part in nodes.split("\n") if part.strip()]
    drawn = [_flow(number, flow, conditions) for number, flow in enumerate(flows.split())]
    body = "".join([*made, *drawn])
    return f'{_HEAD}<process id="p" name="P" isExecutable="true">{body}</process></definitions>'.encode()


def _node(text: str) -> str:
    text = text.strip()
    if text.startswith("<"):
        return text
    name, _colon, kind = text.partition(":")
    kind, _space, rest = kind.partition(" ")
    return f"<{kind} id={quoteattr(name)} name={quoteattr(name.capitalize())} {rest}/>"


def _flow(number: int, flow: str, conditions: Mapping[str, str]) -> str:
    ends, _colon, name = flow.partition(":")
    source, _mark, target = ends.partition(">")
    condition = conditions.get(name, "")
    inner = (
        f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>' if name else ""
    )
    return f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def checked(source: bytes, **options: Any) -> Prepared:
    """The model, checked; it must be deployable."""
    prepared = prepare(source, "model.bpmn", **options)
    assert prepared.deployable, [finding.message for finding in prepared.findings if finding.severity == "error"]
    return prepared


def asked(source: bytes, task: str = "work", **options: Any) -> dict[str, Field]:
    """The fields that a task asks for, by name."""
    schema = checked(source, **options).extra["forms"].get(task, {})
    return {field.name: field for field in form_of(schema).fields()}


def choices(field: Field) -> list[Any]:
    """The values that a field offers."""
    return [option.value for option in field.options]
