"""Normalisation: code of other engines becomes a Job that a worker has to do; it waits in sight and is never skipped.

A job of the topic `script:<language>` gets the script as its input `script`; one of the topic `condition:<call>` gets
the condition as `expression` and brings back the answer under its result variable.
"""

import re

from lxml import etree

from bpm.engine.spiff.draft import Draft, Element, child, children, kind, label, line_of, own, parent_of, remove, tag
from bpm.engine.spiff.vendor import vendor

SCRIPT, CONDITION = "script:", "condition:"
_MAX_SHOWN = 3_000
_LANGUAGES = ("javascript", "groovy", "mvel", "java", "juel", "feel", "python")


def needs_worker(topic: str) -> bool:
    """Whether a topic stands for code of another engine, whose effect nobody here can know."""
    return topic.startswith((SCRIPT, CONDITION))


def script_as_job(draft: Draft, task: Element, source: str, language: str) -> None:
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
    draft.executed(task, "script", source.strip(), topic)
    draft.note(
        "script-needs-worker",
        "warning",
        task,
        f"The script of {label(task)!r} is not run here, its language is {language!r}: it is a job of the topic"
        f" {topic!r} that waits for a worker.",
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


def condition_to_ask(draft: Draft, flow: Element, condition: Element, text: str, called: str) -> None:
    """Let the condition read the answer of a worker; `ask_workers` puts the job before it."""
    variable = f"answer_{re.sub(r'[^A-Za-z0-9_]', '_', flow.get('id', ''))}"
    for part in list(condition):
        condition.remove(part)
    condition.text = variable
    condition.set(own("asks"), CONDITION + called)
    condition.set(own("written"), text)
    draft.executed(flow, "condition", text, variable)


def ask_workers(draft: Draft) -> None:
    """Before a gateway whose conditions call another engine's code stands a job for each, in document order."""
    for scope in list(draft.scopes()):
        outgoing, incoming = draft.outgoing(scope), draft.incoming(scope)
        for gateway in children(scope, "exclusiveGateway", "inclusiveGateway"):
            key = gateway.get("id", "")
            ways_in = incoming.get(key, [])
            for flow in reversed(outgoing.get(key, [])):
                condition = child(flow, "conditionExpression")
                if condition is None or not condition.get(own("asks")):
                    continue
                if kind(gateway) == "inclusiveGateway" and len(ways_in) != 1:
                    continue
                ways_in = _ask_before(draft, gateway, flow, condition, ways_in)
    for condition in draft.all("conditionExpression"):
        if condition.get(own("asks")):
            _refuse_at_join(draft, parent_of(condition), condition)


def _ask_before(
    draft: Draft, gateway: Element, flow: Element, condition: Element, ways_in: list[Element]
) -> list[Element]:
    """Put the job between `ways_in` and what they led to; gives the ways into the job."""
    scope = parent_of(gateway)
    leads_to = ways_in[0].get("targetRef", "") if ways_in else gateway.get("id", "")
    topic, text = condition.attrib.pop(own("asks")), condition.attrib.pop(own("written"))
    job = draft.add_node(scope, "serviceTask", near=gateway)
    del job.attrib[own("synthetic")]
    job.set(own("added"), "true")
    job.set("id", f"{flow.get('id')}_asked")
    job.set("name", f"Ask: {label(flow)}")
    job.set(own("topic"), topic)
    job.set(own("resultVariable"), condition.text or "")
    _give(job, "expression", str(text))
    for way in ways_in:
        way.set("targetRef", job.get("id", ""))
    target = next(node for node in scope if node.get("id") == leads_to)
    draft.add_flow(scope, job, target)
    draft.note(
        "condition-needs-worker",
        "warning",
        flow,
        f"The condition of {label(flow)!r} calls code of another engine: before the gateway a job of the topic"
        f" {topic!r} waits for a worker that answers it.",
        f"Register a worker for the topic {topic!r}, or write the condition over variables.",
        before=str(text),
        after=condition.text or "",
    )
    return ways_in


def _refuse_at_join(draft: Draft, flow: Element, condition: Element) -> None:
    draft.note(
        "condition-not-understood",
        "error",
        flow,
        f"The condition of {label(flow)!r} (line {line_of(condition)}) calls code of another engine, and its gateway"
        " joins several flows, so that no job can be put before it.",
        "Join with one gateway and decide with a second one behind it.",
        before=str(condition.get(own("written"))),
    )
