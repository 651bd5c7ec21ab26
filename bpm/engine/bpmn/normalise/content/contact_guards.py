"""Normalisation: call guards that a model declares at the task that contacts a customer, in any vendor's spelling.

Read are properties (Camunda 7 and 8), task headers (Camunda 8), fields and attributes (Flowable, Activiti) and jBPM's
metaData of the name callGuard; `bpm.engine.rules.call_guards` says what they hold.
"""

from collections.abc import Iterator

from bpm.engine.bpmn.consumed import mark, mark_whole
from bpm.engine.bpmn.document import NODES, BpmnDocument, Element, child, kind, label, local, own
from bpm.engine.rules.call_guards import GuardMark, is_guard, read_guards
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_HOLDERS = frozenset({"property", "header", "field", "metaData"})
_VALUES = ("value", "stringValue")


def read_contact_guards(document: BpmnDocument) -> None:
    """Keep the guards of each user task; what is wrong is named at its element."""
    ids = {node.get("id", "") for node in document.nodes()}
    for node in document.nodes():
        written = list(_written(node))
        if not written:
            continue
        if kind(node) != "userTask":
            message = _("A call guard stands at %(name)r, which no person does.") % {"name": label(node)}
            remedy = _("Declare it at the user task of the contact.")
            document.note("guard-misplaced", "error", node, message, remedy)
            continue
        found: list[GuardMark] = []
        for text in written:
            try:
                found += read_guards(text)
            except InvalidInputError as error:
                message = f"{label(node)!r}: {error.message}"
                document.note("guard-unknown", "error", node, message, error.remedy, before=text)
        for guard in found:
            if guard.go_to and guard.go_to not in ids:
                told = {"name": label(node), "element": guard.go_to}
                message = _("%(name)r: its call guard leads to %(element)r, and there is no such element.") % told
                remedy = _("Give the id of a step of this file.")
                document.note("guard-leads-nowhere", "error", node, message, remedy)
        document.guards[node.get("id", "")] = list(dict.fromkeys(found))


def _written(node: Element) -> Iterator[str]:
    for key, value in node.attrib.items():
        name = str(key)
        if local(name) != name and not name.startswith(own("")) and is_guard(local(name)):
            mark(node, name)
            yield str(value)
    holder = child(node, "extensionElements")
    for part in holder.iter() if holder is not None else ():
        if not isinstance(part.tag, str) or kind(part) in NODES:
            continue
        if _is_declared(part):
            mark_whole(part)
            parent = part.getparent()
            if parent is not None and parent is not holder and all(_is_declared(each) for each in parent):
                mark(parent)
            yield _value(part)


def _is_declared(part: Element) -> bool:
    name = str(part.attrib.get("name") or part.attrib.get("key") or "")  # read without a mark: it may be another's
    return is_guard(local(part.tag)) or (local(part.tag) in _HOLDERS and is_guard(name))


def _value(part: Element) -> str:
    said = next((str(part.attrib[name]) for name in _VALUES if part.attrib.get(name)), None)
    return said if said is not None else " ".join("".join(map(str, part.itertext())).split())
