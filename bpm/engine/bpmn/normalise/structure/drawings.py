"""Normalisation: which processes of the file run, and which are drawings beside them."""

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, label, own, remove, tag


def make_executable(document: BpmnDocument) -> None:
    """A drawing beside a process that is none is displayed only; drawings alone are run, as an upload means to run.

    BPMN 2.0.2, table 10.1: `isExecutable` false, or left out, is no claim to run. A drawing that another process of the
    file calls is kept for that call, and never starts by itself.
    """
    processes = document.processes()
    document.meant_to_run = any(is_true(process.get("isExecutable")) for process in processes)
    drawings = [process for process in processes if process.get("isExecutable") == "false"]
    beside = len(drawings) < len(processes)
    called = _called(document, [process for process in processes if process not in drawings]) if beside else set()
    for process in drawings:
        if not beside:
            _note_run_all_the_same(document, process)
        elif process.get("id") in called:
            process.set(own("drawing"), "true")
            _note_drawing(document, process, "it never starts by itself and runs only where the file calls it.")
        else:
            _note_drawing(document, process, "it is displayed only, and nothing of it starts.")
            remove(process)
    for process in document.processes():
        if is_true(process.get("isExecutable")):
            process.set(own("marked"), "true")
        process.set("isExecutable", "true")


def _called(document: BpmnDocument, callers: list[Element]) -> set[str]:
    """Ids of the processes that these call, and those call in turn."""
    found: set[str] = set()
    while callers:
        calls = {call.get("calledElement", "") for caller in callers for call in caller.iter(tag("callActivity"))}
        new = {call.rpartition(":")[2] for call in calls} - found
        found |= new
        callers = [process for process in document.processes() if process.get("id") in new]
    return found


def _note_run_all_the_same(document: BpmnDocument, process: Element) -> None:
    document.note(
        "not-executable",
        "warning",
        process,
        f"The process {label(process)!r} is marked as not executable; it is run all the same.",
        "Set isExecutable to true in your modelling tool.",
        before='isExecutable="false"',
        after='isExecutable="true"',
    )


def _note_drawing(document: BpmnDocument, process: Element, what: str) -> None:
    document.note(
        "drawing-beside",
        "warning",
        process,
        f"The process {label(process)!r} is marked as not executable, beside one that is not: {what}",
        "Set isExecutable to true in your modelling tool if it is meant to run.",
    )
