"""Normalisation: what ProcessMaker keeps as JSON in attributes, where it changes what happens and is not used here."""

from typing import Any

import orjson

from bpm.engine.bpmn.document import BpmnDocument, Element, children, event_definitions, label
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor
from bpm.foundation.texts import _

_ASKED = ("timeout", "retry_attempts", "retry_wait_time")


def read_processmaker_settings(document: BpmnDocument) -> None:
    """The start event at which a called process begins, and how often and how long a script may be tried."""
    for call in document.all("callActivity"):
        _read_call(document, call, _json(call, "config"))
    for task in document.all("scriptTask", "serviceTask"):
        said = _json(task, "errorHandling")
        limits = {name: str(said[name]) for name in _ASKED if str(said.get(name) or "0") not in ("0", "")}
        if limits:
            document.note(
                "setting-not-used",
                "warning",
                task,
                _("%(task)r sets %(limits)s, which is not used here: the job is tried as the settings say.")
                % {"task": label(task), "limits": ", ".join(f"{name} {value}" for name, value in limits.items())},
                _("Set the retries of its topic."),
                before=vendor(task, "errorHandling"),
            )


def _read_call(document: BpmnDocument, call: Element, said: dict[str, Any]) -> None:
    called, start = call.get("calledElement") or str(said.get("calledElement") or ""), str(said.get("startEvent") or "")
    if called:
        call.set("calledElement", called)
    if not start:
        return
    process = next((each for each in document.processes() if each.get("id") == called), None)
    plain = (
        [each for each in children(process, "startEvent") if not event_definitions(each)] if process is not None else []
    )
    if [each.get("id") for each in plain] == [start]:
        return
    document.note(
        "setting-not-used",
        "warning",
        call,
        _("%(call)r begins the called process at %(start)r; here it begins at its plain start event.")
        % {"call": label(call), "start": start},
        _("Give the called process one plain start event, or a process of its own."),
        before=start,
    )


def _json(element: Element, name: str) -> dict[str, Any]:
    """The object that ProcessMaker's attribute holds; empty where it holds none."""
    if not any("processmaker.com" in str(key) and str(key).endswith(f"}}{name}") for key in element.attrib):
        return {}
    try:
        found = orjson.loads(vendor(element, name) or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
