"""Normalisation: conditions and other expressions in our language."""

import re
from contextlib import suppress

from lxml import etree

from bpm.engine.bpmn.document import (
    MAX_SHOWN,
    BpmnDocument,
    Element,
    child,
    kind,
    label,
    parent_of,
    remove,
    tag,
    text_of,
)
from bpm.engine.bpmn.normalise.content.events import wait_for_message
from bpm.engine.bpmn.normalise.foreign.external_code import condition_to_ask
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor
from bpm.engine.expressions.dialects import FreeTextError, PlaceholderError
from bpm.engine.expressions.foreign_code import (
    NoLanguageError,
    is_code,
    is_foreign_code,
    is_marked,
    is_spoken,
    plain_language,
    translate_code,
)
from bpm.engine.expressions.functions import UnknownCallError
from bpm.foundation.errors import ExpressionError

_LOOSE = "mvel"
"""Of the languages of code that are read here the one that converts what it compares."""


def translate_conditions(document: BpmnDocument) -> None:
    """Conditions of flows: translated; other engines' code is asked of a worker or refused; prose decides nothing."""
    default_language = document.root.get("expressionLanguage", "")
    default_language = default_language if re.search("mvel|feel", default_language, re.IGNORECASE) else ""
    for condition in document.all("conditionExpression"):
        language = condition.get("language") or default_language
        _translate_condition(document, parent_of(condition), condition, language)


def _translate_condition(document: BpmnDocument, flow: Element, condition: Element, language: str) -> None:
    text = text_of(condition)
    if not text and (file := vendor(condition, "resource")):
        # Camunda 7 keeps the code of a condition in another file, which is not part of what was sent.
        condition_to_ask(document, flow, condition, file, plain_language(language))
        return
    try:
        after = _coercing(document, text, language) or translate_code(text, use="condition", language=language)
    except UnknownCallError as error:
        condition_to_ask(document, flow, condition, text, error.called)
    except ExpressionError as error:
        _settle_unread(document, condition, text, language, error)
    else:
        _replace_text(condition, after)
        document.executed(flow, "condition", text, after)


def _coercing(document: BpmnDocument, text: str, language: str) -> str:
    """A condition of ProcessMaker that compares as PHP does, where a form's "1" is 1; "" for all else.

    Source: Symfony "The ExpressionLanguage Component", PHP "Comparison Operators" (`==` is loose).
    """
    if language or is_marked(text) or document.engine_of_people != "ProcessMaker":
        return ""
    with suppress(ExpressionError):
        return translate_code(text, use="condition", language=_LOOSE)
    return ""


def _settle_unread(
    document: BpmnDocument, condition: Element, text: str, language: str, error: ExpressionError
) -> None:
    """What could not be read: a worker's question, an error, or prose that decides nothing."""
    flow = parent_of(condition)
    if is_foreign_code(text, language):
        condition_to_ask(document, flow, condition, text, plain_language(language))
    elif not (document.meant_to_run or _says_a_language(language)) or isinstance(error, PlaceholderError):
        _drop_prose(document, flow, condition, text)
    elif is_marked(text) or (isinstance(error, FreeTextError) and not is_code(text)):
        _refuse(document, flow, "condition", text, error)
    else:
        _refuse(document, flow, "condition", text, NoLanguageError(text))


def _says_a_language(language: str) -> bool:
    """Whether the model says that the text is an expression: its language is one, and none that people speak."""
    return bool(language.strip()) and not is_spoken(language)


def _replace_text(element: Element, text: str) -> None:
    for part in list(element):
        element.remove(part)
    element.text = text


def _drop_prose(document: BpmnDocument, flow: Element, condition: Element, text: str) -> None:
    document.note(
        "condition-free-text",
        "warning",
        flow,
        f"The condition {text!r} of the flow {label(flow)!r} is a text for people; it decides nothing.",
        "Write an expression such as amount > 100, or let a user task ask for the decision.",
        before=text,
    )
    if not flow.get("name"):
        flow.set("name", text[:MAX_SHOWN])
    remove(condition)


def _refuse(document: BpmnDocument, element: Element, what: str, text: str, error: ExpressionError) -> None:
    owner = document.named(element)
    document.note(
        f"{what.replace(' ', '-')}-not-understood",
        "error",
        element,
        f"The {what} of {label(owner)!r} cannot be executed: {text!r}. {error.message}",
        error.remedy or "Write it with variables, comparisons, and/or/not; or compute a variable in an earlier task.",
        before=text,
    )


def translate_expressions(document: BpmnDocument) -> None:
    """All other expressions: loops, completion conditions, conditional events."""
    for what, name in (
        ("loop condition", "loopCondition"),
        ("cardinality", "loopCardinality"),
        ("completion condition", "completionCondition"),
        ("condition", "condition"),
        ("activation condition", "activationCondition"),
    ):
        for element in document.all(name):
            text = text_of(element)
            if not text:
                remove(element)
                continue
            try:
                after = translate_code(text, use="value", language=element.get("language", ""))
            except UnknownCallError as error:
                if kind(parent_of(element)) == "conditionalEventDefinition":
                    wait_for_message(document, parent_of(element), text)
                else:
                    _refuse(document, element, what, text, error)
                continue
            except ExpressionError as error:
                prose = isinstance(error, PlaceholderError) or (
                    isinstance(error, FreeTextError) and not document.meant_to_run
                )
                if prose and kind(parent_of(element)) == "conditionalEventDefinition":
                    remove(element)
                    continue
                _refuse(document, element, what, text, error)
                continue
            _replace_text(element, after)
            document.executed(element, what, text, after)
    for definition in document.all("conditionalEventDefinition"):
        if child(definition, "condition") is None:
            event = document.named(definition)
            etree.SubElement(definition, tag("condition")).text = "False"
            document.note(
                "condition-missing",
                "error" if document.meant_to_run else "warning",
                event,
                f"The conditional event {label(event)!r} has no condition; it never happens by itself.",
                "Write a condition such as amount > 100.",
            )
