"""Normalisation: which form a user task has, by every vendor's key, found among the files that came with the model.

Sources: Camunda 7 "User Task Forms" (formKey, formRef; `embedded:`, `camunda-forms:`), Camunda 8 "User tasks"
(zeebe:formDefinition with formId, formKey or externalReference; zeebe:userTaskForm inside the process).
"""

import re

import orjson

from bpm.engine.bpmn.document import BpmnDocument, Element, kind, label, own, text_of
from bpm.engine.bpmn.normalise.content.expressions import computed, is_expression
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, vendor
from bpm.engine.forms.form_js import is_form_js
from bpm.engine.forms.given import as_schema

_PLACES = re.compile(r"(?:(?:embedded|camunda-forms|bpmn|app|deployment|[a-z]+):)+|^.*/")
_ENDINGS = re.compile(r"\.(?:json|form|xhtml|html|jsf)$")
_OF_ENGINE = re.compile(r"(?:embedded|camunda-forms|app|deployment|bpmn):|[$#]\{|=")
LONGEST = 1_000_000
"""Characters of a form that stands inside a model."""


def read_forms(document: BpmnDocument) -> None:
    """Form keys and references of user tasks and start events: e:form, which names a form that is there."""
    inside = _forms_inside(document)
    for task in document.all("userTask", "startEvent"):
        key = _key(task)
        if not key:
            continue
        if is_expression(key) and (after := computed(key)):
            task.set(own("formExpression"), after)
            document.executed(task, "form", key, after)
            continue
        name = _plain(key)
        if name in inside:
            document.forms[task.get("id", "")] = inside[name]
            task.set(own("form"), task.get("id", ""))
        elif (known := _given(document, key, name)) is not None:
            _set_given(document, task, known)
        elif _OF_ENGINE.match(key):
            _note_missing(document, task, key, name)
        else:
            task.set(own("form"), name)


def _set_given(document: BpmnDocument, task: Element, key: str) -> None:
    """A start finds its form by its own id."""
    task.set(own("form"), key)
    if kind(task) == "startEvent" and isinstance(form := document.given[key], dict):
        document.forms[task.get("id", "")] = form


def _key(task: Element) -> str:
    zeebe = next(extensions(task, "formDefinition"), None)
    key = vendor(task, "formKey") or vendor(task, "formRef")
    if zeebe is not None:
        key = key or zeebe.get("formId") or zeebe.get("externalReference") or zeebe.get("formKey") or ""
    for setting in extensions(task, "property"):
        if setting.get("name") in ("formJsonSchemaFilename", "formId"):
            key = key or setting.get("value", "")
    return key


def _plain(key: str) -> str:
    """The name of a form behind where an engine would look for it, and without the ending of its file."""
    return _ENDINGS.sub("", _PLACES.sub("", key)).rpartition("/")[2]


def _given(document: BpmnDocument, key: str, name: str) -> str | None:
    """The key of a form that came with the model: by its file's name, or by the id that stands in it."""
    for wanted in dict.fromkeys((key, name)):
        if wanted in document.given:
            return wanted
    by_id = (
        each for each, form in document.given.items() if isinstance(form, dict) and form.get("x-id") in (key, name)
    )
    return next(by_id, None)


def _note_missing(document: BpmnDocument, task: Element, key: str, name: str) -> None:
    document.note(
        "form-of-other-engine",
        "info",
        task,
        f"The form {key!r} of {label(task)!r} did not come with the model, or is a page of another engine; it is asked"
        " for what the model reads next instead.",
        f"Send {name}.form or {name}.json along, or a form with the task's id as its name.",
        before=key,
    )


def _forms_inside(document: BpmnDocument) -> dict[str, dict[str, object]]:
    """Forms that Camunda 8 keeps as JSON inside the process, by their id."""
    found: dict[str, dict[str, object]] = {}
    for process in document.processes():
        for part in extensions(process, "userTaskForm"):
            identity, text = part.get("id", ""), text_of(part)
            try:
                content = orjson.loads(text) if len(text) <= LONGEST else None
            except ValueError:
                content = None
            if is_form_js(content):
                found[identity] = as_schema(content)
                continue
            document.note(
                "form-not-schema",
                "warning",
                process,
                f"The form {identity!r} inside the process is no form that can be read; tasks that name it are asked"
                " for what the model reads next.",
                "Export the form again, and send it along as a .form file.",
            )
    return found
