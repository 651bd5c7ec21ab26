"""Normalisation: code of other engines becomes a Job that a worker has to do; without one a Failure, never skipped.

A job of the topic `script:<language>` gets the script as its input `script`; one of the topic `condition:<call>` gets
the condition as `expression` and brings back the answer; so does one of `call:<call>` for a timer or a called process.
"""

import re

from lxml import etree

from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    child,
    children,
    kind,
    label,
    line_of,
    own,
    parent_of,
    remove,
    tag,
)
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor

SCRIPT, CONDITION, CALL, CASE = "script:", "condition:", "call:", "case:"
_MAX_SHOWN = 3_000
_LANGUAGES = ("javascript", "groovy", "mvel", "java", "juel", "feel", "python")


def needs_worker(topic: str) -> bool:
    """Whether a topic stands for code of another engine, whose effect nobody here can know."""
    return topic.startswith((SCRIPT, CONDITION, CALL, CASE))


def script_as_job(document: BpmnDocument, task: Element, source: str, language: str) -> None:
    """The script task as a job for whoever can run its language."""
    topic = SCRIPT + _plain(language)
    script = child(task, "script")
    if script is not None:
        remove(script)
    task.tag = tag("serviceTask")
    task.set(own("topic"), topic)
    _give(task, "script", source.strip())
    result = vendor(task, "resultVariable")
    if re.fullmatch(r"[^\W\d]\w*", result):
        task.set(own("resultVariable"), result)
    document.executed(task, "script", source.strip(), topic)
    document.note(
        "script-needs-worker",
        "warning",
        task,
        f"The script of {label(task)!r} is not run here, its language is {language!r}: it is a job of the topic"
        f" {topic!r}; without a worker for it, it is a Failure.",
        f"Register a worker for the topic {topic!r}, or write the script in Python.",
        before=source.strip(),
        after=topic,
    )


def _plain(language: str) -> str:
    """`http://www.java.com/java` as `java`; a name that nobody knows as it is."""
    text = language.lower().replace("ecmascript", "javascript")
    known = next((name for name in _LANGUAGES if name in text), "")
    return known or re.sub(r"[^\w.+-]+", "-", text)[:60]


def _give(task: Element, name: str, text: str) -> None:
    """Let the job see a text under a name of its own; a long one is read from the model."""
    if len(text) <= _MAX_SHOWN:
        given = etree.SubElement(task, own("input"))
        given.set("name", name)
        given.set("expression", repr(text))


def condition_to_ask(document: BpmnDocument, flow: Element, condition: Element, text: str, called: str) -> None:
    """Let the condition read the answer of a worker; `ask_workers` puts the job before it."""
    variable = f"answer_{re.sub(r'[^A-Za-z0-9_]', '_', flow.get('id', ''))}"
    for part in list(condition):
        condition.remove(part)
    condition.text = variable
    condition.set(own("asks"), CONDITION + called)
    condition.set(own("written"), text)
    document.executed(flow, "condition", text, "the answer of a worker")


def case_as_job(document: BpmnDocument, call: Element, case: str) -> None:
    """The call of a CMMN case as a job for whoever runs cases."""
    call.tag = tag("serviceTask")
    call.set(own("topic"), CASE + case)
    document.note(
        "case-needs-worker",
        "warning",
        call,
        f"{label(call)!r} calls the CMMN case {case!r}; cases are not run here: it is a job of the topic"
        f" {CASE + case!r}; without a worker for it, it is a Failure.",
        "Call a process, or register a worker for the topic.",
        before=case,
        after=CASE + case,
    )


def ask_before(document: BpmnDocument, element: Element, text: str, called: str) -> str:
    """The variable that holds what the text, code of another engine, is worth; `ask_workers` puts the job before."""
    variable = f"answer_{re.sub(r'[^A-Za-z0-9_]', '_', element.get('id', ''))}"
    for name, value in (("asks", CALL + called), ("written", text), ("answer", variable)):
        element.set(own(name), value)
    return variable


def ask_workers(document: BpmnDocument) -> None:
    """Before a gateway whose conditions call another engine's code stands a job for each, in document order."""
    for scope in list(document.scopes()):
        outgoing, incoming = document.outgoing(scope), document.incoming(scope)
        for gateway in children(scope, "exclusiveGateway", "inclusiveGateway"):
            key = gateway.get("id", "")
            ways_in = incoming.get(key, [])
            for flow in reversed(outgoing.get(key, [])):
                condition = child(flow, "conditionExpression")
                if condition is None or not condition.get(own("asks")):
                    continue
                if kind(gateway) == "inclusiveGateway" and len(ways_in) != 1:
                    continue
                ways_in = _ask_before(document, gateway, flow, condition, ways_in)
    for condition in document.all("conditionExpression"):
        if condition.get(own("asks")):
            _refuse_at_join(document, parent_of(condition), condition)
    for element in list(document.nodes()):
        if element.get(own("asks")):
            _ask_before_element(document, element)


def _ask_before(
    document: BpmnDocument, gateway: Element, flow: Element, condition: Element, ways_in: list[Element]
) -> list[Element]:
    """Put the job between `ways_in` and what they led to; gives the ways into the job."""
    condition.set(own("answer"), condition.text or "")
    topic = _put_job(document, gateway, flow, condition, ways_in)
    document.note(
        "condition-needs-worker",
        "warning",
        flow,
        f"The condition of {label(flow)!r} calls code of another engine: before the gateway a job of the topic"
        f" {topic!r} has to be answered by a worker.",
        f"Register a worker for the topic {topic!r}, or write the condition over variables.",
        before=document.written[flow.get("id", "")][-1][1],
    )
    return ways_in


def _ask_before_element(document: BpmnDocument, element: Element) -> None:
    scope = parent_of(element)
    # What a boundary event waits for is settled when its activity is reached.
    reached = element.get("attachedToRef") or element.get("id") or ""
    near = next((node for node in scope if node.get("id") == reached), None)
    if near is None:
        return
    ways_in = document.incoming(scope).get(reached, [])
    sources = {way.get("sourceRef") for way in ways_in}
    if any(gateway.get("id") in sources for gateway in children(scope, "eventBasedGateway")):
        document.note(
            "timer-not-understood",
            "error",
            element,
            f"{label(element)!r} calls code of another engine, and no job can stand before it: it is behind an"
            " event-based gateway.",
            "Compute the value in a service task before the gateway.",
            before=str(element.get(own("written"))),
        )
        return
    before = str(element.get(own("written")))
    topic = _put_job(document, near, element, element, ways_in)
    document.note(
        "call-needs-worker",
        "warning",
        element,
        f"{label(element)!r} calls code of another engine: before it a job of the topic {topic!r} has to"
        " be answered by a worker.",
        f"Register a worker for the topic {topic!r}, or write an expression over variables.",
        before=before,
    )


def _put_job(document: BpmnDocument, near: Element, asked: Element, holder: Element, ways_in: list[Element]) -> str:
    """A job before what `ways_in` lead to, asking what `holder` has written; gives its topic."""
    scope = parent_of(near)
    leads_to = ways_in[0].get("targetRef", "") if ways_in else near.get("id", "")
    topic, text, variable = (str(holder.attrib.pop(own(name))) for name in ("asks", "written", "answer"))
    job = document.add_node(scope, "serviceTask", near=near)
    del job.attrib[own("synthetic")]
    job.set(own("added"), "true")
    job.set("id", f"{asked.get('id')}_asked")
    job.set("name", f"Ask: {label(asked)}")
    job.set(own("topic"), topic)
    job.set(own("resultVariable"), variable)
    _give(job, "expression", text)
    for way in ways_in:
        way.set("targetRef", job.get("id", ""))
    document.add_flow(scope, job, next(node for node in scope if node.get("id") == leads_to))
    return topic


def _refuse_at_join(document: BpmnDocument, flow: Element, condition: Element) -> None:
    document.note(
        "condition-not-understood",
        "error",
        flow,
        f"The condition of {label(flow)!r} (line {line_of(condition)}) calls code of another engine, and its gateway"
        " joins several flows, so that no job can be put before it.",
        "Join with one gateway and decide with a second one behind it.",
        before=str(condition.get(own("written"))),
    )
