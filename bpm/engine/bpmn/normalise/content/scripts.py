"""Normalisation: script tasks in the Python subset; what is written in another language is a job or refused."""

import re

from lxml import etree

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, child, label, local, own, tag
from bpm.engine.bpmn.normalise.content.expressions import is_expression
from bpm.engine.bpmn.normalise.content.topics import note_local_result, set_topic
from bpm.engine.bpmn.normalise.foreign.external_code import script_as_job
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, is_flowable, is_jbpm, vendor
from bpm.engine.expressions.dialects import translate
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.scripts import check_script, is_foreign, translate_script
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _


def read_scripts(document: BpmnDocument) -> None:
    """Python runs; trivial assignments of other languages are translated; the rest of theirs is a job for a worker."""
    for task in [task for task in document.all("scriptTask") if not task.get(own("valueExpression"))]:
        script = child(task, "script")
        language, source = task.get("scriptFormat", ""), _source(script)
        if _is_one_expression(document, task, source, language):
            continue
        if next(extensions(task, "taskDefinition"), None) is not None and not source.strip():
            task.tag = tag("serviceTask")
            set_topic(document, task, next(extensions(task, "taskDefinition")).get("type", ""))
            continue
        after = _translated(document, task, source, language)
        problem = check_script(after if after is not None else source, "python" if after is not None else language)
        if vendor(task, "resource"):
            problem = f"The script is in another file, {vendor(task, 'resource')!r}."
        if problem and not language:
            language = _default_language(document)
        if problem and is_foreign(language):
            script_as_job(document, task, source, language)
            continue
        if problem:
            _refuse(document, task, source, problem)
            continue
        _set_script(task, after if after is not None else source)
        if not (source if after is None else after.replace("pass", "")).strip():
            _note_empty(document, task)
        elif after is not None and after.strip() != source.strip():
            _note_translated(document, task, source)


def _translated(document: BpmnDocument, task: Element, source: str, language: str) -> str | None:
    """As `translate_script`; Flowable and Activiti keep a script's own variables by `autoStoreVariables` alone."""
    stores = is_true(vendor(task, "autoStoreVariables"))
    every = translate_script(source, language)
    if every is None or not is_foreign(language) or stores or not is_flowable(document.root):
        return every
    given = translate_script(source, language, keeps_own=False)
    if given != every:
        document.note(
            "script-variables-own",
            "warning",
            task,
            _("The script of %(task)r sets variables that stay its own: it does not say autoStoreVariables.")
            % {"task": label(task)},
            _("Write execution.setVariable('name', value), or set autoStoreVariables."),
            before=source.strip(),
        )
    return given


_SETS = re.compile(
    r"[$#]\{\s*execution\.setVariable\(\s*(['\"])(?P<name>[^\W\d_]\w*)\1\s*,(?P<value>.+)\)\s*\}", re.DOTALL
)


def read_setting_tasks(document: BpmnDocument) -> None:
    """A service task whose expression only sets a variable of the instance does so inside the step."""
    for task in document.all("serviceTask", "sendTask"):
        said = {local(key): str(value).strip() for key, value in task.attrib.items() if str(key) != local(key)}
        sets = _SETS.fullmatch(said.get("expression", ""))
        if sets is None or said.keys() & {"type", "topic", "class", "resultVariable", "resultVariableName"}:
            continue
        written = f"${{{sets['value'].strip()}}}"
        try:
            translate(written, use="value")
        except ExpressionError:
            continue
        task.tag = tag("scriptTask")
        vendor(task, "expression")
        _run_expression(document, task, written, sets["name"])


def read_computing_tasks(document: BpmnDocument) -> None:
    """A service task whose expression only computes the value of its result variable does so inside the step."""
    for task in document.all("serviceTask", "sendTask", "businessRuleTask"):
        said = {local(key): str(value).strip() for key, value in task.attrib.items() if str(key) != local(key)}
        text, result = said.get("expression", ""), said.get("resultVariable") or said.get("resultVariableName", "")
        if not result or said.keys() & {"type", "topic", "class"}:
            continue
        try:
            translate(text, use="value")
        except ExpressionError:
            continue
        if is_expression(text):
            task.tag = tag("scriptTask")
            vendor(task, "expression")
            note_local_result(task)
            _run_expression(document, task, text, vendor(task, "resultVariable") or vendor(task, "resultVariableName"))


def _default_language(document: BpmnDocument) -> str:
    """jBPM's scripts are Java where they do not say what they are."""
    return "http://www.java.com/java" if is_jbpm(document.root) else ""


def _source(script: Element | None) -> str:
    return "" if script is None else "".join([script.text or "", *(part.tail or "" for part in script)])


def _set_script(task: Element, source: str) -> None:
    script = child(task, "script")
    if script is None:
        script = etree.SubElement(task, tag("script"))
    for part in list(script):
        script.remove(part)
    script.text = source
    task.set("scriptFormat", "python")


_EXPRESSIONS = re.compile(r"feel|\bj?uel\b", re.IGNORECASE)
"""Script languages in which a whole script is one expression."""


def _is_one_expression(document: BpmnDocument, task: Element, source: str, language: str) -> bool:
    """Whether the script was settled as the one expression that it is: Zeebe's, or one in FEEL or JUEL."""
    if source.strip():
        return bool(_EXPRESSIONS.search(language)) and _run_script(document, task, source, language)
    zeebe = next(extensions(task, "script"), None)
    if zeebe is None or not zeebe.get("expression"):
        return False
    _run_expression(document, task, zeebe.get("expression", ""), zeebe.get("resultVariable") or "result")
    return True


def _run_script(document: BpmnDocument, task: Element, source: str, language: str) -> bool:
    """A script in FEEL or JUEL; False where it is JUEL that calls another engine's code."""
    result = vendor(task, "resultVariable")
    try:
        translate(source, use="value", language=language)
    except UnknownCallError:
        return False
    except ExpressionError as error:
        _refuse(document, task, source, error.message)
        return True
    if not result:
        document.note(
            "script-empty",
            "warning",
            task,
            f"The script of {label(task)!r} is one expression, and no variable takes its value: it does nothing.",
            "Name a result variable.",
            before=source.strip(),
        )
    _run_expression(document, task, source.strip(), result, language=language)
    return True


def _run_expression(document: BpmnDocument, task: Element, written: str, result: str, *, language: str = "") -> None:
    """An expression as a script is worked out inside the step, in its own language; nothing is left to a worker."""
    try:
        after = translate(written, use="value", language=language)
    except ExpressionError as error:
        _refuse(document, task, written, error.message)
        return
    script = child(task, "script")
    if script is not None:
        task.remove(script)
    task.set(own("valueExpression"), after)
    if result:
        task.set(own("resultVariable"), result)
    document.executed(task, "script", written, after)


def _refuse(document: BpmnDocument, task: Element, source: str, problem: str) -> None:
    document.note(
        "script-not-understood",
        "error",
        task,
        f"The script of {label(task)!r} cannot be executed. {problem}",
        "Make it a service task with a topic, or write the script in Python.",
        before=source.strip(),
    )


def _note_empty(document: BpmnDocument, task: Element) -> None:
    document.note(
        "script-empty",
        "warning",
        task,
        f"The script of {label(task)!r} does nothing here: it is empty, only prints or only declares functions.",
        "Write the script in Python, or make it a service task.",
    )


def _note_translated(document: BpmnDocument, task: Element, source: str) -> None:
    document.note(
        "script-translated",
        "info",
        task,
        f"The script of {label(task)!r} only assigns values to variables; this is what is done, whatever its language.",
        before=source.strip(),
    )
    document.executed(task, "script", source.strip(), source.strip())
