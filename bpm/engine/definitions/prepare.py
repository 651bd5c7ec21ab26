"""From the bytes of an upload to a Prepared model: read, normalise, compile, and say everything there is to say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from bpm.engine import xml
from bpm.engine.bpmn import consumed, summary
from bpm.engine.bpmn.document import BpmnDocument, drawn_id, label, line_of, own, parent_of
from bpm.engine.bpmn.layout import note_missing_shapes
from bpm.engine.bpmn.model import Compiled, Prepared
from bpm.engine.bpmn.normalise.content.decisions import put_in_rules
from bpm.engine.bpmn.normalise.passes import normalise
from bpm.engine.decisions import as_text, read_files
from bpm.engine.findings import Finding
from bpm.engine.spiff import execution, unsupported
from bpm.foundation.errors import EarshotError, RefusedError

_ORDER = {"error": 0, "warning": 1, "info": 2}


def prepare(
    source: bytes,
    file_name: str,
    *,
    others: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    forms: Mapping[str, Any] | None = None,
) -> Prepared:
    """Check an upload and make it executable; pure, problems are findings and nothing is raised for bad input.

    `others` holds executables of called processes by process id. A called process that is neither there nor in the
    file is a warning: it is bound by its id when an instance reaches it. `decisions` holds DMN files by name, `forms`
    the JSON Schemas that came with it.
    """
    try:
        root = xml.read(source)
    except RefusedError as error:
        return Prepared(source=source, file_name=file_name, findings=tuple(error.findings))
    consumed.record(root)
    rules = read_files(decisions or {})
    told = [*rules.findings, *note_missing_shapes(root)]
    document = BpmnDocument(root, findings=told, decisions=rules.decisions, given=forms or {})
    if xml.is_misnamed(source, root):
        message = "The file calls itself UTF-8, but its letters are Windows-1252; it was read as that."
        document.note("encoding-corrected", "info", None, message, "Check names with accents or umlauts.")
    try:
        normalise(document)
    except Exception as error:  # noqa: BLE001 -- a gap in our reading is told to the designer, never raised
        message = f"The model cannot be read ({type(error).__name__}: {error})."
        document.note(
            "not-readable", "error", None, message, "Export it again; if that does not help, send us the file."
        )
        return Prepared(source=source, file_name=file_name, findings=tuple(document.findings))
    put_in_rules(document)
    executable = etree.tostring(document.root, xml_declaration=True, encoding="UTF-8")
    found = summary.processes(document)
    primary = summary.primary(document, found)
    _note_missing_callees(document, others or {})
    document.findings.extend(_on_drawn_elements(document, _unsaid(document, unsupported.refusals(document.root))))
    compiled = _compiled(document, executable, primary, others or {})
    return Prepared(
        source=source,
        file_name=file_name,
        findings=tuple(sorted(document.findings, key=lambda finding: (_ORDER[finding.severity], finding.line))),
        executable=executable,
        processes=found,
        primary=primary,
        elements=summary.elements(document),
        messages=tuple(dict.fromkeys(summary.names(document, "message").values())),
        signals=tuple(dict.fromkeys(summary.names(document, "signal").values())),
        topics=summary.topics(document),
        compiled=compiled,
        extra={"forms": {**document.forms, **document.suggested}},
        decisions={name: as_text(content) for name, content in (decisions or {}).items()},
    )


def _note_missing_callees(document: BpmnDocument, others: Mapping[str, bytes]) -> None:
    known = {process.get("id") for process in document.processes()} | set(others)
    for call in document.all("callActivity"):
        called = call.get("calledElement")
        if called and called not in known:
            document.note(
                "callee-missing",
                "warning",
                call,
                f"The called process {called!r} is not in the file; it is looked up when an instance gets there.",
                f"Deploy a process with the id {called!r} before.",
            )


_SAID = {
    "not-executed-computed-name": "event-name-computed",
    "multi-instance-without-number": "collection-not-understood",
}
"""What follows from a problem that has been told, and which."""


def _unsaid(document: BpmnDocument, findings: list[Finding]) -> list[Finding]:
    told = {finding.code for finding in document.findings}
    return [finding for finding in findings if _SAID.get(finding.code) not in told]


def _on_drawn_elements(document: BpmnDocument, findings: list[Finding]) -> list[Finding]:
    """Findings about elements that we added, moved to the drawn element for whose sake they are there."""
    moved = []
    nodes = {node.get("id", ""): node for node in document.nodes()} if findings else {}
    for finding in findings:
        node = nodes.get(finding.element)
        if node is None or not node.get(own("synthetic")):
            moved.append(finding)
            continue
        meant = nodes.get(node.get(own("for"), ""), parent_of(node))
        moved.append(replace(finding, element=drawn_id(meant), name=label(meant), line=line_of(meant)))
    return moved


def _compiled(document: BpmnDocument, executable: bytes, primary: str, others: Mapping[str, bytes]) -> Compiled | None:
    """The specs of all processes of the file; None when something stands against running it."""
    if any(finding.severity == "error" for finding in document.findings):
        return None
    try:
        return execution.compile_model(executable, primary, others=others)
    except EarshotError as error:
        message, place = error.message, error.place
        remedy = error.remedy or "Draw the element in another way."
    except RecursionError:
        message, place = "The chain of elements is too long to be compiled.", ""
        remedy = "Move parts of it into processes of their own and call them."
    except Exception as error:  # noqa: BLE001 -- whatever the library cannot parse is told, never raised
        message, place = f"The model cannot be compiled ({type(error).__name__}: {error}).", ""
        remedy = "Simplify the model step by step to find the element."
    element = next((node for node in document.nodes() if place and place in (node.get("id"), drawn_id(node))), None)
    document.note("not-compilable", "error", element, message, remedy)
    return None
