"""Normalisation: a global task that a call activity calls is a process with that one task (BPMN 2.0.2, 10.3.6)."""

from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, Element, children, label, own, remove, tag

_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def settle_global_tasks(document: BpmnDocument) -> None:
    """Each called global task becomes a process of its id; one that nothing calls is left alone."""
    called = {call.get("calledElement", "").rpartition(":")[2] for call in document.all("callActivity")}
    taken = {process.get("id", "") for process in document.processes()}
    for task in children(document.root, *_TASKS):
        if task.get("id", "") in called - taken:
            _wrap(document, task)


def _wrap(document: BpmnDocument, task: Element) -> None:
    process = etree.SubElement(document.root, tag("process"))
    process.set("id", task.get("id", ""))
    process.set("name", label(task))
    remove(task)
    task.tag = tag(_TASKS[etree.QName(task).localname])
    if "scriptLanguage" in task.attrib:
        task.set("scriptFormat", task.attrib.pop("scriptLanguage"))
    task.set(own("id"), task.get("id", ""))
    task.set("id", document.fresh_id("global"))
    process.append(task)
    start, end = document.add_node(process, "startEvent", near=task), document.add_node(process, "endEvent", near=task)
    document.add_flow(process, start, task)
    document.add_flow(process, task, end)
    document.note("global-task", "info", task, f"The global task {label(task)!r} runs as a process with this one task.")
