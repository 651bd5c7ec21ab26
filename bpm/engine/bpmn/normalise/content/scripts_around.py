"""Normalisation: scripts of vendors before and after an activity; what cannot run here is named.

Sources: SpiffWorkflow "Pre- and post-scripts"; Camunda 7 and Flowable "Execution listeners", "Task listeners"; jBPM
"On entry and on exit actions".
"""

import re
from collections.abc import Iterator

from lxml import etree

from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import ACTIVITIES, NODES, BpmnDocument, Element, kind, label, local, own
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions
from bpm.engine.expressions.scripts import check_script, translate_script

_STAGES = {
    "preScript": "before",
    "postScript": "after",
    "onEntry-script": "before",
    "onExit-script": "after",
}
_EVENTS = {"start": "before", "create": "before", "end": "after", "complete": "after"}
_NAMED = (*_STAGES, "executionListener", "taskListener")
_WRITTEN_AS = ("class", "delegateExpression", "expression", "type")


def read_scripts_around(document: BpmnDocument) -> None:
    """e:before and e:after hold Python that runs around an activity; other listeners are code of another engine."""
    for node in document.all(*NODES, "process", "sequenceFlow"):
        pieces: dict[str, list[str]] = {}
        for part in extensions(node, *_NAMED):
            stage = _STAGES.get(local(part.tag)) or _EVENTS.get(part.get("event", ""), "")
            mark_whole(part)
            source = _python(part) if kind(node) in ACTIVITIES and stage else None
            if source is None:
                _name(document, node, part)
            elif problem := check_script(source, "python"):
                _refuse(document, node, part, source, problem)
            elif source.strip():
                pieces.setdefault(stage, []).append(source)
        for stage, sources in pieces.items():
            etree.SubElement(node, own(stage)).text = "\n".join(sources)
            document.executed(node, f"script {stage}", "\n".join(sources), "\n".join(sources))


def _python(part: Element) -> str | None:
    """What runs here: Python of Spiff, and plain assignments of other engines; None for their other code."""
    if local(part.tag) in ("preScript", "postScript"):
        return _outdented("".join(map(str, part.itertext())))
    expression = re.fullmatch(r"[$#]\{(.*)\}", part.get("expression", "").strip(), re.DOTALL)
    inner = next((piece for piece in part.iter() if piece is not part and local(piece.tag) == "script"), None)
    text = expression[1] if expression else "".join(map(str, inner.itertext())) if inner is not None else ""
    translated = translate_script(text, "java") if text.strip() else None
    return translated if translated and "=" in translated else None


def _outdented(text: str) -> str:
    """The script without the indentation that the XML around it gave all of its lines."""
    lines = text.strip("\n").splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines).rstrip()


def _refuse(document: BpmnDocument, node: Element, part: Element, source: str, problem: str) -> None:
    document.note(
        "script-not-understood",
        "error",
        node,
        f"The {_what(part)} of {label(node)!r} cannot be executed. {problem}",
        "Write the script in Python, or draw what it does as a task.",
        before=source.strip(),
    )


def _name(document: BpmnDocument, node: Element, part: Element) -> None:
    written = next(_written(part), "")
    if not written:
        return
    document.note(
        "listener-not-run",
        "warning",
        node,
        f"The {_what(part)} of {label(node)!r} is code of another engine and is not run ({_markup(part)}).",
        "Draw what it does as a service task.",
        before=written,
    )


def _written(part: Element) -> Iterator[str]:
    if text := " ".join(str(text) for text in part.itertext()).strip():
        yield text
    yield from (part.get(name, "") for name in _WRITTEN_AS if part.get(name))


def _markup(part: Element) -> str:
    """What stands in the file: `camunda:executionListener start`."""
    name = f"{part.prefix}:{local(part.tag)}" if part.prefix else local(part.tag)
    return " ".join(filter(None, (name, part.get("event") or part.get("eventType"))))


def _what(part: Element) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local(part.tag)).lower()
